//! The envelope: the JSON value of every record, and the headers that repeat its first fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::EventType;

/// The version of the envelope that is written, and the only one that is read.
pub const VERSION: &str = "1.0";

/// The largest record that is read. A push carries the envelope too, and `PostToConnection` takes 131072 bytes
/// (API model of apigatewaymanagementapi), so a little less than that.
pub const LIMIT_BYTES: usize = 120_000;

/// The longest id that is read. Ids become keys of tables, which may be neither empty nor larger than 1024 bytes (sort
/// key).
const LIMIT_ID_BYTES: usize = 200;

/// Names of the record headers.
pub mod header_names {
    /// The event type.
    pub const EVENT_TYPE: &str = "eventType";
    /// The function that wrote it.
    pub const SOURCE: &str = "source";
    /// The envelope's version.
    pub const VERSION: &str = "version";
    /// The event id.
    pub const EVENT_ID: &str = "eventId";
    /// The trace id.
    pub const TRACE_ID: &str = "traceId";
}

/// One event. More fields may come; these keep their meaning within a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// `UUIDv7`, of a dead letter version 8 by its place; receivers drop a second event with the same id.
    #[schemars(extend("format" = "uuid"))]
    pub event_id: String,
    /// What has happened.
    pub event_type: EventType,
    /// The envelope's version.
    #[schemars(extend("const" = VERSION))]
    pub version: String,
    /// When, RFC 3339 in UTC.
    #[schemars(extend("format" = "date-time"))]
    pub timestamp: String,
    /// Whose event it is, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = LIMIT_ID_BYTES))]
    pub customer_id: Option<String>,
    /// Rises with each step of the customer; errors have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub sequence: Option<u64>,
    /// Which application, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = LIMIT_ID_BYTES))]
    pub application_id: Option<String>,
    /// The function that wrote it.
    pub source: String,
    /// The trace id of the request behind it.
    #[schemars(regex(pattern = "^[A-Za-z0-9-]{1,64}$"))]
    pub trace_id: String,
    /// What the event type carries.
    pub data: Value,
}

/// Why bytes are not an event. Each is a dead letter's `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The record has no value.
    Empty,
    /// Larger than [`LIMIT_BYTES`].
    TooLarge(usize),
    /// Not a JSON object.
    NotJson,
    /// A version that this code does not know; repeated only where it looks like one.
    UnknownVersion(Option<String>),
    /// A JSON object, but not this envelope.
    NotAnEnvelope(String),
    /// An event type that belongs on another topic.
    WrongTopic(EventType),
    /// `data` is not what the event type carries.
    WrongData(String),
    /// A customer's event without what it needs: customer, sequence or application.
    Incomplete(&'static str),
}

impl Unreadable {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::TooLarge(_) => "TOO_LARGE",
            Self::NotJson => "NOT_JSON",
            Self::UnknownVersion(_) => "UNKNOWN_VERSION",
            Self::NotAnEnvelope(_) => "NOT_AN_ENVELOPE",
            Self::WrongTopic(_) => "WRONG_TOPIC",
            Self::WrongData(_) => "WRONG_DATA",
            Self::Incomplete(_) => "INCOMPLETE",
        }
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(formatter, "the record has no value"),
            Self::TooLarge(bytes) => write!(formatter, "the record has {bytes} bytes, the limit is {LIMIT_BYTES}"),
            Self::NotJson => write!(formatter, "the record is not a JSON object"),
            Self::UnknownVersion(Some(version)) => write!(formatter, "version {version} is unknown, {VERSION} is read"),
            Self::UnknownVersion(None) => write!(formatter, "the version is unknown, {VERSION} is read"),
            Self::NotAnEnvelope(field) => write!(formatter, "the envelope's field {field} is missing or malformed"),
            Self::WrongTopic(event_type) => write!(formatter, "{event_type} belongs on {}", event_type.topic()),
            Self::WrongData(event_type) => write!(formatter, "data is not what {event_type} carries"),
            Self::Incomplete(field) => write!(formatter, "the event has no {field}"),
        }
    }
}

impl Envelope {
    /// A new event without customer; see [`Envelope::of_customer`].
    pub fn new(event_type: EventType, source: &str, trace_id: &str, data: &impl Serialize) -> Self {
        Self {
            event_id: Uuid::now_v7().to_string(),
            event_type,
            version: VERSION.to_owned(),
            timestamp: crate::time::text(crate::time::now()),
            customer_id: None,
            sequence: None,
            application_id: None,
            source: source.to_owned(),
            trace_id: trace_id.to_owned(),
            // The data types are plain structs, which always become JSON.
            data: serde_json::to_value(data).unwrap_or(Value::Null),
        }
    }

    /// The same event as one of this customer's.
    #[must_use]
    pub fn of_customer(mut self, customer_id: &str, sequence: Option<u64>) -> Self {
        self.customer_id = Some(customer_id.to_owned());
        self.sequence = sequence;
        self
    }

    /// The record's value.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The record's headers.
    pub fn headers(&self) -> [(&'static str, &str); 5] {
        [
            (header_names::EVENT_TYPE, self.event_type.as_str()),
            (header_names::SOURCE, &self.source),
            (header_names::VERSION, &self.version),
            (header_names::EVENT_ID, &self.event_id),
            (header_names::TRACE_ID, &self.trace_id),
        ]
    }

    /// Reads a record's value. The version is looked at before anything else, because a later version may have
    /// changed everything else.
    pub fn read(bytes: Option<&[u8]>) -> Result<Self, Unreadable> {
        let bytes = bytes.filter(|bytes| !bytes.is_empty()).ok_or(Unreadable::Empty)?;
        if bytes.len() > LIMIT_BYTES {
            return Err(Unreadable::TooLarge(bytes.len()));
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|_| Unreadable::NotJson)?;
        let Value::Object(object) = value else {
            return Err(Unreadable::NotJson);
        };
        match object.get("version") {
            Some(Value::String(version)) if version == VERSION => {}
            Some(other) => return Err(Unreadable::UnknownVersion(version_text(other))),
            None => return Err(Unreadable::NotAnEnvelope("version".into())),
        }
        let envelope: Self = serde_json::from_value(Value::Object(object.clone()))
            .map_err(|_| Unreadable::NotAnEnvelope(first_malformed(&object)))?;
        for (name, id) in [
            ("eventId", Some(&envelope.event_id)),
            ("customerId", envelope.customer_id.as_ref()),
            ("applicationId", envelope.application_id.as_ref()),
            ("traceId", Some(&envelope.trace_id)),
        ] {
            if id.is_some_and(|id| id.is_empty() || id.len() > LIMIT_ID_BYTES) {
                return Err(Unreadable::NotAnEnvelope(name.into()));
            }
        }
        Ok(envelope)
    }
}

/// A version's text. Anything else in its place may be anybody's data and is not repeated.
fn version_text(value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let shaped = text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    shaped.then_some(text)
}

/// The first field that keeps an object from being an envelope, by name only: its value may be anything.
fn first_malformed(object: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| !object.get(name).is_some_and(Value::is_string);
    let known_type = object.get("eventType").is_some_and(|value| EventType::deserialize(value).is_ok());
    match () {
        () if text("eventId") => "eventId",
        () if !known_type => "eventType",
        () if text("timestamp") => "timestamp",
        () if text("source") => "source",
        () if text("traceId") => "traceId",
        () if !object.contains_key("data") => "data",
        () => "customerId, sequence or applicationId",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sample() -> Envelope {
        Envelope::new(EventType::UserInfoSubmitted, "submit-user-info", "1-a-b", &json!({"resubmitted": false}))
            .of_customer("c-1", Some(1))
    }

    #[test]
    fn what_is_written_can_be_read() {
        let envelope = sample();
        assert_eq!(Envelope::read(Some(envelope.to_text().as_bytes())), Ok(envelope));
    }

    #[test]
    fn the_shape_is_the_contract() {
        let value = serde_json::to_value(sample()).unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            keys,
            ["eventId", "eventType", "version", "timestamp", "customerId", "sequence", "source", "traceId", "data"]
        );
        assert_eq!(value["eventType"], "USER_INFO_SUBMITTED");
    }

    #[test]
    fn headers_repeat_the_first_fields() {
        let envelope = sample();
        let names: Vec<_> = envelope.headers().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["eventType", "source", "version", "eventId", "traceId"]);
    }

    #[test]
    fn bytes_that_are_no_event() {
        let with = |name: &str, value: Value| {
            let mut object = serde_json::to_value(sample()).unwrap();
            object[name] = value;
            object.to_string().into_bytes()
        };
        for (bytes, expected) in [
            (None, "EMPTY"),
            (Some(Vec::new()), "EMPTY"),
            (Some(b"not json".to_vec()), "NOT_JSON"),
            (Some(b"[1]".to_vec()), "NOT_JSON"),
            (Some(b"\xff\xfe".to_vec()), "NOT_JSON"),
            (Some(vec![b' '; 1_000_000]), "TOO_LARGE"),
            (Some(with("version", json!("99"))), "UNKNOWN_VERSION"),
            (Some(with("version", json!(2))), "UNKNOWN_VERSION"),
            (Some(b"{}".to_vec()), "NOT_AN_ENVELOPE"),
            (Some(with("eventType", json!("NEW"))), "NOT_AN_ENVELOPE"),
            (Some(with("sequence", json!(-1))), "NOT_AN_ENVELOPE"),
            (Some(with("eventId", json!(""))), "NOT_AN_ENVELOPE"),
        ] {
            assert_eq!(Envelope::read(bytes.as_deref()).unwrap_err().code(), expected, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = Envelope::read(Some(&bytes));
        }

        #[test]
        fn any_json_object_is_read_without_panic(name in "[a-zA-Z]{0,12}", text in ".{0,64}") {
            let mut object = serde_json::to_value(sample()).unwrap();
            object[name] = Value::String(text);
            let _ = Envelope::read(Some(object.to_string().as_bytes()));
        }

        #[test]
        fn any_customer_survives(customer in "[a-z0-9-]{1,60}", sequence in any::<u64>()) {
            let envelope = sample().of_customer(&customer, Some(sequence));
            prop_assert_eq!(Envelope::read(Some(envelope.to_text().as_bytes())), Ok(envelope));
        }
    }
}
