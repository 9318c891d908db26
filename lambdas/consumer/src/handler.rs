//! A batch of records: partitions at the same time, and within one customers at the same time, the records of each in
//! order. And how a failure is told: with partial failures honoured (provisioned pollers) by the first record of each
//! partition to try again, else by failing the whole batch, because an on-demand poller would take a list of failures for
//! success.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use futures::StreamExt as _;
use lambda_runtime::LambdaEvent;
use serde::Serialize;
use serde_json::Value;
use shared::events::Unreadable;
use shared::log::Line;

use crate::event::{self, Event};
use crate::function::Function;
use crate::process::{self, Handled};
use crate::record::{Batch, Origin, Polled, Record};

/// How many customers of a partition are served at the same time.
const AT_ONCE: usize = 16;

/// What is kept of the invocation's time: a record begun later than this might be cut off.
const RESERVE: Duration = Duration::from_secs(10);

/// The answer to a provisioned poller. The identifier is an object; `aws_lambda_events` has no type for it yet.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: Identifier,
}

/// A record of the batch, with its partition as Lambda names it: `topic-0`.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Identifier {
    partition: String,
    offset: i64,
}

/// A partition that stopped at a record.
struct Stopped {
    origin: Origin,
    error: anyhow::Error,
}

/// Handles a batch.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Answer> {
    let remaining = event.context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    let until = Instant::now() + remaining.saturating_sub(RESERVE);
    let batch: Batch = serde_json::from_value(event.payload).context("the event is no batch of Kafka records")?;
    let partitions = batch.records.into_values().map(|records| partition(function, records, until));
    let stopped = futures::future::join_all(partitions).await.into_iter().flatten().collect();
    tell(stopped, function.partial_failures)
}

/// A record with what was read of it.
type Read = (Record, Result<Event, Unreadable>);

/// Effects of different customers have nothing to do with each other, and one's slow sockets must not hold up the rest.
/// The first record that failed is where the partition stopped: those after it come again, and what was done with them
/// is known by their markers.
async fn partition(function: &'static Function, records: Vec<Polled>, until: Instant) -> Option<Stopped> {
    let read = |record| {
        let record = Record::of(record);
        let read = event::read(record.value.as_deref(), function.event_type);
        (record, read)
    };
    let customers = by_customer(records.into_iter().map(read));
    let stopped: Vec<Stopped> = futures::stream::iter(customers)
        .map(|records| in_order(function, records, until))
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    stopped.into_iter().min_by_key(|stopped| stopped.origin.offset)
}

/// The records of each customer in order, the customers by their first. What belongs to no customer is taken by its key:
/// the same event may be there twice, and is then behind itself.
fn by_customer(records: impl Iterator<Item = Read>) -> Vec<Vec<Read>> {
    let mut places = HashMap::new();
    let mut customers: Vec<Vec<Read>> = Vec::new();
    for record in records {
        let new = customers.len();
        let customer = record.1.as_ref().ok().and_then(|event| event.envelope.customer_id.as_ref());
        let whose = customer.or(record.0.key.as_ref()).cloned();
        let place = whose.map_or(new, |whose| *places.entry(whose).or_insert(new));
        if place == new {
            customers.push(Vec::new());
        }
        customers[place].push(record);
    }
    customers
}

async fn in_order(function: &Function, records: Vec<Read>, until: Instant) -> Option<Stopped> {
    for (record, read) in records {
        let started = Instant::now();
        let result = if started < until {
            process::process(function, &record, &read).await
        } else {
            Err(anyhow::anyhow!("no time is left for the rest of the batch"))
        };
        // What is logged comes from an event that was read; of anything else nobody knows what it says.
        let envelope = read.as_ref().ok().map(|event| &event.envelope);
        let line = |line: Line| {
            line.field("topic", record.origin.topic.as_str())
                .field("partition", record.origin.partition)
                .field("offset", record.origin.offset)
                .field("eventId", envelope.map(|envelope| envelope.event_id.as_str()))
                .field("traceId", envelope.map_or(record.trace_id.as_str(), |envelope| envelope.trace_id.as_str()))
                .customer(envelope.and_then(|envelope| envelope.customer_id.as_deref()))
                .duration(started)
        };
        match result {
            Ok(handled) => {
                let line = line(Line::info("record")).field("handled", handled.as_str());
                // Whoever ends an event counts it, whoever began it.
                let ended = matches!(handled, Handled::New | Handled::NotifiedAgain);
                if ended { line.count("EventsHandled") } else { line }.write();
            }
            Err(error) => {
                line(Line::error("the record has to be tried again")).cause(&error).write();
                return Some(Stopped { origin: record.origin, error });
            }
        }
    }
    None
}

fn tell(stopped: Vec<Stopped>, partial_failures: bool) -> anyhow::Result<Answer> {
    if partial_failures {
        let batch_item_failures = stopped
            .into_iter()
            .map(|stopped| Failure {
                item_identifier: Identifier {
                    partition: format!("{}-{}", stopped.origin.topic, stopped.origin.partition),
                    offset: stopped.origin.offset,
                },
            })
            .collect();
        return Ok(Answer { batch_item_failures });
    }
    match stopped.into_iter().next() {
        None => Ok(Answer { batch_item_failures: Vec::new() }),
        Some(first) => Err(first.error.context(format!("the batch stopped at {}", first.origin.key()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::events::EventType;

    use super::*;
    use crate::event::samples::envelope;

    fn stopped() -> Vec<Stopped> {
        let origin = Origin { topic: "kyc-verified".into(), partition: 0, offset: 42 };
        vec![Stopped { origin, error: anyhow::anyhow!("throttled") }]
    }

    #[test]
    fn records_are_in_order_by_customer() {
        let record = |(offset, customer, key): (i64, Option<&str>, Option<&str>)| {
            let mut envelope = envelope(EventType::WorkflowError);
            envelope.customer_id = customer.map(Into::into);
            let value = if offset == 4 { "not JSON".to_owned() } else { envelope.to_text() };
            let origin = Origin { topic: "t".into(), partition: 0, offset };
            let value = Some(value.into_bytes());
            let read = event::read(value.as_deref(), EventType::WorkflowError);
            (Record { origin, key: key.map(Into::into), value, headers: Vec::new(), trace_id: String::new() }, read)
        };
        let records = [
            (1, Some("b"), Some("key")),
            (2, Some("a"), Some("key")),
            (3, Some("b"), Some("key")),
            (4, Some("a"), None),
            (5, None, None),
            (6, None, Some("origin")),
            (7, None, Some("origin")),
        ];
        let customers = by_customer(records.into_iter().map(record));
        let offsets: Vec<Vec<i64>> =
            customers.iter().map(|records| records.iter().map(|(record, _)| record.origin.offset).collect()).collect();
        assert_eq!(offsets, [vec![1, 3], vec![2], vec![4], vec![5], vec![6, 7]]);
    }

    #[test]
    fn a_provisioned_poller_hears_which_record() {
        let answer = tell(stopped(), true).unwrap();
        let expected = json!({ "batchItemFailures": [
            { "itemIdentifier": { "partition": "kyc-verified-0", "offset": 42 } } ] });
        assert_eq!(serde_json::to_value(answer).unwrap(), expected);
    }

    #[test]
    fn an_on_demand_poller_hears_a_failure() {
        let error = tell(stopped(), false).unwrap_err();
        assert!(format!("{error:#}").contains("kyc-verified#0#42"));
        assert!(tell(Vec::new(), false).unwrap().batch_item_failures.is_empty());
    }
}
