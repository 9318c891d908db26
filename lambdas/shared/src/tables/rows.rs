//! One struct per kind of row. `verify` reads them too.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::events::{Address, DeadLetter, EventType, Fields, WorkflowErrorKind};

/// Names of attributes that expressions mention.
pub mod attributes {
    /// Key of customers' rows; the record's origin where no customer is known.
    pub const CUSTOMER_ID: &str = "customerId";
    /// Sort key of the outbox, and the customer's last used sequence in `users`.
    pub const SEQUENCE: &str = "sequence";
    /// The state of a row that has one.
    pub const STATE: &str = "state";
    /// TTL, epoch seconds.
    pub const EXPIRES_AT: &str = "expiresAt";
    /// The highest sequence whose event a consumer has applied to the row.
    pub const EVENT_SEQUENCE: &str = "eventSequence";
}

/// `users`: the customer, the step that the customer has reached, and the last used sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// Key.
    pub customer_id: String,
    /// E-mail address. Never used to look anyone up.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub date_of_birth: String,
    /// E.164.
    pub phone_number: String,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The step that the customer has reached (`progress::State`).
    pub state: crate::progress::State,
    /// The last used sequence.
    pub sequence: u64,
    /// When the customer first submitted.
    pub created_at: String,
    /// When the row last changed by a step.
    pub updated_at: String,
    /// The highest sequence whose event a consumer has handled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_sequence: Option<u64>,
    /// The type of that event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// When a consumer handled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_at: Option<String>,
}

/// Where a row of the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutboxState {
    /// Its producer is about to publish it.
    Fresh,
    /// The relay publishes it.
    Pending,
}

impl OutboxState {
    /// As the row writes it; the stream's filter pattern names `pending`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Pending => "pending",
        }
    }
}

/// `outbox`: one event on its way to Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxRow {
    /// Partition key: the customer, or the origin of an event that belongs to no customer's order.
    pub customer_id: String,
    /// Sort key: the customer's sequence.
    pub sequence: u64,
    /// Who publishes it.
    pub state: OutboxState,
    /// The topic as the domain names it, without an environment's prefix.
    pub topic: String,
    /// The record's key.
    pub record_key: String,
    /// The event's id.
    pub event_id: String,
    /// The envelope as it will be published.
    pub envelope: String,
    /// When it was written, epoch milliseconds.
    pub created_at: i64,
    /// When it was last marked pending, epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched_at: Option<i64>,
}

/// `websocket-connections`: one open socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRow {
    /// Key.
    pub connection_id: String,
    /// Whose socket it is, from the ticket.
    pub customer_id: String,
    /// When it opened, epoch milliseconds.
    pub connected_at: i64,
    /// TTL: a socket lives two hours at most.
    pub expires_at: i64,
}

/// `websocket-tickets`: a single-use ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketRow {
    /// Key: SHA-256 of the ticket, hexadecimal. The ticket itself is stored nowhere.
    pub ticket_hash: String,
    /// Whose socket it opens.
    pub customer_id: String,
    /// TTL, and compared when the ticket is used.
    pub expires_at: i64,
}

/// Where the handling of an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MarkerState {
    /// Its table effects are written, its notifications may not have gone out.
    Pending,
    /// Nothing is left to do.
    Done,
}

impl MarkerState {
    /// As the row writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Done => "DONE",
        }
    }
}

/// `processed-events`: the marker of a handled event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkerRow {
    /// Key: the event's id, or `topic#partition#offset` of a dead letter.
    pub event_id: String,
    /// Where it stands.
    pub state: MarkerState,
    /// The physical topic.
    pub topic: String,
    /// The partition.
    pub partition: i64,
    /// The offset.
    pub offset: i64,
    /// What SES calls the mail that the event caused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_id: Option<String>,
    /// When the effects were written.
    pub processed_at: String,
    /// TTL, beyond the retention of every topic.
    pub expires_at: i64,
}

/// `audit-logs`: what was handled and where it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// Partition key: the customer, or the record's key where no customer is known.
    pub customer_id: String,
    /// Sort key.
    pub event_id: String,
    /// What happened.
    pub event_type: EventType,
    /// When it happened.
    pub timestamp: String,
    /// The customer's sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// Who wrote the event.
    pub source: String,
    /// The trace id.
    pub trace_id: String,
    /// The physical topic it was read from.
    pub topic: String,
    /// The partition.
    pub partition: i64,
    /// The offset.
    pub offset: i64,
    /// When a consumer handled it.
    pub processed_at: String,
    /// The event's `data`: ids and results.
    pub data: Value,
}

/// `workflow-errors`: a validation failure or a dead letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowErrorRow {
    /// Key.
    pub event_id: String,
    /// Whose, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Why.
    pub kind: WorkflowErrorKind,
    /// The stable code.
    pub code: String,
    /// What is wrong.
    pub reason: String,
    /// Failed fields by name.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Origin and bytes of a dead letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
    /// Who wrote the event.
    pub source: String,
    /// The trace id.
    pub trace_id: String,
    /// When it happened.
    pub timestamp: String,
}
