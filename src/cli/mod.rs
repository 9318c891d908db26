//! The command tree and the global flags. Wiring a command: add it to [`Command`], to [`Command::kind`] and to
//! `dispatch`; add its report to `commands/schema`.

mod globals;
mod run;
mod summary;

use clap::{Parser, Subcommand};

pub use globals::{Globals, duration};
pub use run::run;

use crate::commands;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Output, Report};

/// Deploys and operates the `OnboardAI` platform, on AWS and on this computer.
#[derive(Debug, Parser)]
#[command(
    name = "onboardctl",
    version,
    about = "Deploys and operates the OnboardAI platform, on AWS and on this computer",
    max_term_width = 100,
    subcommand_required = false,
    disable_help_subcommand = true,
    before_help = "Examples:\n  onboardctl up\n  onboardctl status --env dev\n  onboardctl stack plan --env dev --exit-code\n  onboardctl explain E-AWS-001"
)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub globals: Globals,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The nouns and verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Brings the whole platform up and proves it.
    Up(commands::up::Args),
    /// Takes the platform down and keeps its data.
    Down(commands::down::Args),
    /// The whole environment on one screen.
    Status(commands::status::Args),
    /// The platform on this computer.
    #[command(
        subcommand,
        before_help = "Examples:\n  onboardctl local start\n  onboardctl local logs kafka -f\n  onboardctl local fault list"
    )]
    Local(commands::local::Command),
    /// The CloudFormation stacks: plan, up, status, outputs, events.
    Stack(commands::stack::Args),
    /// The topics: plan, create, list.
    Topics(commands::topics::Args),
    /// The functions: build, plan, deploy, list.
    Lambdas(commands::lambdas::Args),
    /// The functions' variables: plan, sync, diff, status.
    Env(commands::env::Args),
    /// Proves the platform end to end: a synthetic customer, every station, with its time.
    Verify(commands::verify::Args),
    /// What was released: when, by whom, from which commit, with which result.
    History(commands::history::Args),
    /// Takes the environment's lock away from a run that is known to be dead.
    Unlock(commands::unlock::Args),
    /// The catalogue and the settings: what holds, where it comes from, whether it is right.
    Config(commands::config::Args),
    /// What an error code means, what causes it and what to do; works offline.
    Explain(commands::explain::Args),
    /// The JSON Schema of a report.
    Schema(commands::schema::Args),
    /// Shell completions.
    Completions(commands::completions::Args),
    /// The manual page.
    Man(commands::man::Args),
}

impl Command {
    /// The kind of the command's report, for an error that leaves none.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Up(_) => "up",
            Self::Down(_) => "down",
            Self::Status(_) => "status",
            Self::Local(command) => command.kind(),
            Self::Stack(args) => args.kind(),
            Self::Topics(args) => args.kind(),
            Self::Lambdas(args) => args.kind(),
            Self::Env(args) => args.kind(),
            Self::Verify(_) => "verify",
            Self::History(args) => args.kind(),
            Self::Unlock(_) => "unlock",
            Self::Config(args) => args.kind(),
            Self::Explain(_) => "explain",
            Self::Schema(_) => commands::schema::SchemaReport::KIND,
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

/// Commands that need no settings: they work offline, in an empty folder and with a broken catalogue.
fn dispatch_offline(command: &Command, globals: &Globals, output: &Output) -> Option<anyhow::Result<Exit>> {
    Some(match command {
        Command::Config(args) => return args.run_offline(globals, output),
        Command::Explain(args) => commands::explain::run(args, output),
        Command::Schema(args) => commands::schema::run(args, output),
        Command::Completions(args) => commands::completions::run(args, output),
        Command::Man(args) => commands::man::run(args, output),
        Command::Local(commands::local::Command::Supervise(args)) => commands::local::supervise::run(args),
        _ => return None,
    })
}

/// Everything else.
async fn dispatch(command: Command, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match command {
        Command::Up(args) => Box::pin(commands::up::run(args, context, output)).await,
        Command::Down(args) => Box::pin(commands::down::run(args, context, output)).await,
        Command::Status(args) => Box::pin(commands::status::run(args, context, output)).await,
        Command::Local(command) => Box::pin(commands::local::run(command, context, output)).await,
        Command::Stack(args) => Box::pin(commands::stack::run(args, context, output)).await,
        Command::Topics(args) => Box::pin(commands::topics::run(args, context, output)).await,
        Command::Lambdas(args) => Box::pin(commands::lambdas::run(args, context, output)).await,
        Command::Env(args) => Box::pin(commands::env::run(args, context, output)).await,
        Command::Verify(args) => Box::pin(commands::verify::run(args, context, output)).await,
        Command::History(args) => Box::pin(commands::history::run(args, context, output)).await,
        Command::Unlock(args) => Box::pin(commands::unlock::run(args, context, output)).await,
        Command::Config(args) => commands::config::run(&args, context, output),
        Command::Explain(_) | Command::Schema(_) | Command::Completions(_) | Command::Man(_) => {
            dispatch_offline(&command, &context.settings.globals, output).unwrap_or(Ok(Exit::Done))
        }
    }
}
