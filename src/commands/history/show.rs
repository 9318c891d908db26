//! `onboardctl history show ID`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::release::history;

/// One release, with everything that was there before and after it.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl history show 0193\n  onboardctl history show 0193 -o json")]
pub struct Args {
    /// The release's id, or as much of its beginning as tells it from the others.
    id: String,
}

/// Runs the command.
///
/// # Errors
/// The release does not exist, or the table cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&history::show(context, &args.id).await?)?;
    Ok(Exit::Done)
}
