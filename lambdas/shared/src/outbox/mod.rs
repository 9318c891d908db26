//! The outbox: events that a step's transaction wrote and that Kafka is still to get.
//!
//! There is one publisher per customer at a time. A producer publishes its own row at once only if no older row of
//! that customer waits; whatever it leaves is marked `pending`, and the relay publishes that customer's rows in order.

mod client;
mod publisher;
mod relay;

pub use publisher::{Publisher, client_settings};
pub use relay::{relay_customer, sweep};

use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Put, Select, TransactWriteItem};

use crate::afterwards;
use crate::aws;
use crate::events::Envelope;
use crate::log::Line;
use crate::tables::{OutboxRow, OutboxState, number, text, to_item};

/// What a publish is given within a request (`platform.md`: about 500 ms).
pub const PUBLISH_DEADLINE: Duration = Duration::from_millis(450);

/// What a publish is given in the relay, where nobody waits: each further try of a record that a slow broker did take
/// would be one more duplicate.
pub const RELAY_DEADLINE: Duration = Duration::from_secs(4);

/// A producer that is this late leaves its row to the relay instead of publishing it.
const PRODUCER_GIVES_UP_MILLISECONDS: i64 = 3_000;

/// A fresh row of this age was left by a producer that died: a live one gives up well before.
pub const LEFT_BEHIND_MILLISECONDS: i64 = 5_000;

/// A pending row that nobody has touched for this long was given up on by the stream's retries.
pub const GIVEN_UP_MILLISECONDS: i64 = 60_000;

/// The table and the client to reach it.
#[derive(Clone)]
pub struct Outbox {
    /// The client.
    pub client: Client,
    /// The table's name.
    pub table: String,
}

/// How a producer's own attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Kafka has it.
    Now,
    /// The relay will publish it.
    Later,
}

/// The row of a customer's event; its sequence was allocated in the same transaction.
pub fn customer_row(envelope: &Envelope, customer_id: &str, sequence: u64) -> OutboxRow {
    row(envelope, customer_id, sequence, customer_id, OutboxState::Fresh)
}

/// The row of an event outside of any customer's order: an error. `origin` is its own partition of the table, so that
/// it waits for nothing. `record_key` is the customer where one is known.
pub fn origin_row(envelope: &Envelope, origin: &str, record_key: &str, state: OutboxState) -> OutboxRow {
    row(envelope, origin, 0, record_key, state)
}

fn row(envelope: &Envelope, partition: &str, sequence: u64, record_key: &str, state: OutboxState) -> OutboxRow {
    let now = crate::time::milliseconds();
    OutboxRow {
        customer_id: partition.to_owned(),
        sequence,
        state,
        topic: envelope.event_type.topic().to_owned(),
        record_key: record_key.to_owned(),
        event_id: envelope.event_id.clone(),
        envelope: envelope.to_text(),
        created_at: now,
        touched_at: (state == OutboxState::Pending).then_some(now),
    }
}

impl Outbox {
    /// The write that belongs into the step's transaction.
    pub fn put(&self, row: &OutboxRow) -> anyhow::Result<TransactWriteItem> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(row)?))
            .condition_expression("attribute_not_exists(customerId)")
            .build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// A producer's own attempt at the row that its transaction wrote, where `older` says whether an older one waits.
    /// Never fails: what can't be published now is left to the relay, and a row that can't even be marked is found by
    /// the sweep.
    pub async fn publish_or_leave(
        &self,
        publisher: &Publisher,
        row: &OutboxRow,
        older: anyhow::Result<bool>,
    ) -> Published {
        match try_publish(publisher, row, older).await {
            Ok(true) => {
                // Undeleted it would only be published again, with the same event id.
                let (outbox, row) = (self.clone(), row.clone());
                afterwards::begin(async move {
                    outbox.delete(&row).await.unwrap_or_else(|error| complain(&row, "the published row stays", &error));
                });
                Published::Now
            }
            Ok(false) => self.leave(row, None).await,
            Err(error) => self.leave(row, Some(&error)).await,
        }
    }

    async fn leave(&self, row: &OutboxRow, why: Option<&anyhow::Error>) -> Published {
        if let Some(error) = why {
            complain(row, "the event is left to the relay", error);
        }
        self.mark_pending(row).await.unwrap_or_else(|error| complain(row, "the sweep has to find the row", &error));
        Published::Later
    }

    /// Whether an older row of the same customer is still there. It may be asked as soon as the customer's sequence is
    /// known that the row's is one more than: all older rows are written then.
    pub async fn older_waits(&self, row: &OutboxRow) -> anyhow::Result<bool> {
        // The first row of a customer has none before it, nor has the row of an origin.
        if row.sequence <= 1 {
            return Ok(false);
        }
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("customerId = :customer AND #sequence < :sequence")
            .expression_attribute_names("#sequence", "sequence")
            .expression_attribute_values(":customer", text(&row.customer_id))
            .expression_attribute_values(":sequence", number(row.sequence))
            .select(Select::Count)
            .limit(1)
            .send()
            .await
            .context("dynamodb:Query on the outbox failed")?;
        Ok(found.count() > 0)
    }

    /// Hands the row to the relay: the table's stream is filtered on `pending`. A row that is gone stays gone.
    pub async fn mark_pending(&self, row: &OutboxRow) -> anyhow::Result<()> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("customerId", text(&row.customer_id))
            .key("sequence", number(row.sequence))
            .update_expression("SET #state = :pending, touchedAt = :now")
            .condition_expression("attribute_exists(customerId)")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", text(OutboxState::Pending.as_str()))
            .expression_attribute_values(":now", number(crate::time::milliseconds()))
            .send()
            .await;
        match sent {
            Err(error) if !aws::is_refused(&error) => Err(error).context("dynamodb:UpdateItem on the outbox failed"),
            _ => Ok(()),
        }
    }

    /// Takes the row away: Kafka has its event.
    pub async fn delete(&self, row: &OutboxRow) -> anyhow::Result<()> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key("customerId", text(&row.customer_id))
            .key("sequence", number(row.sequence))
            .send()
            .await
            .context("dynamodb:DeleteItem on the outbox failed")?;
        Ok(())
    }
}

async fn try_publish(publisher: &Publisher, row: &OutboxRow, older: anyhow::Result<bool>) -> anyhow::Result<bool> {
    if older? || crate::time::milliseconds() - row.created_at > PRODUCER_GIVES_UP_MILLISECONDS {
        return Ok(false);
    }
    publisher.publish(row, Instant::now() + PUBLISH_DEADLINE).await.map(|()| true)
}

fn complain(row: &OutboxRow, message: &str, error: &anyhow::Error) {
    about(Line::warn(message), row).cause(error).write();
}

/// A line about a row's event: the row itself has neither trace id nor, for an error, the customer.
fn about(line: Line, row: &OutboxRow) -> Line {
    let line = line.event(&row.event_id).field("topic", row.topic.as_str());
    match serde_json::from_str::<Envelope>(&row.envelope) {
        Ok(envelope) => line.trace(&envelope.trace_id).customer(envelope.customer_id.as_deref()),
        Err(_) => line,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::events::EventType;
    use crate::tables::{Item, from_item};

    #[test]
    fn rows_say_where_their_event_goes() {
        let event = Envelope::new(EventType::UserInfoSubmitted, "s", "1-a-b", &json!({})).of_customer("c-1", Some(3));
        let row = customer_row(&event, "c-1", 3);
        assert_eq!((row.topic.as_str(), row.record_key.as_str(), row.sequence), ("user-info-submitted", "c-1", 3));
        assert_eq!(row.state, OutboxState::Fresh);
        assert_eq!(row.touched_at, None);
        let error = Envelope::new(EventType::WorkflowError, "s", "1-a-b", &json!({}));
        let row = origin_row(&error, "t#0#7", "t#0#7", OutboxState::Pending);
        assert_eq!((row.topic.as_str(), row.customer_id.as_str(), row.sequence), ("workflow-errors", "t#0#7", 0));
        assert!(row.touched_at.is_some());
    }

    #[test]
    fn the_streams_filter_matches_what_the_row_writes() {
        let event = Envelope::new(EventType::WorkflowError, "s", "1-a-b", &json!({}));
        let item: Item = to_item(&origin_row(&event, "o", "o", OutboxState::Pending)).unwrap();
        assert_eq!(item["state"].as_s().map(String::as_str), Ok("pending"));
        assert_eq!(item["sequence"].as_n().map(String::as_str), Ok("0"));
        assert_eq!(from_item::<OutboxRow>(item).unwrap().state, OutboxState::Pending);
    }

    #[test]
    fn a_live_producer_gives_up_before_its_row_counts_as_left_behind() {
        let deadline = i64::try_from(PUBLISH_DEADLINE.as_millis()).unwrap();
        assert!(PRODUCER_GIVES_UP_MILLISECONDS + 2 * deadline < LEFT_BEHIND_MILLISECONDS);
    }
}
