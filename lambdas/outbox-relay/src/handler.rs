//! Which of its two callers a payload comes from, and which customers a batch of the stream is about.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use futures::StreamExt as _;
use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::log::Line;
use shared::outbox::{Outbox, Publisher, RELAY_DEADLINE, relay_customer, sweep};
use shared::{keys, trace};

/// How many customers are relayed at once. They share the producer, whose requests go out one by one.
const CUSTOMERS_AT_ONCE: usize = 8;

/// How long one invocation keeps trying while Kafka is away.
const TRY_FOR: Duration = Duration::from_secs(20);

/// What is kept of the invocation's time for the last publish and the answer.
const RESERVE: Duration = Duration::from_secs(8);

/// What an instance holds.
pub struct Function {
    outbox: Outbox,
    publisher: Publisher,
}

impl Function {
    /// Connects.
    pub async fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        let client = aws_sdk_dynamodb::Client::new(&config);
        let outbox = Outbox { client, table: keys::required(keys::OUTBOX_TABLE)? };
        Ok(Self { outbox, publisher: Publisher::connect(&config, None, RELAY_DEADLINE).await? })
    }
}

/// A batch of the outbox's stream. Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon `DynamoDB`".
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Debug, Deserialize)]
struct Record {
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
struct Change {
    #[serde(rename = "Keys")]
    keys: RowKeys,
}

#[derive(Debug, Deserialize)]
struct RowKeys {
    #[serde(rename = "customerId")]
    customer_id: Text,
}

#[derive(Debug, Deserialize)]
struct Text {
    #[serde(rename = "S")]
    text: String,
}

/// The customers (or origins) of a batch; none when the schedule calls.
fn customers(payload: Value) -> anyhow::Result<Option<BTreeSet<String>>> {
    if payload.get("Records").is_none() {
        return Ok(None);
    }
    let batch: Batch = serde_json::from_value(payload)?;
    Ok(Some(batch.records.into_iter().map(|record| record.dynamodb.keys.customer_id.text).collect()))
}

/// Relays a batch, or sweeps. Fails when any customer's rows could not be published, so that Lambda retries; what was
/// published is deleted, so the retry starts where this ended.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let trace_id = trace::from_headers([event.context.xray_trace_id.as_deref()]);
    let Some(customers) = customers(event.payload)? else {
        let marked = sweep(&function.outbox).await?;
        Line::info("swept").trace(&trace_id).field("marked", marked).duration(started).write();
        return Ok(json!({ "marked": marked }));
    };
    let remaining = event.context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    let until = started + TRY_FOR.min(remaining.saturating_sub(RESERVE));
    let mut relayed = futures::stream::iter(&customers)
        .map(|customer| async move {
            (customer, relay_customer(&function.outbox, &function.publisher, customer, until).await)
        })
        .buffer_unordered(CUSTOMERS_AT_ONCE);
    let (mut published, mut failure) = (0, None);
    while let Some((customer, result)) = relayed.next().await {
        match result {
            Ok(count) => published += count,
            Err(error) => {
                let line =
                    Line::warn("a customer's events wait").trace(&trace_id).field("partition", customer.as_str());
                line.customer(customer_id(customer)).duration(started).cause(&error).write();
                failure = Some(error);
            }
        }
    }
    let line = Line::info("relayed").trace(&trace_id).field("published", published);
    line.field("failed", failure.is_some()).duration(started).write();
    failure.map_or_else(|| Ok(json!({ "published": published })), Err)
}

/// The customer of a partition of the outbox; none where that is an error's origin, which is written with `#`.
fn customer_id(partition: &str) -> Option<&str> {
    (!partition.contains('#')).then_some(partition)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_batch_names_each_customer_once() {
        let record = |customer: &str, sequence: u8| {
            json!({ "eventName": "MODIFY", "dynamodb": {
                "Keys": { "customerId": { "S": customer }, "sequence": { "N": sequence.to_string() } },
                "NewImage": { "state": { "S": "pending" } } } })
        };
        let batch = json!({ "Records": [record("c-2", 1), record("c-1", 1), record("c-2", 2)] });
        let found = customers(batch).unwrap().unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["c-1", "c-2"]);
    }

    #[test]
    fn anything_without_records_is_the_schedule() {
        assert!(customers(json!({})).unwrap().is_none());
        assert!(customers(json!({ "source": "schedule" })).unwrap().is_none());
        assert!(customers(json!({ "Records": [{}] })).is_err());
    }

    proptest! {
        #[test]
        fn no_payload_panics(text in ".{0,60}") {
            let _ = customers(json!({ "Records": text }));
            let _ = customers(json!(text));
        }
    }
}
