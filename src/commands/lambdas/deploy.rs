//! `onboardctl lambdas deploy`.

use super::Selection;
use crate::commands::confirm::{Danger, confirm};
use crate::context::Context;
use crate::error::Failure;
use crate::exit::Exit;
use crate::functions::{self, DeployOptions, LambdasDeployReport};
use crate::output::{Output, Report};
use crate::release::origin::Git;
use crate::release::snapshot::Scope;
use crate::release::{self, ReleaseRow};

/// Builds and releases functions: code and variables, one version each, alias `live`, then permissions and event sources.
///
/// What is as it should be is not touched. A function that fails does not keep the others from being released; running
/// again goes on with those that failed.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl lambdas deploy\n  onboardctl lambdas deploy --only consumer-kyc_verified\n  onboardctl lambdas deploy --env dev --dry-run"
)]
pub struct Args {
    #[command(flatten)]
    selection: Selection,
    /// Begins no further function after one has failed.
    #[arg(long)]
    fail_fast: bool,
}

/// Runs the command.
///
/// # Errors
/// Cargo fails, the person declines, the lock is held, or a function fails.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let options = DeployOptions { fail_fast: args.fail_fast, ..args.selection.options() };
    let prepared = functions::prepare(context, &options).await?;
    if context.settings.dry_run || context.settings.read_only {
        functions::rehearse(context, &prepared, &options).await?;
        output.report(&prepared.report())?;
        return Ok(Exit::Done);
    }
    if prepared.is_empty() {
        output.report(&functions::apply(context, &prepared, &options).await?)?;
        return Ok(Exit::Done);
    }
    output.aside(|screen| prepared.report().render(screen));
    let options = DeployOptions { code: prepared.code(), ..options };
    let report = release(context, output, "lambdas deploy", &options, &prepared.report().summary()).await?;
    match report.failure() {
        Some(failure) => output.report_failure(&report, &failure.into()),
        None => output.report(&report).map(|()| Exit::Done),
    }
}

/// Asks, takes the lock, prepares once more and deploys. Shared with `env sync`.
pub async fn release(
    context: &Context,
    output: &Output,
    command: &str,
    options: &DeployOptions,
    what: &str,
) -> anyhow::Result<LambdasDeployReport> {
    confirm(context, output, Danger::Change, &format!("{command}: {what}")).await?;
    context.guard_change().await?;
    let work = async |context: &Context, row: &ReleaseRow| {
        let options = DeployOptions {
            release_id: Some(row.id.clone()),
            git: row.git.as_ref().map(Git::revision),
            who: Some(row.who.clone()),
            ..options.clone()
        };
        let report = functions::deploy(context, &options).await?;
        let exit = report.failure().as_ref().map_or(Exit::Done, Failure::exit);
        Ok((report, exit))
    };
    Ok(release::guarded_as(context, command, Scope::FUNCTIONS, work).await?.value)
}
