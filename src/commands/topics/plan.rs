//! `onboardctl topics plan`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::topics::{self, Rules};

/// Compares the cluster's topics with the catalogue and says what would change. Changes nothing.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl topics plan --env dev\n  onboardctl topics plan --exit-code")]
pub struct Args {
    /// Plans for more partitions too, although keys then map to other ones.
    #[arg(long)]
    allow_repartition: bool,
    /// Ends with 5 when there are differences.
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
///
/// # Errors
/// The topics cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let plan = topics::plan(context, Rules { allow_repartition: args.allow_repartition }).await?;
    output.report(&plan.report())?;
    Ok(if args.exit_code && !plan.is_empty() { Exit::Differences } else { Exit::Done })
}
