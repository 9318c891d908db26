//! What `tests/clients/load.py` reads of a platform, as types.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::support::platform::Platform;

impl Platform {
    /// Runs `tests/clients/load.py` and returns what it prints.
    pub fn load(&self, verb: &str, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = std::iter::once(verb).chain(arguments.iter().copied()).collect();
        self.python_script("tests/clients/load.py", &arguments)
    }
}

/// Everything that a load left.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    pub users: Vec<User>,
    pub applications: Vec<Application>,
    pub kyc_results: Vec<Value>,
    pub recommendations: Vec<Value>,
    pub audit: Vec<Audit>,
    pub errors: Vec<Value>,
    pub outbox: Vec<Value>,
    pub markers: Vec<Marker>,
    /// By topic, in the order of the partitions' offsets.
    pub records: BTreeMap<String, Vec<Record>>,
    /// What the SNS topics said.
    pub messages: Messages,
    /// What SES took.
    pub mails: Vec<Mail>,
    /// What consumers logged of the records that they were given.
    pub handled: Vec<Handled>,
}

/// What the SNS topics said, each for itself.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Messages {
    pub alerts: Vec<Value>,
    pub compliance: Vec<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Mail {
    pub message_id: String,
    pub to: Vec<String>,
    #[serde(rename = "CC", default)]
    pub copies: Vec<String>,
    #[serde(rename = "BCC", default)]
    pub blind_copies: Vec<String>,
    #[serde(default)]
    pub body_text: Option<String>,
}

/// A consumer's line about a record: `new`, `notified_again`, `before` or `dead_letter`. A consumer that was killed has
/// written none.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handled {
    pub event_id: String,
    pub handled: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub customer_id: String,
    pub state: String,
    pub sequence: u64,
    #[serde(default)]
    pub event_sequence: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    pub application_id: String,
    pub customer_id: String,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub event_sequence: Option<u64>,
    #[serde(default)]
    pub archive_at: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    pub customer_id: String,
    pub event_id: String,
    pub event_type: String,
    #[serde(default)]
    pub sequence: Option<u64>,
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where the record was read that had the effect.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Origin {
    pub topic: String,
    pub partition: i64,
    pub offset: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Marker {
    pub event_id: String,
    pub state: String,
    #[serde(flatten)]
    pub origin: Origin,
    #[serde(default)]
    pub mail_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    pub partition: i64,
    pub offset: i64,
    pub key: String,
    pub value: Option<Value>,
    /// As an object of texts.
    pub headers: Value,
}
