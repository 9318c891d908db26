//! Waiting for CloudFormation: live events until an operation ends. Every wait has an end and can be cancelled.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::StackStatus;

use super::events::{self, EventRow, RootCause, root_cause};
use super::observe::{self, Observed};
use super::status::{Standing, standing, succeeded};
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::progress::Event;

/// An MSK cluster takes up to 40 minutes (`aws-facts.md`, section 1).
const LONGEST: Duration = Duration::from_mins(90);
/// An operation without any event for so long belongs to nobody; only types in [`SLOW`] take longer.
const SILENCE: Duration = Duration::from_mins(10);
const SLOW: &[&str] = &["AWS::MSK::", "AWS::CloudFront::"];
/// How often an unreadable answer is asked for again before the run gives up watching.
const PATIENCE: usize = 8;

/// An operation to follow.
#[derive(Debug)]
pub struct Operation<'a> {
    /// The stack's id: readable after a deletion too.
    pub stack_id: &'a str,
    /// The stack's name, for messages.
    pub name: &'a str,
    /// The operation's `ClientRequestToken`; absent: someone else's operation.
    pub token: Option<&'a str>,
    /// The newest event before it began.
    pub after: Option<String>,
}

/// The newest event's id.
pub async fn newest_event(context: &Context, stack: &str) -> anyhow::Result<Option<String>> {
    match events::since(context, stack, None, 1).await {
        Ok(rows) => Ok(rows.into_iter().next().map(|row| row.id)),
        Err(error) if observe::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Follows an operation to its end and gives its last status with its events.
pub async fn follow(context: &Context, operation: &Operation<'_>) -> anyhow::Result<(StackStatus, Vec<EventRow>)> {
    let mut watch = Watch::new(operation.after.clone());
    loop {
        let fresh = watch.poll(context, operation).await?;
        let ended = fresh.iter().rev().find(|event| event.of_the_stack && is_last(&event.status));
        if let Some(ended) = ended {
            let status = StackStatus::from(ended.status.as_str());
            return Ok((status, watch.seen));
        }
        watch.pause(context, operation, fresh.is_empty()).await?;
    }
}

/// Whether an event of the stack itself with this status ends the operation. `REVIEW_IN_PROGRESS` is not its end, nor is
/// a failure that a rollback follows.
fn is_last(status: &str) -> bool {
    !matches!(status, "CREATE_FAILED" | "UPDATE_FAILED") && !status.ends_with("_IN_PROGRESS")
}

/// Waits until an operation that someone else began has ended.
pub async fn settle(context: &Context, name: &str, observed: &Observed) -> anyhow::Result<Option<Observed>> {
    context.events.note(format!("{name} is {}: waiting for that operation", observed.status.as_str()));
    let after = newest_event(context, &observed.id).await?;
    let operation = Operation { stack_id: &observed.id, name, token: None, after };
    let mut watch = Watch::new(operation.after.clone());
    loop {
        let now = observe::stack(context, &observed.id).await?;
        if now.as_ref().is_none_or(|now| standing(&now.status) != Standing::Busy) {
            return Ok(now.filter(|now| standing(&now.status) != Standing::Absent));
        }
        let fresh = watch.poll(context, &operation).await?;
        watch.pause(context, &operation, fresh.is_empty()).await?;
    }
}

/// Turns an operation's end into a result: the failure names the first cause.
pub async fn verdict(
    context: &Context,
    name: &str,
    id: &str,
    status: &StackStatus,
    seen: &[EventRow],
) -> anyhow::Result<()> {
    if succeeded(status) {
        return Ok(());
    }
    let environment = context.environment_name();
    let failure = match root_cause(seen) {
        Some(cause) => because_of_resource(name, status, cause),
        None => because_of_validation(context, name, id, status, seen).await,
    };
    Err(failure
        .fix(format!("onboardctl stack events --env {environment}"))
        .fix(format!("onboardctl stack up --env {environment}"))
        .into())
}

fn ended(name: &str, status: &StackStatus, first: &str, kind: &str) -> Failure {
    let what = format!("{name} ended {}: {first} ({kind}) failed first", status.as_str());
    Failure::new(&codes::STACK_FAILED, what)
}

fn because_of_resource(name: &str, status: &StackStatus, cause: RootCause) -> Failure {
    let first = cause.first;
    let mut failure = ended(name, status, &first.logical_id, &first.kind);
    failure = failure.why(first.reason.unwrap_or_else(|| format!("it became {}", first.status)));
    for other in cause.others.iter().take(5) {
        let reason = other.reason.as_deref().unwrap_or(&other.status);
        failure = failure.why(format!("{} ({}) failed too: {reason}", other.logical_id, other.kind));
    }
    if cause.cancelled > 0 {
        failure = failure.why(format!("{} other resources were cancelled because of it", cause.cancelled));
    }
    failure
}

/// CloudFormation may refuse a template before it touches a resource.
async fn because_of_validation(
    context: &Context,
    name: &str,
    id: &str,
    status: &StackStatus,
    seen: &[EventRow],
) -> Failure {
    let mut findings = events::validation_findings(context, Some(id), None).await.into_iter();
    let Some(first) = findings.next() else {
        let reason = seen.iter().filter(|event| event.of_the_stack).find_map(|event| event.reason.clone());
        let failure = Failure::new(&codes::STACK_FAILED, format!("{name} ended {}", status.as_str()));
        return reason.into_iter().fold(failure, Failure::why);
    };
    let failure = ended(name, status, &first.logical_id, &first.kind).why(first.reason);
    findings.fold(failure, |failure, other| {
        failure.why(format!("{} ({}) failed too: {}", other.logical_id, other.kind, other.reason))
    })
}

/// What has been seen of an operation, and when to look again.
#[derive(Debug)]
struct Watch {
    newest: Option<String>,
    known: HashSet<String>,
    seen: Vec<EventRow>,
    began: Instant,
    last_event: Instant,
    interval: Duration,
    failures: usize,
}

impl Watch {
    fn new(after: Option<String>) -> Self {
        let now = Instant::now();
        Self {
            newest: after,
            known: HashSet::new(),
            seen: Vec::new(),
            began: now,
            last_event: now,
            interval: Duration::from_millis(150),
            failures: 0,
        }
    }

    /// New events of the operation, each told once.
    async fn poll(&mut self, context: &Context, operation: &Operation<'_>) -> anyhow::Result<Vec<EventRow>> {
        let rows = match events::since(context, operation.stack_id, self.newest.as_deref(), usize::MAX).await {
            Ok(rows) => rows,
            // Watching survives throttling; the operation does not need us.
            Err(error) if is_retryable(&error) && self.failures < PATIENCE => {
                self.failures += 1;
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        self.failures = 0;
        if let Some(newest) = rows.last() {
            self.newest = Some(newest.id.clone());
        }
        let mut fresh = Vec::new();
        for row in rows {
            // An event without a token was made by the operation all the same: it is newer than all before it.
            let of_operation =
                operation.token.is_none() || row.token.is_none() || row.token.as_deref() == operation.token;
            if of_operation && self.known.insert(row.id.clone()) {
                tell(context, &row);
                fresh.push(row.clone());
                self.seen.push(row);
                self.last_event = Instant::now();
            }
        }
        Ok(fresh)
    }

    /// Waits a little longer each time nothing happened, with jitter.
    async fn pause(&mut self, context: &Context, operation: &Operation<'_>, quiet: bool) -> anyhow::Result<()> {
        let slow = self.seen.iter().any(|event| SLOW.iter().any(|slow| event.kind.starts_with(slow)));
        let silent = self.last_event.elapsed() > SILENCE && !slow;
        if silent || self.began.elapsed() > LONGEST {
            let name = operation.name;
            return Err(Failure::new(&codes::STACK_BUSY, format!("the operation on {name} did not end"))
                .why(format!("no event for {} s", self.last_event.elapsed().as_secs()))
                .why("CloudFormation goes on with it")
                .fix(format!("onboardctl stack events --env {}", context.environment_name()))
                .into());
        }
        let longest = Duration::from_secs(if slow { 15 } else { 5 });
        self.interval = if quiet { (self.interval * 3 / 2).min(longest) } else { Duration::from_millis(150) };
        let jittered = self.interval.mul_f64(0.75 + 0.5 * rand::random::<f64>());
        tokio::select! {
            () = tokio::time::sleep(jittered) => Ok(()),
            () = context.cancel.cancelled() => Err(context.ended(
                format!("CloudFormation goes on with {}", operation.name),
                format!("onboardctl stack events --env {}", context.environment_name()),
            )),
        }
    }
}

fn is_retryable(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Failure>().is_some_and(|failure| failure.retryable)
}

fn tell(context: &Context, row: &EventRow) {
    if row.of_the_stack && row.status == "REVIEW_IN_PROGRESS" {
        return;
    }
    context.events.send(Event::Item {
        part: "stack".to_owned(),
        item: row.logical_id.clone(),
        state: row.status.clone(),
        detail: row.reason.clone().filter(|_| row.status.contains("FAILED") || row.status.contains("ROLLBACK")),
        finished: !row.status.ends_with("_IN_PROGRESS"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_ends_with_the_stacks_own_last_status() {
        for (status, last) in [
            ("CREATE_COMPLETE", true),
            ("ROLLBACK_COMPLETE", true),
            ("UPDATE_ROLLBACK_FAILED", true),
            ("DELETE_COMPLETE", true),
            ("DELETE_FAILED", true),
            ("REVIEW_IN_PROGRESS", false),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", false),
            ("CREATE_FAILED", false),
        ] {
            assert_eq!(is_last(status), last, "{status}");
        }
    }
}
