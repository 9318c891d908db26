//! The record on the topic, read from the broker where it can be reached.

use std::time::Duration;

use serde_json::Value;

use super::tables::AuditRow;
use crate::catalogue::KafkaUser;
use crate::context::Context;
use crate::kafka::{self, Access, Position, Reader};

/// How long the brokers may take. From outside their network they never answer, which makes the step unknown.
const LIMIT: Duration = Duration::from_secs(8);

/// What is at the place that the audit row names.
#[derive(Debug)]
pub enum Place {
    /// The event's record.
    Ours,
    /// Another record, or none.
    NotOurs(&'static str),
    /// The brokers could not be asked.
    Unreadable(String),
}

/// A reader of the environment's topics; made while the customer is on the way, so that its connection is up in time.
pub async fn reader(context: &Context) -> anyhow::Result<Reader> {
    let cluster = crate::topics::require_cluster(context).await?;
    Reader::new(&Access::of(context, &cluster, KafkaUser::Operator).await?, LIMIT)
}

/// Looks at the place with a reader, if there is one.
pub async fn look_with(context: &Context, reader: anyhow::Result<Reader>, row: &AuditRow) -> Place {
    match &reader {
        Ok(reader) => look(context, reader, row).await,
        Err(error) => Place::Unreadable(format!("{error:#}")),
    }
}

/// Looks at the place.
async fn look(context: &Context, reader: &Reader, row: &AuditRow) -> Place {
    let prefix = &context.settings.environment.entry.topic_prefix;
    let topic =
        if row.topic.starts_with(prefix.as_str()) { row.topic.clone() } else { format!("{prefix}{}", row.topic) };
    let position = Position { topic, partition: row.partition, offset: row.offset };
    kafka::explain::record(context, reader.bootstrap(), &position);
    match reader.record(&position).await {
        Ok(Some(record)) => {
            let value: Value = serde_json::from_slice(record.value.as_deref().unwrap_or_default()).unwrap_or_default();
            if value["eventId"] == row.event_id.as_str() {
                Place::Ours
            } else {
                Place::NotOurs("another record is at the place that the audit row names")
            }
        }
        Ok(None) => Place::NotOurs("no record is at the place that the audit row names"),
        Err(error) => Place::Unreadable(format!("{error:#}")),
    }
}
