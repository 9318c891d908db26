//! `onboardctl local fault`: faults of the platform on this computer.

pub mod add;
pub mod clear;
pub mod list;
mod render;

use clap::Subcommand;

use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::local::{FaultClearReport, FaultReport, FaultsReport};
use crate::output::{Output, Report};

/// Faults of the platform on this computer: calls that are throttled, fail, come late or lose their answer, functions
/// that are killed, batches that come twice, a broker that stands still, a resource that cannot be made.
///
/// They live as long as the platform runs: after a stop or a restart there are none.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl local fault add throttle dynamodb:TransactWriteItems --count 3\n  onboardctl local fault list\n  onboardctl local fault clear"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What is done with them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Adds a fault.
    Add(Box<add::Args>),
    /// The faults there are, how often each struck and what is left of it.
    List(list::Args),
    /// Removes one fault, or all.
    Clear(clear::Args),
}

impl Args {
    /// The kind of the report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Add(_) => FaultReport::KIND,
            Verb::List(_) => FaultsReport::KIND,
            Verb::Clear(_) => FaultClearReport::KIND,
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// See the verbs.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match args.verb {
        Verb::Add(args) => add::run(*args, context, output).await,
        Verb::List(args) => list::run(args, context, output).await,
        Verb::Clear(args) => clear::run(args, context, output).await,
    }
}

/// Whether the command may change the faults; `--dry-run` shows what it would change.
fn may_change(context: &Context, what: &str) -> anyhow::Result<bool> {
    if context.settings.read_only {
        return Err(Failure::new(&codes::WRITE_REFUSED, format!("--read-only is on: nothing was {what}")).into());
    }
    if context.settings.dry_run {
        context.events.warn(format!("--dry-run is on: nothing was {what}"));
    }
    Ok(!context.settings.dry_run)
}
