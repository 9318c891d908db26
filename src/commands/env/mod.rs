//! `onboardctl env`: the variables of an environment's functions.

pub mod diff;
pub mod plan;
pub mod status;
pub mod sync;

use clap::Subcommand;

use crate::context::Context;
use crate::environment;
use crate::exit::Exit;
use crate::functions::{self, Code, DeployOptions};
use crate::output::{Output, Report};

/// The variables of an environment's functions.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl env diff\n  onboardctl env sync --env dev\n  onboardctl env status --exit-code"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What is done with them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// What a sync would do, function by function.
    Plan(plan::Args),
    /// Sets the variables and releases them, with the code left as it is.
    Sync(sync::Args),
    /// What is wanted against what live traffic sees, key by key.
    Diff(diff::Args),
    /// Which functions serve variables that are behind their source.
    Status(status::Args),
}

impl Args {
    /// The kind of the report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Plan(_) => functions::EnvPlanReport::KIND,
            Verb::Sync(_) => functions::EnvSyncReport::KIND,
            Verb::Diff(_) => environment::EnvDiffReport::KIND,
            Verb::Status(_) => environment::EnvStatusReport::KIND,
        }
    }
}

/// Which functions.
#[derive(Debug, clap::Args)]
pub struct Selection {
    /// Only this function; once for each. A catalogue key, a short name or a physical name.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

impl Selection {
    fn options(self) -> DeployOptions {
        DeployOptions { only: self.only, code: Code::Keep, ..DeployOptions::default() }
    }
}

/// Runs the command.
///
/// # Errors
/// The verb's own.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match args.verb {
        Verb::Plan(args) => plan::run(args, context, output).await,
        Verb::Sync(args) => sync::run(args, context, output).await,
        Verb::Diff(args) => diff::run(args, context, output).await,
        Verb::Status(args) => status::run(args, context, output).await,
    }
}
