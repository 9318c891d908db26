//! `onboardctl local reset`.

use crate::catalogue::Confirm;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Stops the platform on this computer and removes its state: data, topics, logs, passwords, ports.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl local reset")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// `E-LOCAL-…`, or the environment wants a confirmation that was not given.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let settings = super::settings(context)?;
    if !super::may_change(context, output, "removed").await? {
        return Ok(Exit::Done);
    }
    let name = context.environment_name();
    // It deletes data, so an environment that asks at all wants its name here.
    if context.settings.environment.entry.confirm != Confirm::Never && context.settings.confirm.as_deref() != Some(name)
    {
        let failure =
            Failure::new(&codes::DECLINED, format!("the data of {name} is only removed when it is confirmed"));
        return Err(failure.fix(format!("onboardctl local reset --confirm {name}")).into());
    }
    output.report(&local::reset(&settings, &context.events, &context.cancel).await?)?;
    Ok(Exit::Done)
}
