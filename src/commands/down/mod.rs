//! `onboardctl down`: takes the platform down and keeps its data.

use crate::commands::confirm::{Danger, confirm};
use crate::context::Context;
use crate::exit::Exit;
use crate::local::{self, LocalSettings};
use crate::output::{Output, Report};
use crate::platform::{DownPlan, DownReport};

/// Takes the platform down and keeps its data.
///
/// Event source mappings and functions are deleted, so that nothing takes traffic or records any more. The stacks stay:
/// they hold the tables, buckets, secrets and the cluster, and the report names them; `up` makes the functions again and
/// each consumer goes on where it stopped. The platform on this computer is stopped too; its state stays.
///
/// With --delete-data everything goes: buckets are emptied, stacks and what they retain are deleted, the platform on this
/// computer is wiped. That wants --confirm NAME in every environment.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl down\n  onboardctl down --delete-data --confirm local")]
pub struct Args {
    /// Deletes the stacks and the data that they hold too.
    #[arg(long)]
    delete_data: bool,
}

/// Runs the command.
///
/// # Errors
/// The person declined, the lock is held, or something cannot be deleted.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let here = context.settings.environment.entry.connection.is_some();
    if here && args.delete_data {
        return wipe(context, output).await;
    }
    if here && context.settings.environment.reach().is_err() {
        output.report(&DownReport::default())?;
        return Ok(Exit::Done);
    }
    let plan = DownPlan::observe(context, args.delete_data).await?;
    let only_looks = context.settings.dry_run || context.settings.read_only;
    plan.rehearse(context).await?;
    let mut report = plan.report();
    if !plan.is_empty() && !only_looks {
        output.aside(|screen| report.render(screen));
        let danger = if args.delete_data { Danger::Data } else { Danger::Change };
        confirm(context, output, danger, &format!("down deletes {} functions", plan.functions.len())).await?;
        report = plan.apply(context).await?;
    }
    if here && !only_looks {
        let stopped = local::stop(&LocalSettings::of(&context.settings), &context.events, &context.cancel).await?;
        report.stopped = stopped.changed;
    }
    output.report(&report)?;
    Ok(Exit::Done)
}

/// Everything of a platform on this computer is in its folder, so wiping that deletes all.
async fn wipe(context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let mut report = DownReport { stopped: true, reset: true, ..DownReport::default() };
    if context.settings.dry_run || context.settings.read_only {
        report.stopped = false;
    } else {
        confirm(context, output, Danger::Data, "down --delete-data wipes the platform on this computer").await?;
        local::reset(&LocalSettings::of(&context.settings), &context.events, &context.cancel).await?;
    }
    output.report(&report)?;
    Ok(Exit::Done)
}
