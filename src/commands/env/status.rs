//! `onboardctl env status`.

use super::Selection;
use crate::context::Context;
use crate::exit::Exit;
use crate::functions;
use crate::output::Output;

/// Names per function the variables that live traffic does not see as they are wanted, and those that were set and never
/// published.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl env status\n  onboardctl env status --exit-code")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,
    /// Ends with 5 when a function is behind.
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
///
/// # Errors
/// The functions cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let report = functions::status(context, &args.selection.only).await?;
    output.report(&report)?;
    Ok(if args.exit_code && report.behind > 0 { Exit::Differences } else { Exit::Done })
}
