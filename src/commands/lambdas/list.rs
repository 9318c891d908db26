//! `onboardctl lambdas list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::functions;
use crate::output::Output;

/// Lists the catalogue's functions: the version that takes traffic, its state, and the state of what feeds it.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl lambdas list\n  onboardctl lambdas list --only consumer -o wide")]
pub struct Args {
    /// Only this function; once for each. A catalogue key, a short name or a physical name.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// The functions cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&functions::list(context, &args.only).await?)?;
    Ok(Exit::Done)
}
