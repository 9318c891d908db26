//! What CloudFormation says happened: events read newest first, and the first cause of a failure.

use aws_sdk_cloudformation::types::{EventFilter, StackEvent};
use schemars::JsonSchema;
use serde::Serialize;

use super::observe::{is_absent, time_of};
use crate::aws::SendExt;
use crate::context::Context;

/// One event of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventRow {
    /// When it happened.
    #[schemars(with = "Option<String>")]
    pub at: Option<jiff::Timestamp>,
    /// The stack's physical name.
    pub stack: String,
    /// The resource's id in the template.
    pub logical_id: String,
    /// The resource's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status that it reached.
    pub status: String,
    /// The status's reason.
    pub reason: Option<String>,
    #[serde(skip)]
    pub(super) id: String,
    #[serde(skip)]
    pub(super) token: Option<String>,
    #[serde(skip)]
    pub(super) of_the_stack: bool,
}

/// The latest events, oldest first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackEventsReport {
    /// Over all stacks.
    pub events: Vec<EventRow>,
}

/// The latest events of every stack of the environment.
///
/// # Errors
/// A stack's events cannot be read.
pub async fn recent_events(context: &Context, most: usize) -> anyhow::Result<StackEventsReport> {
    let mut events = Vec::new();
    for (_, name) in super::desired::applicable(context)? {
        match since(context, &name, None, most).await {
            Ok(rows) => events.extend(rows),
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(error),
        }
    }
    events.sort_by_key(|event| event.at);
    let surplus = events.len().saturating_sub(most);
    events.drain(..surplus);
    Ok(StackEventsReport { events })
}

/// Events of a stack that are newer than the event `known`, oldest first, `most` at most.
pub async fn since(context: &Context, stack: &str, known: Option<&str>, most: usize) -> anyhow::Result<Vec<EventRow>> {
    let client = context.aws.cloudformation().await?;
    let mut rows = Vec::new();
    let mut next = None;
    'pages: loop {
        let request = client.describe_stack_events().stack_name(stack).set_next_token(next);
        let page = request.send().await.called("cloudformation:DescribeStackEvents")?;
        for event in page.stack_events.unwrap_or_default() {
            if (known.is_some() && event.event_id.as_deref() == known) || rows.len() >= most {
                break 'pages;
            }
            rows.push(row(event));
        }
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    rows.reverse();
    Ok(rows)
}

fn row(event: StackEvent) -> EventRow {
    EventRow {
        at: event.timestamp.and_then(|time| time_of(&time)),
        of_the_stack: event.physical_resource_id.is_some() && event.physical_resource_id == event.stack_id,
        stack: event.stack_name.unwrap_or_default(),
        logical_id: event.logical_resource_id.unwrap_or_default(),
        kind: event.resource_type.unwrap_or_default(),
        status: event.resource_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        reason: event.resource_status_reason.filter(|reason| !reason.is_empty()),
        id: event.event_id.unwrap_or_default(),
        token: event.client_request_token,
    }
}

/// What CloudFormation's own validation found about a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The resource's id in the template.
    pub logical_id: String,
    /// Its type.
    pub kind: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What CloudFormation's own validation found; empty where `DescribeEvents` cannot tell
/// (`aws-facts.md`, section 4, "Validation").
pub async fn validation_findings(context: &Context, stack: Option<&str>, change_set: Option<&str>) -> Vec<Finding> {
    let Ok(client) = context.aws.cloudformation().await else { return Vec::new() };
    let request = client
        .describe_events()
        .set_stack_name(stack.map(str::to_owned))
        .set_change_set_name(change_set.map(str::to_owned))
        .filters(EventFilter::builder().failed_events(true).build());
    let Ok(answer) = request.send().await else { return Vec::new() };
    let mut findings = Vec::new();
    for event in answer.operation_events.unwrap_or_default() {
        let Some(reason) = event.validation_status_reason.or(event.resource_status_reason) else { continue };
        let kind = event.resource_type.unwrap_or_default();
        let finding = Finding { logical_id: event.logical_resource_id.unwrap_or_default(), kind, reason };
        // The stack's own event only says that there are others.
        if finding.kind != "AWS::CloudFormation::Stack" && !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// Why an operation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootCause {
    /// The first resource that failed.
    pub first: EventRow,
    /// Other resources that failed for a reason of their own.
    pub others: Vec<EventRow>,
    /// Resources that were given up because of the first.
    pub cancelled: usize,
}

/// The first cause among an operation's events, which come oldest first.
pub fn root_cause(events: &[EventRow]) -> Option<RootCause> {
    let failed: Vec<&EventRow> =
        events.iter().filter(|event| event.status.ends_with("_FAILED") && !event.of_the_stack).collect();
    // CloudFormation's words for siblings that it gives up: "Resource creation cancelled", "Resource update cancelled".
    let is_cancelled = |event: &&&EventRow| {
        event.reason.as_deref().is_some_and(|reason| reason.to_ascii_lowercase().contains("cancelled"))
    };
    let cancelled = failed.iter().filter(is_cancelled).count();
    let mut own = failed.iter().filter(|event| !is_cancelled(event)).map(|event| (*event).clone());
    let first = own.next()?;
    Some(RootCause { first, others: own.collect(), cancelled })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(logical_id: &str, status: &str, reason: &str) -> EventRow {
        EventRow {
            at: None,
            stack: "s".into(),
            logical_id: logical_id.into(),
            kind: "AWS::DynamoDB::Table".into(),
            status: status.into(),
            reason: Some(reason.into()),
            id: format!("{logical_id}-{status}"),
            token: None,
            of_the_stack: logical_id == "s",
        }
    }

    #[test]
    fn the_first_cause_is_told_and_the_cancelled_are_counted() {
        let events = [
            event("A", "CREATE_IN_PROGRESS", ""),
            event("B", "CREATE_FAILED", "Table already exists"),
            event("A", "CREATE_FAILED", "Resource creation cancelled"),
            event("C", "CREATE_FAILED", "Resource creation cancelled"),
            event("D", "CREATE_FAILED", "Access denied"),
            event("s", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed"),
            event("s", "CREATE_FAILED", "of the stack itself"),
        ];
        let cause = root_cause(&events).unwrap();
        assert_eq!((cause.first.logical_id.as_str(), cause.cancelled), ("B", 2));
        assert_eq!(cause.others.iter().map(|event| event.logical_id.as_str()).collect::<Vec<_>>(), ["D"]);
        assert_eq!(root_cause(&events[..1]), None);
    }
}
