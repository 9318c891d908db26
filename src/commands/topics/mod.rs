//! `onboardctl topics`: the topics of an environment.

pub mod create;
pub mod list;
pub mod plan;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Output, Report};
use crate::topics;

/// The topics of an environment.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl topics plan\n  onboardctl topics create --env dev\n  onboardctl topics list"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What is done with them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// What would change, topic by topic and value by value.
    Plan(plan::Args),
    /// Makes the topics what the catalogue says.
    #[command(alias = "apply")]
    Create(create::Args),
    /// Shape, retention, and who reads them how far behind.
    List(list::Args),
}

impl Args {
    /// The kind of the report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Plan(_) | Verb::Create(_) => topics::TopicsPlanReport::KIND,
            Verb::List(_) => topics::TopicsReport::KIND,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// The verb's own.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match args.verb {
        Verb::Plan(args) => plan::run(args, context, output).await,
        Verb::Create(args) => create::run(args, context, output).await,
        Verb::List(args) => list::run(args, context, output).await,
    }
}
