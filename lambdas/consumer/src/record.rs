//! A record as Lambda hands it over: where it was read, and its bytes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use shared::events::header_names;
use shared::trace;

/// A batch, by topic and partition. Only what is needed of it is read: a record's timestamp may be any number, and one
/// that is no date must not make the records beside it unreadable.
#[derive(Debug, Deserialize)]
pub struct Batch {
    /// The records of each partition, in order.
    pub records: BTreeMap<String, Vec<Polled>>,
}

/// A record as the batch has it. Bytes come base64-encoded, header bytes as signed numbers. Source: AWS Lambda Developer
/// Guide, "Process Amazon MSK messages with Lambda".
#[derive(Debug, Deserialize)]
pub struct Polled {
    topic: String,
    partition: i64,
    offset: i64,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    value: Option<String>,
    /// A header of Kafka may have no value.
    #[serde(default)]
    headers: Option<Vec<BTreeMap<String, Option<Vec<i16>>>>>,
}

/// A header's name and its bytes.
pub type Header = (String, Option<Vec<u8>>);

/// Where a record was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The physical topic.
    pub topic: String,
    /// The partition.
    pub partition: i64,
    /// The offset.
    pub offset: i64,
}

impl Origin {
    /// The marker's key of a record that has no readable event id, and the key of its dead letter's event.
    pub fn key(&self) -> String {
        format!("{}#{}#{}", self.topic, self.partition, self.offset)
    }

    /// Where its bytes are put: the same place on every try.
    pub fn object_key(&self) -> String {
        format!("{}/{}/{}", self.topic, self.partition, self.offset)
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it was read.
    pub origin: Origin,
    /// Its key as Lambda encodes it (base64), for the dead letter.
    pub key: Option<String>,
    /// Its value's bytes.
    pub value: Option<Vec<u8>>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// The trace that it belongs to: its header's, where that has the form of one, else a new one.
    pub trace_id: String,
}

impl Record {
    /// Takes a record out of its batch.
    pub fn of(record: Polled) -> Self {
        let origin = Origin { topic: record.topic, partition: record.partition, offset: record.offset };
        // What Lambda encoded decodes; should it not, the text itself is kept for the dead letter.
        let decode = |text: String| STANDARD.decode(&text).unwrap_or_else(|_| text.into_bytes());
        let bytes = |numbers: Vec<i16>| numbers.into_iter().map(|number| number.to_le_bytes()[0]).collect();
        let headers: Vec<Header> =
            record.headers.into_iter().flatten().flatten().map(|(name, value)| (name, value.map(bytes))).collect();
        let trace_id = trace_of(&headers);
        Self { origin, key: record.key, value: record.value.map(decode), headers, trace_id }
    }
}

/// A header's text.
fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let (_, bytes) = headers.iter().find(|(header, _)| header == name)?;
    std::str::from_utf8(bytes.as_deref()?).ok()
}

/// The trace of a record with these headers.
pub fn trace_of(headers: &[Header]) -> String {
    let root = header(headers, header_names::TRACE_ID).map(|id| format!("Root={id}"));
    trace::from_headers([root.as_deref()])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn first(record: &serde_json::Value) -> Record {
        let batch: Batch = serde_json::from_value(json!({ "records": { "t-0": [record] } })).unwrap();
        Record::of(batch.records.into_values().next().unwrap().remove(0))
    }

    #[test]
    fn a_record_of_lambda() {
        let record = first(&json!({
            "topic": "t", "partition": 0, "offset": 7, "timestamp": 1, "timestampType": "CREATE_TIME",
            "key": "Yy0x", "value": "e30=", "headers": [{ "traceId": [49, 45] }, { "bin": [-1, 0] }],
        }));
        assert_eq!(record.origin.key(), "t#0#7");
        assert_eq!(record.origin.object_key(), "t/0/7");
        assert_eq!(record.value.as_deref(), Some(b"{}".as_slice()));
        assert_eq!(header(&record.headers, "traceId"), Some("1-"));
        assert_eq!(record.headers[1].1, Some(vec![255, 0]));
        assert_eq!(header(&record.headers, "bin"), None);
    }

    #[test]
    fn a_record_without_key_value_or_valid_base64() {
        let record = first(&json!({ "topic": "t", "partition": 0, "offset": 7, "timestamp": 1, "headers": [] }));
        assert_eq!((record.key, record.value), (None, None));
        let record =
            first(&json!({ "topic": "t", "partition": 0, "offset": 7, "timestamp": 1, "headers": [], "value": "%" }));
        assert_eq!(record.value.as_deref(), Some(b"%".as_slice()));
    }

    #[test]
    fn no_timestamp_and_no_header_makes_a_batch_unreadable() {
        for timestamp in [json!(-1), json!(i64::MAX), json!(null), json!("yesterday")] {
            let record = first(&json!({
                "topic": "t", "partition": 0, "offset": i64::MAX, "timestamp": timestamp, "value": "e30=",
                "headers": [{ "traceId": null }, { "empty": [] }],
            }));
            assert_eq!((record.origin.offset, record.value.as_deref()), (i64::MAX, Some(b"{}".as_slice())));
            assert_eq!(record.headers, [("traceId".into(), None), ("empty".into(), Some(Vec::new()))]);
            assert!(record.trace_id.starts_with("1-"), "a new trace");
        }
        assert_eq!(first(&json!({ "topic": "t", "partition": 0, "offset": 7, "headers": null })).headers, []);
    }
}
