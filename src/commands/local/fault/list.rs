//! `onboardctl local fault list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Shows the faults there are, how often each struck and what is left of it.
///
/// A fault that is spent or over stays in the list until it is cleared, so that its strikes can be counted.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl local fault list\n  onboardctl local fault list -o wide\n  onboardctl local fault list -o json"
)]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The platform does not run.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&local::faults(&super::super::settings(context)?).await?)?;
    Ok(Exit::Done)
}
