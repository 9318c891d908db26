//! `onboardctl local fault clear [ID]`.

use crate::context::Context;
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Removes one fault, or all. A broker that stood still goes on.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl local fault clear\n  onboardctl local fault clear f2\n  onboardctl local fault clear --dry-run"
)]
pub struct Args {
    /// The fault, as `local fault list` shows it; without it all are removed.
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// The platform does not run, or has no such fault.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let settings = super::super::settings(context)?;
    let changes = super::may_change(context, "cleared")?;
    output.report(&local::clear_faults(&settings, args.id.as_deref(), !changes).await?)?;
    Ok(Exit::Done)
}
