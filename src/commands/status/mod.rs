//! `onboardctl status`: the whole environment on one screen.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::status::{self, PlatformLine};

/// The whole environment on one screen: stacks, functions, topics and lag, alarms, site, lock.
///
/// Everything is only read. What cannot be read within its time is shown as unknown, with the reason.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl status\n  onboardctl status -e dev -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The report cannot be written.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let report = status::status(context, platform(context)).await;
    output.report(&report)?;
    Ok(Exit::Done)
}

/// The platform on this computer, where the environment is one.
fn platform(_context: &Context) -> Vec<PlatformLine> {
    Vec::new()
}
