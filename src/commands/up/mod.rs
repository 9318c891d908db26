//! `onboardctl up`: the whole platform of an environment.

use crate::catalogue::Confirm;
use crate::commands::confirm::{Danger, confirm};
use crate::context::{self, Context};
use crate::exit::Exit;
use crate::local::{self, LocalSettings};
use crate::output::{Output, Report};
use crate::platform::{Parts, UpOptions, UpPlan, UpReport, urls};
use crate::verify;

/// Brings the whole platform up: the platform on this computer, stack, topics, lambdas; then proves it.
///
/// Every part is observed first. Where nothing differs nothing is sent and the run says `no changes` for each part; else
/// the environment's lock is taken and the parts are brought up in their order, stopping at the first that fails. It may
/// be killed at any moment and run again. verify runs when something changed.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl up\n  onboardctl up --verify\n  onboardctl up -e dev --yes")]
pub struct Args {
    /// Runs verify also when nothing changed.
    #[arg(long)]
    verify: bool,
    /// Lets a resource that holds data be replaced or removed; once for each.
    #[arg(long, value_name = "ID")]
    allow_replace: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// A part failed, the lock is held, or the person declined.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let mut report = UpReport::default();
    match bring_up(args, context, output, &mut report).await {
        Ok(Some(failure)) => output.report_failure(&report, &failure),
        Ok(None) => output.report(&report).map(|()| Exit::Done),
        // The error's code is the part's own; the report says how far it came.
        Err(error) => output.report_failure(&report, &error),
    }
}

/// Fills the report; the answer is the failure of a verify that found something.
async fn bring_up(
    args: Args,
    context: &Context,
    output: &Output,
    report: &mut UpReport,
) -> anyhow::Result<Option<anyhow::Error>> {
    let only_looks = context.settings.dry_run || context.settings.read_only;
    let started = if context.settings.environment.entry.connection.is_some() && !only_looks {
        Some(start(context, report).await?)
    } else {
        None
    };
    let context = started.as_ref().unwrap_or(context);
    let mut options = UpOptions::default();
    options.stack.allow_replace = args.allow_replace;
    let plan = UpPlan::observe(context, &options).await?;
    if plan.is_empty() || only_looks {
        let mut parts = Parts::new(&context.events);
        plan.tell(&mut parts);
        report.parts.extend(parts.reports());
    } else {
        agree(context, output, &plan).await?;
        plan.apply(context, &options, report).await?;
    }
    let changed = !plan.is_empty();
    if only_looks && changed {
        return Ok(None);
    }
    report.urls = Some(urls(context).await?);
    if only_looks || !(changed || args.verify) {
        return Ok(None);
    }
    let found = prove(context).await?;
    let failure = found.failure(context.environment_name());
    report.verify = Some(found);
    Ok(failure.map(Into::into))
}

/// Starts the platform on this computer, and resolves the settings again: it has written how it is reached.
async fn start(context: &Context, report: &mut UpReport) -> anyhow::Result<Context> {
    let mut parts = Parts::new(&context.events);
    parts
        .run("local", async {
            let started = local::start(&LocalSettings::of(&context.settings), &context.events, &context.cancel).await?;
            let summary = if started.changed { "started" } else { "no changes" };
            Ok((started.changed, summary.to_owned(), ()))
        })
        .await?;
    report.parts.extend(parts.reports());
    let settings = context::resolve(&context.settings.globals, &context.settings.user_file)?;
    Ok(context.again(settings))
}

async fn agree(context: &Context, output: &Output, plan: &UpPlan) -> anyhow::Result<()> {
    let danger = if plan.endangers_data { Danger::Data } else { Danger::Change };
    // Where nothing is asked the progress view says it all.
    if danger == Danger::Change && context.settings.environment.entry.confirm == Confirm::Never {
        return Ok(());
    }
    output.aside(|screen| {
        plan.stack.render(screen);
        for (part, changes, summary) in plan.summaries() {
            screen.line(format!("{part:<8} {}", if changes { summary.as_str() } else { "no changes" }));
        }
    });
    confirm(context, output, danger, &format!("up: {}", plan.stack.totals)).await
}

async fn prove(context: &Context) -> anyhow::Result<verify::VerifyReport> {
    let mut parts = Parts::new(&context.events);
    parts
        .run("verify", async {
            let found = verify::run(context).await?;
            let summary = format!("{} passed, {} failed, {} unknown", found.passed, found.failed, found.unknown);
            Ok((false, summary, found))
        })
        .await
}
