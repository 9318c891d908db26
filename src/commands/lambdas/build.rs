//! `onboardctl lambdas build`.

use crate::context::Context;
use crate::exit::Exit;
use crate::functions;
use crate::output::Output;

/// Builds every function in one cargo run, in the environment's profile and for its target, checks the executables and
/// zips them. The same source and toolchain give the same bytes.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl lambdas build\n  onboardctl lambdas build --only consumer --env dev")]
pub struct Args {
    /// Only this function; once for each. A catalogue key, a short name or a physical name.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// Cargo fails, or an executable does not run where it would be sent.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&functions::build(context, &args.only).await?)?;
    Ok(Exit::Done)
}
