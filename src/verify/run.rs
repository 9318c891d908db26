//! One run of `verify`: sessions, sockets, the customer's way, the invalid input's way, cleaning up, explaining.

use std::time::Instant;

use jiff::Timestamp;

use super::notices::{NoticeQueue, Topics};
use super::report::{Findings, VerifyReport};
use super::site::{Session, Site};
use super::sockets::Flow;
use super::tables::Rows;
use super::{cleanup, denied};
use crate::context::Context;
use crate::environment::Outputs;
use crate::progress::Events;

/// Whether a step's failure means that an event of this run has not been handled yet.
fn until_handled(step: &str) -> bool {
    step.ends_with("-event") || ["outbox", "audit", "consumer", "review-notice"].contains(&step)
}

/// What has to be removed again, filled as it is made.
#[derive(Debug, Default)]
struct Mess {
    queue: Option<NoticeQueue>,
    customers: Vec<String>,
}

/// Proves the platform. A failed step is told in the report, not as an error.
///
/// # Errors
/// The platform stack cannot be read, or the run was interrupted.
pub async fn run(context: &Context) -> anyhow::Result<VerifyReport> {
    let run = uuid::Uuid::now_v7().to_string();
    if context.settings.dry_run {
        return Ok(Findings::new(Events::nowhere()).report(
            &run,
            &context.settings.catalogue,
            "not run: --dry-run is on",
        ));
    }
    let since = Timestamp::now();
    let environment = &context.settings.environment;
    let outputs = Outputs::read(context).await?;
    let site = Site::new(&site_address(context, &outputs)?)?;
    let topic = |output| outputs.require(output, environment).map(ToOwned::to_owned);
    let topics = Topics { alerts: topic("AlertsTopicArn")?, compliance: topic("ComplianceTopicArn")? };
    let rows = Rows::of(context).await?;
    let findings = Findings::new(context.events.clone());
    let mut mess = Mess::default();
    let worked = tokio::select! {
        not_reached = work(context, &run, &site, &rows, &topics, &findings, &mut mess) => Ok(not_reached),
        () = context.cancel.cancelled() => Err(context.ended("verify was interrupted; what it had made was removed", format!("onboardctl -e {} verify", context.environment_name()))),
    };
    let unfinished = findings.failed().iter().any(|step| until_handled(step));
    cleanup::own(context, &run, &rows, mess.queue.as_ref(), &mess.customers, unfinished).await;
    let not_reached = worked?;
    explain(context, &findings, since).await;
    Ok(findings.report(&run, &context.settings.catalogue, &not_reached))
}

/// The site's address: the connection file's, else the platform stack's.
fn site_address(context: &Context, outputs: &Outputs) -> anyhow::Result<String> {
    let environment = &context.settings.environment;
    match &environment.site {
        Some(site) => Ok(site.clone()),
        None => Ok(outputs.require("SiteUrl", environment)?.to_owned()),
    }
}

/// Does the steps, and says why those that are missing afterwards were not reached.
async fn work(
    context: &Context,
    run: &str,
    site: &Site,
    rows: &Rows,
    topics: &Topics,
    findings: &Findings,
    mess: &mut Mess,
) -> String {
    if let Err(error) = cleanup::left_over(context, rows, topics).await {
        context.events.warn(format!("what killed verify runs left could not be looked for: {error:#}"));
    }
    let Ok([customer, witness, invalid]) = sessions(site, findings, mess).await else {
        return "not reached: no session could be opened".into();
    };
    let customers: Vec<&str> = [&customer, &witness, &invalid].map(|session| session.customer_id.as_str()).to_vec();
    let opened = NoticeQueue::open(context, run, topics, &customers).await;
    let notices = match opened {
        Ok(queue) => Ok(&*mess.queue.insert(queue)),
        Err(error) => Err(format!("{error:#}")),
    };
    let flow = Flow { context, run, site, rows, notices };
    let mut sockets = flow.sockets(&customer, &witness, findings).await;
    flow.stations(&customer, &mut sockets, findings).await;
    if findings.failed().is_empty() {
        flow.repeat(&customer, findings).await;
        flow.journey(&customer, &mut sockets, findings).await;
        flow.review(&customer, &witness, findings).await;
    }
    flow.negative(&invalid, findings).await;
    sockets.close().await;
    "not reached: an earlier step failed".into()
}

/// A customer, a witness who is to be reviewed later, and one for invalid input.
async fn sessions(site: &Site, findings: &Findings, mess: &mut Mess) -> Result<[Session; 3], ()> {
    let begun = Instant::now();
    match tokio::try_join!(site.session(), site.session(), site.session()) {
        Ok(((first, took), (second, _), (third, _))) => {
            let sessions = [first, second, third];
            mess.customers = sessions.iter().map(|session| session.customer_id.clone()).collect();
            findings.answered("session", took, Ok("201".into()));
            Ok(sessions)
        }
        Err(error) => {
            findings.answered("session", begun.elapsed(), Err(format!("{error:#}")));
            Err(())
        }
    }
}

/// Adds denials from the functions' logs to the steps that failed.
async fn explain(context: &Context, findings: &Findings, since: Timestamp) {
    for step in findings.failed() {
        match denied::behind(context, step, since).await {
            Ok(evidence) if evidence.is_empty() => {}
            Ok(evidence) => findings.explain(step, &evidence.join("; ")),
            Err(error) => findings.explain(step, &format!("its logs could not be read: {error:#}")),
        }
    }
}
