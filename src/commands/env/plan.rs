//! `onboardctl env plan`.

use super::Selection;
use crate::context::Context;
use crate::exit::Exit;
use crate::functions::{self, EnvPlanReport};
use crate::output::Output;

/// Says what a sync would do. Changes nothing.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl env plan --env dev\n  onboardctl env plan --exit-code")]
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
/// The functions cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let report = EnvPlanReport(functions::plan(context, &args.selection.options()).await?);
    output.report(&report)?;
    Ok(if args.exit_code && report.0.changes() { Exit::Differences } else { Exit::Done })
}
