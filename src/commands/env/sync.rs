//! `onboardctl env sync`.

use super::Selection;
use crate::commands::lambdas::deploy;
use crate::context::Context;
use crate::exit::Exit;
use crate::functions::{self, EnvPlanReport, EnvSyncReport};
use crate::output::{Output, Report};

/// Sets the variables of the functions, publishes a version of the code that is live, moves alias `live` and reads the
/// variables back through it. Variables that others set are kept.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl env sync\n  onboardctl env sync --only consumer --env dev")]
pub struct Args {
    #[command(flatten)]
    selection: Selection,
}

/// Runs the command.
///
/// # Errors
/// The person declines, the lock is held, or a function fails.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let options = args.selection.options();
    let prepared = functions::prepare(context, &options).await?;
    if context.settings.dry_run || context.settings.read_only {
        functions::rehearse(context, &prepared, &options).await?;
        output.report(&EnvPlanReport(prepared.report()))?;
        return Ok(Exit::Done);
    }
    if prepared.is_empty() {
        output.report(&EnvSyncReport(functions::apply(context, &prepared, &options).await?))?;
        return Ok(Exit::Done);
    }
    output.aside(|screen| prepared.report().render(screen));
    let report =
        EnvSyncReport(deploy::release(context, output, "env sync", &options, &prepared.report().summary()).await?);
    match report.0.failure() {
        Some(failure) => output.report_failure(&report, &failure.into()),
        None => output.report(&report).map(|()| Exit::Done),
    }
}
