//! `onboardctl stack status`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::stack;

/// The state of every stack; `unknown` where it cannot be read.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl stack status --env dev")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The environment cannot be reached at all.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&stack::status(context).await?)?;
    Ok(Exit::Done)
}
