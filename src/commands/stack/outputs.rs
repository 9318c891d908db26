//! `onboardctl stack outputs`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::stack::{self, StackOutputsReport};

/// The outputs of every stack, merged.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl stack outputs\n  onboardctl stack outputs -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// A stack cannot be read.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&StackOutputsReport { outputs: stack::outputs(context).await? })?;
    Ok(Exit::Done)
}
