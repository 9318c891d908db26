//! `onboardctl lambdas`: the functions of an environment.

pub mod build;
pub mod deploy;
pub mod list;
pub mod plan;

use std::path::PathBuf;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;
use crate::functions::{self, Code};
use crate::output::{Output, Report};

/// The functions of an environment.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl lambdas build\n  onboardctl lambdas deploy --only consumer\n  onboardctl lambdas list"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What is done with them.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Builds every function in one cargo run and zips them.
    Build(build::Args),
    /// What a deployment would do, function by function.
    Plan(plan::Args),
    /// Releases code and variables: version, alias, permissions, event sources.
    Deploy(deploy::Args),
    /// What takes traffic, and what feeds it.
    List(list::Args),
}

impl Args {
    /// The kind of the report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Build(_) => functions::BuildReport::KIND,
            Verb::Plan(_) => functions::LambdasPlanReport::KIND,
            Verb::Deploy(_) => functions::LambdasDeployReport::KIND,
            Verb::List(_) => functions::LambdasReport::KIND,
        }
    }
}

/// Which functions, and where their code comes from.
#[derive(Debug, clap::Args)]
pub struct Selection {
    /// Only this function; once for each. A catalogue key, a short name or a physical name.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Takes `<function>.zip` from this folder instead of building.
    #[arg(long, value_name = "FOLDER", env = "ONBOARDCTL_ARTIFACT", hide_env_values = true)]
    artifact: Option<PathBuf>,
}

impl Selection {
    fn options(self) -> functions::DeployOptions {
        let code = self.artifact.map_or(Code::Build, Code::Artifacts);
        functions::DeployOptions { only: self.only, code, ..functions::DeployOptions::default() }
    }
}

/// Runs the command.
///
/// # Errors
/// The verb's own.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match args.verb {
        Verb::Build(args) => build::run(args, context, output).await,
        Verb::Plan(args) => plan::run(args, context, output).await,
        Verb::Deploy(args) => deploy::run(args, context, output).await,
        Verb::List(args) => list::run(args, context, output).await,
    }
}
