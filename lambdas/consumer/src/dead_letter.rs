//! A record that can't be read or handled: its bytes go into the bucket as they are, and a workflow error with reason,
//! origin, object key and hash goes through the outbox in the same transaction as its marker. Redriving needs the object
//! alone: the record's key and headers are its metadata.
//!
//! Markers of dead letters are keyed by origin, never by event id, so that a redriven record is handled.

use std::time::Instant;

use anyhow::Context as _;
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use shared::events::{DeadLetter, Envelope, EventType, Fields, WorkflowError, WorkflowErrorKind};
use shared::log::Line;
use shared::outbox;
use shared::tables::{MarkerState, OutboxState};
use shared::transaction::{self, Outcome};
use uuid::Builder;

use crate::effects;
use crate::event::{Data, Event};
use crate::function::Function;
use crate::process::{Handled, finish, marker_of, marker_row, marker_write};
use crate::record::{Origin, Record};

/// Who writes the events.
const SOURCE: &str = "consumer";

/// S3 takes 2 KB of metadata. Source: Amazon S3 User Guide, "Working with object metadata".
const METADATA_BYTES: usize = 1_800;

/// Why a record can't be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable code.
    pub code: &'static str,
    /// The same for a person, without any of the record's content.
    pub text: String,
}

/// Puts a record aside.
pub async fn bury(function: &Function, record: &Record, reason: &Reason) -> anyhow::Result<Handled> {
    let started = Instant::now();
    let event = error_event(&function.dead_letters, record, reason);
    store(function, record).await?;
    let handled = if function.event_type == EventType::WorkflowError {
        straight_to_the_table(function, record, &event).await?
    } else {
        through_the_outbox(function, record, &event.envelope).await?
    };
    if handled == Handled::DeadLetter {
        let line = Line::error("dead letter").trace(&event.envelope.trace_id).event(&event.envelope.event_id);
        line.field("code", reason.code)
            .field("origin", record.origin.key())
            .duration(started)
            .count("DeadLetters")
            .write();
    }
    Ok(handled)
}

/// The workflow error of a dead letter.
fn error_event(bucket: &str, record: &Record, reason: &Reason) -> Event {
    let bytes = record.value.as_deref().unwrap_or_default();
    let error = WorkflowError {
        kind: WorkflowErrorKind::DeadLetter,
        code: reason.code.to_owned(),
        reason: reason.text.clone(),
        fields: Fields::new(),
        dead_letter: Some(DeadLetter {
            topic: record.origin.topic.clone(),
            partition: record.origin.partition,
            offset: record.origin.offset,
            bucket: bucket.to_owned(),
            object_key: record.origin.object_key(),
            sha256: hex::encode(Sha256::digest(bytes)),
            size_bytes: bytes.len(),
        }),
    };
    let mut envelope = Envelope::new(EventType::WorkflowError, SOURCE, &record.trace_id, &error);
    envelope.event_id = event_id(bucket, &record.origin);
    let text = envelope.to_text();
    Event { envelope, data: Data::Error(error), text }
}

/// The event's id: the same on every try, so that an alert that is sent again can be told as the same. Made of where the
/// bytes are, which no other dead letter of a topic shares. Source: RFC 9562, appendix B.2, a UUID of version 8 by name.
fn event_id(bucket: &str, origin: &Origin) -> String {
    let digest = Sha256::digest(format!("{bucket}/{}", origin.object_key()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Puts the bytes into the bucket, at the same key on every try.
async fn store(function: &Function, record: &Record) -> anyhow::Result<()> {
    let mut put = function
        .s3
        .put_object()
        .bucket(&function.dead_letters)
        .key(record.origin.object_key())
        .content_type("application/octet-stream")
        .body(ByteStream::from(record.value.clone().unwrap_or_default()));
    for (name, value) in metadata(record) {
        put = put.metadata(name, value);
    }
    put.send().await.context("s3:PutObject into the dead letters' bucket failed")?;
    Ok(())
}

/// What a redrive needs beside the bytes. Headers that don't fit are left out and that is said: the envelope has them.
fn metadata(record: &Record) -> Vec<(&'static str, String)> {
    let headers: Vec<(&str, Option<String>)> = record
        .headers
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_ref().map(|b| STANDARD.encode(b))))
        .collect();
    let headers = STANDARD.encode(serde_json::to_string(&headers).unwrap_or_default());
    let mut metadata = vec![("record-has-value", record.value.is_some().to_string())];
    let mut room = METADATA_BYTES;
    let parts = [
        ("record-key", "record-key-omitted", record.key.clone()),
        ("record-headers", "record-headers-omitted", Some(headers)),
    ];
    for (name, omitted, value) in parts {
        match value {
            Some(value) if value.len() + name.len() <= room => {
                room -= value.len() + name.len();
                metadata.push((name, value));
            }
            Some(_) => metadata.push((omitted, "true".to_owned())),
            None => {}
        }
    }
    metadata
}

/// The relay publishes it: consumers never talk to Kafka.
async fn through_the_outbox(function: &Function, record: &Record, envelope: &Envelope) -> anyhow::Result<Handled> {
    let origin = record.origin.key();
    let row = outbox::origin_row(envelope, &origin, &origin, OutboxState::Pending);
    let marker = marker_row(&origin, MarkerState::Done, &record.origin);
    let writes = vec![marker_write(function, &marker)?, function.outbox.put(&row)?];
    match transaction::write(&function.dynamodb, writes).await? {
        Outcome::Written => Ok(Handled::DeadLetter),
        Outcome::Refused(_) => Ok(Handled::Before),
    }
}

/// On the errors' own topic there is no way round through Kafka: it would fail again.
async fn straight_to_the_table(function: &Function, record: &Record, event: &Event) -> anyhow::Result<Handled> {
    let origin = record.origin.key();
    let mut marker = marker_row(&origin, MarkerState::Pending, &record.origin);
    let mut writes = vec![marker_write(function, &marker)?];
    if let Some(row) = effects::error_row(event) {
        writes.push(effects::put(&function.workflow_errors, &row)?);
    }
    if let Outcome::Refused(refusals) = transaction::write(&function.dynamodb, writes).await? {
        let refusal =
            refusals.into_iter().find(|refusal| refusal.index == 0).context("no marker refused the dead letter")?;
        marker = marker_of(refusal)?;
        if marker.state == MarkerState::Done {
            return Ok(Handled::Before);
        }
    }
    finish(function, event, &marker).await?;
    Ok(Handled::DeadLetter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Header;

    fn record(value: &[u8], headers: Vec<Header>) -> Record {
        Record {
            origin: Origin { topic: "t".into(), partition: 1, offset: 2 },
            key: Some("Yy0x".into()),
            value: Some(value.to_vec()),
            trace_id: crate::record::trace_of(&headers),
            headers,
        }
    }

    #[test]
    fn the_error_says_where_the_bytes_are_and_not_what_they_say() {
        let reason = Reason { code: "NOT_JSON", text: "the record is not a JSON object".into() };
        let event = error_event("bucket", &record(b"born 1990-01-01", Vec::new()), &reason);
        let Data::Error(error) = &event.data else { panic!("not an error") };
        let letter = error.dead_letter.as_ref().unwrap();
        assert_eq!((letter.topic.as_str(), letter.partition, letter.offset), ("t", 1, 2));
        assert_eq!(letter.object_key, "t/1/2");
        assert_eq!(letter.sha256, hex::encode(Sha256::digest(b"born 1990-01-01")));
        assert!(!event.text.contains("1990"));
        assert!(crate::event::read(Some(event.text.as_bytes()), EventType::WorkflowError).is_ok());
        let again = error_event("bucket", &record(b"born 1990-01-01", Vec::new()), &reason);
        assert_eq!(again.envelope.event_id, event.envelope.event_id, "one event, however often it is tried");
        let mut next = record(b"born 1990-01-01", Vec::new());
        next.origin.offset += 1;
        assert_ne!(error_event("bucket", &next, &reason).envelope.event_id, event.envelope.event_id);
        assert_eq!(effects::error_row(&event).unwrap().event_id, event.envelope.event_id);
        let id = uuid::Uuid::parse_str(&event.envelope.event_id).unwrap();
        assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
    }

    #[test]
    fn the_records_trace_goes_on() {
        let reason = Reason { code: "NOT_JSON", text: String::new() };
        let traced = record(b"", vec![("traceId".into(), Some(b"1-a-b".to_vec()))]);
        assert_eq!(error_event("b", &traced, &reason).envelope.trace_id, "1-a-b");
        let untraced = record(b"", vec![("traceId".into(), Some(b"\xff".to_vec()))]);
        assert!(error_event("b", &untraced, &reason).envelope.trace_id.starts_with("1-"));
    }

    #[test]
    fn metadata_holds_key_and_headers_as_far_as_they_fit() {
        let names = |record: &Record| metadata(record).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(&record(b"", Vec::new())), ["record-has-value", "record-key", "record-headers"]);
        let large = record(b"", vec![("h".into(), Some(vec![0; 4_000]))]);
        assert_eq!(names(&large), ["record-has-value", "record-key", "record-headers-omitted"]);
    }
}
