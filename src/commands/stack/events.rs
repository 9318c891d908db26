//! `onboardctl stack events`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::stack;

/// What happened last, oldest first.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl stack events --env dev\n  onboardctl stack events --last 200 -o json")]
pub struct Args {
    /// How many events.
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    last: usize,
}

/// Runs the command.
///
/// # Errors
/// A stack's events cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    output.report(&stack::recent_events(context, args.last).await?)?;
    Ok(Exit::Done)
}
