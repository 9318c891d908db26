//! The event that Lambda sends for Kafka (AWS Lambda Developer Guide, "Using Lambda with Amazon MSK"; aws-facts 2):
//! records grouped by topic and partition, key and value in Base64, header bytes as signed numbers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rdkafka::message::{BorrowedMessage, Headers, Message, Timestamp};
use serde_json::{Value, json};

/// A record on its way to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place in the partition.
    pub offset: i64,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// The record as the event holds it.
    pub json: String,
}

/// What a record consists of.
pub struct Parts<'a> {
    /// Its topic.
    pub topic: &'a str,
    /// Its partition.
    pub partition: i32,
    /// Its place in the partition.
    pub offset: i64,
    /// When it was made or appended.
    pub timestamp: Timestamp,
    /// Its key.
    pub key: Option<&'a [u8]>,
    /// Its value.
    pub value: Option<&'a [u8]>,
    /// Its headers, in order.
    pub headers: Vec<(&'a str, Option<&'a [u8]>)>,
}

impl Record {
    /// Copies what librdkafka holds.
    pub fn copy(message: &BorrowedMessage<'_>) -> Self {
        let headers = message.headers().map(|headers| headers.iter().map(|each| (each.key, each.value)).collect());
        Self::new(&Parts {
            topic: message.topic(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp: message.timestamp(),
            key: message.key(),
            value: message.payload(),
            headers: headers.unwrap_or_default(),
        })
    }

    /// The record as the event holds it.
    pub fn new(parts: &Parts<'_>) -> Self {
        let (timestamp, kind) = match parts.timestamp {
            Timestamp::CreateTime(at) => (at, "CREATE_TIME"),
            Timestamp::LogAppendTime(at) => (at, "LOG_APPEND_TIME"),
            Timestamp::NotAvailable => (-1, "NO_TIMESTAMP_TYPE"),
        };
        let mut record = json!({
            "topic": parts.topic,
            "partition": parts.partition,
            "offset": parts.offset,
            "timestamp": timestamp,
            "timestampType": kind,
        });
        if let Some(key) = parts.key {
            record["key"] = STANDARD.encode(key).into();
        }
        if let Some(value) = parts.value {
            record["value"] = STANDARD.encode(value).into();
        }
        let headers = parts.headers.iter().map(|(name, value)| {
            let bytes: Vec<i8> = value.unwrap_or_default().iter().map(|byte| byte.cast_signed()).collect();
            json!({*name: bytes})
        });
        record["headers"] = headers.collect::<Vec<Value>>().into();
        Self { offset: parts.offset, timestamp, json: record.to_string() }
    }
}

/// What every event of a mapping has in common.
#[derive(Clone, Debug)]
pub struct Envelope {
    head: String,
}

impl Envelope {
    /// The common part of events of one partition.
    pub fn new(source: &str, bootstrap: &str, topic: &str, partition: i32) -> Self {
        let group = Value::from(format!("{topic}-{partition}"));
        let (source, bootstrap) = (Value::from(source), Value::from(bootstrap));
        let head = format!(
            r#"{{"eventSource":"aws:kafka","eventSourceArn":{source},"bootstrapServers":{bootstrap},"records":{{{group}:["#
        );
        Self { head }
    }

    /// Bytes of an event with no record.
    pub fn len(&self) -> usize {
        self.head.len() + "]}}".len()
    }

    /// The event.
    pub fn event<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> String {
        let mut event = self.head.clone();
        for (index, record) in records.into_iter().enumerate() {
            if index > 0 {
                event.push(',');
            }
            event.push_str(&record.json);
        }
        event.push_str("]}}");
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts<'static> {
        Parts {
            topic: "t",
            partition: 3,
            offset: 42,
            timestamp: Timestamp::CreateTime(1_700_000_000_000),
            key: Some(b"k"),
            value: Some(b"{}"),
            headers: vec![("eventType", Some(&[1, 127, 128, 255])), ("empty", None)],
        }
    }

    #[test]
    fn whole_event() {
        let envelope = Envelope::new("arn:x", "h:1,h:2", "t", 3);
        let (one, two) = (
            Record::new(&parts()),
            Record::new(&Parts { offset: 43, key: None, value: None, headers: vec![], ..parts() }),
        );
        let event: Value = serde_json::from_str(&envelope.event([&one, &two])).unwrap();
        let expected = json!({
            "eventSource": "aws:kafka", "eventSourceArn": "arn:x", "bootstrapServers": "h:1,h:2",
            "records": {"t-3": [
                {"topic": "t", "partition": 3, "offset": 42, "timestamp": 1_700_000_000_000_i64,
                 "timestampType": "CREATE_TIME", "key": "aw==", "value": "e30=",
                 "headers": [{"eventType": [1, 127, -128, -1]}, {"empty": []}]},
                {"topic": "t", "partition": 3, "offset": 43, "timestamp": 1_700_000_000_000_i64,
                 "timestampType": "CREATE_TIME", "headers": []},
            ]},
        });
        assert_eq!(event, expected);
        assert_eq!(envelope.event([]).len(), envelope.len());
    }
}
