//! `onboardctl history`: what was released.

mod show;

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::release::history;

/// What was released: when, by whom, from which commit, with which result.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl history\n  onboardctl history show 0193",
    args_conflicts_with_subcommands = true
)]
pub struct Args {
    /// How many, newest first.
    #[arg(short = 'n', long, default_value_t = 20, value_name = "COUNT")]
    limit: usize,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What to do with it.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// One release, with everything that was there before and after it.
    Show(show::Args),
}

impl Args {
    /// The kind of the command's report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            None => "history",
            Some(Verb::Show(_)) => "release",
        }
    }
}

/// Runs the command.
///
/// # Errors
/// The release table cannot be read, or the release does not exist.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match args.verb {
        Some(Verb::Show(args)) => show::run(args, context, output).await,
        None => {
            output.report(&history::history(context, args.limit.clamp(1, 1000)).await?)?;
            Ok(Exit::Done)
        }
    }
}
