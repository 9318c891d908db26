//! `onboardctl stack up`.

use crate::commands::confirm::{Danger, announce, asks, confirm};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Output, Report};
use crate::release::{self, snapshot::Scope};
use crate::stack::{self, Prepared, UpOptions};

/// Brings the stacks to what the templates and the catalogue say, in the order of their dependence.
///
/// The same command makes an absent stack, updates one that differs, remakes one whose creation failed, and does nothing
/// to one that is as it should be. It waits for the end and names the first resource that failed.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl stack up\n  onboardctl stack up --env dev --yes\n  onboardctl stack up --dry-run"
)]
pub struct Args {
    /// Lets a resource that holds data be replaced or removed; once for each.
    #[arg(long, value_name = "ID")]
    allow_replace: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// The plan is refused, the person declines, or a stack fails.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let options = UpOptions { allow_replace: args.allow_replace };
    announce(context, output, "stack up");
    let prepared = stack::prepare(context).await?;
    if context.settings.dry_run || context.settings.read_only {
        prepared.rehearse(context).await?;
        prepared.discard(context).await?;
        output.report(&prepared.report)?;
        return Ok(Exit::Done);
    }
    if prepared.is_empty() {
        let report = stack::apply(context, prepared, &options).await?;
        output.report(&report)?;
        return Ok(Exit::Done);
    }
    let agreed = agree(context, output, &prepared, &options).await;
    // What was planned before the lock is planned once more under it.
    prepared.discard(context).await?;
    agreed?;
    context.guard_change().await?;
    let bootstrap = stack::up_bootstrap(context).await?;
    let work = async |context: &Context| Ok((stack::up(context, &options).await?, Exit::Done));
    let ended = release::guarded(context, "stack up", Scope::STACKS, work).await?;
    let mut report = ended.value;
    report.adopt(bootstrap);
    output.report(&report)?;
    Ok(Exit::Done)
}

async fn agree(context: &Context, output: &Output, prepared: &Prepared, options: &UpOptions) -> anyhow::Result<()> {
    prepared.check(&options.allow_replace)?;
    let danger = if prepared.endangers_data() { Danger::Data } else { Danger::Change };
    if asks(context, danger) {
        output.aside(|screen| prepared.report.render(screen));
    }
    confirm(context, output, danger, &format!("stack up: {}", prepared.report.totals)).await
}
