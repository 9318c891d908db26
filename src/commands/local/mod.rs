//! `onboardctl local`: the platform on this computer.

pub mod fault;
pub mod logs;
mod render;
pub mod reset;
pub mod start;
pub mod status;
pub mod stop;
pub mod supervise;

use clap::Subcommand;

use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::local::LocalSettings;
use crate::output::Output;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetches the parts once and starts Kafka, the AWS APIs and the gateway.
    Start(start::Args),
    /// Ends all of it; its state stays.
    Stop(stop::Args),
    /// What runs, where it listens, what happened to it.
    Status(status::Args),
    /// Stops it and forgets its state.
    Reset(reset::Args),
    /// What the parts wrote.
    Logs(logs::Args),
    /// Faults that are asked for: add, list, clear.
    Fault(fault::Args),
    /// Keeps a platform running; started by `start`.
    #[command(hide = true)]
    Supervise(supervise::Args),
}

impl Command {
    /// The kind of the command's report.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Start(_) => "local-start",
            Self::Stop(_) => "local-stop",
            Self::Status(_) => "local-status",
            Self::Reset(_) => "local-reset",
            Self::Logs(_) => "local-logs",
            Self::Fault(args) => args.kind(),
            Self::Supervise(_) => "error",
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// See the verbs.
pub async fn run(command: Command, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match command {
        Command::Start(args) => start::run(args, context, output).await,
        Command::Stop(args) => stop::run(args, context, output).await,
        Command::Status(args) => status::run(args, context, output).await,
        Command::Reset(args) => reset::run(args, context, output).await,
        Command::Logs(args) => logs::run(args, context, output).await,
        Command::Fault(args) => fault::run(args, context, output).await,
        Command::Supervise(args) => supervise::run(&args),
    }
}

/// The platform that is meant. Only an environment that is one can be started or stopped.
fn settings(context: &Context) -> anyhow::Result<LocalSettings> {
    if context.settings.environment.entry.connection.is_none() {
        let name = context.environment_name();
        let failure = Failure::new(&codes::USAGE, format!("the environment {name} is not on this computer"));
        return Err(failure.fix("onboardctl local status --env local").into());
    }
    Ok(LocalSettings::of(&context.settings))
}

/// Whether the command may change something; `--dry-run` shows what there is instead.
async fn may_change(context: &Context, output: &Output, what: &str) -> anyhow::Result<bool> {
    if context.settings.read_only {
        return Err(Failure::new(&codes::WRITE_REFUSED, format!("--read-only is on: nothing was {what}")).into());
    }
    if context.settings.dry_run {
        context.events.warn(format!("--dry-run is on: nothing was {what}"));
        output.report(&crate::local::status(&settings(context)?).await?)?;
    }
    Ok(!context.settings.dry_run)
}
