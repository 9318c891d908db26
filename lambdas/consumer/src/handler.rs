//! A batch of records: partitions at the same time, the records of one in order. And how a failure is told: with
//! partial failures honoured (provisioned pollers) by the first record of each partition to try again, else by failing
//! the whole batch, because an on-demand poller would take a list of failures for success.

use std::time::{Duration, Instant, SystemTime};

use aws_lambda_events::kafka::KafkaEvent;
use lambda_runtime::LambdaEvent;
use serde::Serialize;
use serde_json::Value;
use shared::log::Line;

use crate::event;
use crate::function::Function;
use crate::process;
use crate::record::{Origin, Record};

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
    let batch: KafkaEvent = serde_json::from_value(event.payload)?;
    let partitions = batch.records.into_values().map(|records| partition(function, records, until));
    let stopped = futures::future::join_all(partitions).await.into_iter().flatten().collect();
    tell(stopped, function.partial_failures)
}

async fn partition(
    function: &Function,
    records: Vec<aws_lambda_events::kafka::KafkaRecord>,
    until: Instant,
) -> Option<Stopped> {
    for record in records {
        let record = Record::of(record);
        let started = Instant::now();
        let read = event::read(record.value.as_deref(), function.event_type);
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
                if handled == process::Handled::New { line.count("EventsHandled") } else { line }.write();
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

    use super::*;

    fn stopped() -> Vec<Stopped> {
        let origin = Origin { topic: "kyc-verified".into(), partition: 0, offset: 42 };
        vec![Stopped { origin, error: anyhow::anyhow!("throttled") }]
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
