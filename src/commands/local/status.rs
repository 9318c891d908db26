//! `onboardctl local status`.

use crate::context::Context;
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Shows what runs.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl local status\n  onboardctl local status -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The state folder cannot be read.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&local::status(&super::settings(context)?).await?)?;
    Ok(Exit::Done)
}
