//! `onboardctl lambdas plan`.

use super::Selection;
use crate::context::Context;
use crate::exit::Exit;
use crate::functions;
use crate::output::Output;

/// Builds, compares every function with what is there and says what a deployment would do. Changes nothing.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl lambdas plan\n  onboardctl lambdas plan --only consumer --exit-code")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,
    /// Ends with 5 when there are differences.
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
///
/// # Errors
/// Cargo fails, or the functions cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let report = functions::plan(context, &args.selection.options()).await?;
    output.report(&report)?;
    Ok(if args.exit_code && report.changes() { Exit::Differences } else { Exit::Done })
}
