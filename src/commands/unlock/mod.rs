//! `onboardctl unlock ID`: takes the environment's lock away from a run.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::release::unlock;

/// Takes the environment's lock away from a run that is known to be dead.
///
/// A lock whose holder died falls by itself after its term (30 s), so this is rarely needed. A holder that is alive
/// notices at its next renewal that the lock is gone and stops. The id is that of the lock's release: `status` and the
/// message of a run that found the lock taken both name it.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl unlock 01939f3e-7d5c-7c51-9d7e-2f8f5b7e4c11")]
pub struct Args {
    /// The holder's id.
    id: String,
}

/// Runs the command.
///
/// # Errors
/// The id does not hold the lock, or the person declined.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let row = unlock::find(context, &args.id).await?;
    if context.settings.dry_run {
        output.report(&unlock::UnlockReport::of(row, false))?;
        return Ok(Exit::Done);
    }
    context.guard_change().await?;
    let report = unlock::take_away(context, row).await?;
    output.report(&report)?;
    Ok(Exit::Done)
}
