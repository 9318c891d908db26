//! `onboardctl topics create`.

use crate::commands::confirm::{Danger, confirm};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Output, Report};
use crate::release::{self, snapshot::Scope};
use crate::topics::{self, Rules};

/// Makes the topics what the catalogue says, and waits until the service confirms it.
///
/// Never deletes a topic and never lowers partitions or replication: such a difference is refused and nothing is sent,
/// for no topic. Only the configuration keys that the catalogue names are compared and set.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl topics create\n  onboardctl topics create --env dev --dry-run")]
pub struct Args {
    /// Lets a topic get more partitions, although keys then map to other ones and order is lost across the change.
    #[arg(long)]
    allow_repartition: bool,
}

/// Runs the command.
///
/// # Errors
/// A rule refuses the plan, the person declines, the lock is held, or MSK fails.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let rules = Rules { allow_repartition: args.allow_repartition };
    let plan = topics::plan(context, rules).await?;
    if let Some(refusal) = plan.refusal() {
        return output.report_failure(&plan.report(), &refusal.into());
    }
    if plan.is_empty() || context.settings.dry_run || context.settings.read_only {
        topics::rehearse(context, &plan).await?;
        output.report(&plan.report())?;
        return Ok(Exit::Done);
    }
    output.aside(|screen| plan.report().render(screen));
    confirm(context, output, Danger::Change, &format!("topics create: {}", plan.report().summary())).await?;
    context.guard_change().await?;
    let work = async |context: &Context| Ok((topics::create(context, rules).await?, Exit::Done));
    let ended = release::guarded(context, "topics create", Scope::TOPICS, work).await?;
    output.report(&ended.value)?;
    Ok(Exit::Done)
}
