//! `onboardctl topics list`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::topics;

/// Lists the catalogue's topics with their consumers' lag. Lag comes from the brokers; where they cannot be reached, or
/// a group has never committed, it is `-`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl topics list\n  onboardctl topics list --env dev -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// The topics cannot be read.
pub async fn run(_args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&topics::list(context).await?)?;
    Ok(Exit::Done)
}
