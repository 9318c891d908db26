//! `onboardctl env diff`.

use super::Selection;
use crate::context::Context;
use crate::environment::KeyState;
use crate::exit::Exit;
use crate::functions;
use crate::output::Output;

/// Compares the variables that are wanted with those that live traffic sees. Values show as tokens: equal values have
/// equal tokens, and nothing is revealed.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl env diff\n  onboardctl env diff --only consumer --exit-code")]
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
    let report = functions::diff(context, &args.selection.only).await?;
    output.report(&report)?;
    let mut states = report.functions.iter().flat_map(|function| &function.keys).map(|key| key.state);
    let differs = states.any(|state| !matches!(state, KeyState::Same | KeyState::Foreign));
    Ok(if args.exit_code && differs { Exit::Differences } else { Exit::Done })
}
