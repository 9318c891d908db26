//! `onboardctl stack`: the CloudFormation stacks of an environment.

pub mod events;
pub mod output;
pub mod outputs;
pub mod plan;
pub mod status;
pub mod up;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Output, Report};
use crate::stack;

/// The CloudFormation stacks of an environment.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl stack plan\n  onboardctl stack up --env dev\n  onboardctl stack output HttpApiUrl"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What is done with them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// What would change, resource by resource.
    Plan(plan::Args),
    /// Brings the stacks to what the templates and the catalogue say.
    Up(up::Args),
    /// The state of every stack.
    Status(status::Args),
    /// The outputs of every stack.
    Outputs(outputs::Args),
    /// The bare value of one output.
    Output(output::Args),
    /// What happened last, oldest first.
    Events(events::Args),
}

impl Args {
    /// The kind of the report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Plan(_) => stack::StackPlanReport::KIND,
            Verb::Up(_) => stack::StackUpReport::KIND,
            Verb::Status(_) => stack::StackStatusReport::KIND,
            Verb::Outputs(_) => stack::StackOutputsReport::KIND,
            Verb::Output(_) => stack::StackOutputReport::KIND,
            Verb::Events(_) => stack::StackEventsReport::KIND,
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
        Verb::Up(args) => up::run(args, context, output).await,
        Verb::Status(args) => status::run(args, context, output).await,
        Verb::Outputs(args) => outputs::run(args, context, output).await,
        Verb::Output(args) => output::run(args, context, output).await,
        Verb::Events(args) => events::run(args, context, output).await,
    }
}
