//! `onboardctl local stop`.

use crate::context::Context;
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Ends the platform on this computer; its state stays.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl local stop")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// `E-LOCAL-…`.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let settings = super::settings(context)?;
    if !super::may_change(context, output, "stopped").await? {
        return Ok(Exit::Done);
    }
    output.report(&local::stop(&settings, &context.events, &context.cancel).await?)?;
    Ok(Exit::Done)
}
