//! `onboardctl status`: the whole environment on one screen.

use crate::context::Context;
use crate::exit::Exit;
use crate::local::{self, LocalSettings};
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
    let report = status::status(context, platform(context).await).await;
    output.report(&report)?;
    Ok(Exit::Done)
}

/// The platform on this computer, where the environment is one.
async fn platform(context: &Context) -> Vec<PlatformLine> {
    if context.settings.environment.entry.connection.is_none() {
        return Vec::new();
    }
    let line =
        |part: &str, state: &str, detail: String| PlatformLine { part: part.into(), state: state.into(), detail };
    match local::status(&LocalSettings::of(&context.settings)).await {
        Ok(found) if found.parts.is_empty() => vec![line("platform", &found.state, found.state_dir)],
        Ok(found) => found.parts.iter().map(|part| line(&part.part, &part.state, part.addresses.join(", "))).collect(),
        Err(error) => vec![line("platform", "unknown", format!("{error:#}"))],
    }
}
