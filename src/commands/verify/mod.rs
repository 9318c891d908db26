//! `onboardctl verify`: proves the platform end to end.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::verify;

/// Proves the platform end to end: submits a synthetic customer and looks at every station, with its time.
///
/// Opens a WebSocket with a ticket, submits a customer through the site, and checks the API's answer, the outbox, the
/// record on the topic, the consumer, the tables, the alert topic, the audit log, and the push to this customer and to
/// nobody else; the later tiles in the same way; that compliance hears of a customer whom somebody has to look at; then
/// that invalid input is refused and lands on workflow-errors only. Everything it makes it removes again. Ends with exit
/// code 6 when a step failed; what could not be looked at is `unknown` and by itself no failure: `unknown` in the JSON
/// counts such steps.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl verify\n  onboardctl verify -e dev -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The environment is not deployed, or the run was interrupted.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let report = verify::run(context).await?;
    match report.failure(context.environment_name()) {
        Some(failure) => output.report_failure(&report, &failure.into()),
        None => output.report(&report).map(|()| Exit::Done),
    }
}
