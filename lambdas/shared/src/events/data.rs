//! What each event type carries in `data`: ids and results only.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::api::{KycStatus, RiskLevel};

/// Failed fields by name, with what is wrong with each. The text never repeats the value.
pub type Fields = BTreeMap<String, String>;

/// A postal address as the customer gives it: one text, or named lines. It stays in the `users` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Address {
    /// One text.
    #[schemars(schema_with = "address_line")]
    Text(String),
    /// Named lines (`street`, `city`, `postalCode`, `country`, …).
    #[schemars(schema_with = "address_lines")]
    Lines(BTreeMap<String, String>),
}

/// A text that is not blank. Unicode counts U+0085 as white space and U+FEFF not, ECMA's `\s` the other way round.
fn address_line(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "minLength": 1, "maxLength": 500, "pattern": r"[^\s\u0085]|\uFEFF" })
}

fn address_lines(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 12,
        "propertyNames": { "minLength": 1, "maxLength": 40 },
        "additionalProperties": address_line(generator),
    })
}

/// `USER_INFO_SUBMITTED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserInfoSubmitted {
    /// Whether this customer had submitted before.
    pub resubmitted: bool,
}

/// `DOCUMENTS_PROCESSED`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentsProcessed {
    /// Mean confidence over all fields, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub average_confidence: f64,
}

/// `KYC_VERIFIED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KycVerified {
    /// What the checks came to.
    #[schemars(with = "KycStatus")]
    pub status: String,
    /// The risk that they found.
    #[schemars(with = "RiskLevel")]
    pub risk_level: String,
}

impl KycVerified {
    /// Whether a human must look at it.
    pub fn requires_review(&self) -> bool {
        self.status == KycStatus::RequiresReview.as_str()
    }
}

/// `POLICY_RECOMMENDED`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRecommended {
    /// The top of the list, best first.
    #[schemars(length(max = 5))]
    pub recommendations: Vec<RecommendedPolicy>,
}

/// One recommended policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendedPolicy {
    /// Its id in the policy catalogue.
    pub policy_id: String,
    /// How well it fits, 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub fit_score: f64,
}

/// `WORKFLOW_COMPLETED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowCompleted {
    /// The chosen policy.
    pub policy_id: String,
}

/// Why there is a `WORKFLOW_ERROR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkflowErrorKind {
    /// A request that was answered 400. Nobody is alerted: anyone outside can cause it.
    Validation,
    /// A record that could not be read or handled. Operators are alerted.
    DeadLetter,
}

/// `WORKFLOW_ERROR`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowError {
    /// Why.
    pub kind: WorkflowErrorKind,
    /// A stable code: `VALIDATION_FAILED`, `NOT_JSON`, …
    #[schemars(regex(pattern = "^[A-Z][A-Z0-9_]*$"))]
    pub code: String,
    /// What is wrong, without any value of the customer's.
    pub reason: String,
    /// Failed fields of a validation, by name.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Where a dead letter came from and where its bytes are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<DeadLetter>,
}

/// Where a record that could not be handled came from and where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// The physical topic.
    pub topic: String,
    /// The partition.
    #[schemars(range(min = 0))]
    pub partition: i64,
    /// The offset.
    #[schemars(range(min = 0))]
    pub offset: i64,
    /// The bucket of the bytes.
    pub bucket: String,
    /// The object with the bytes as they were.
    pub object_key: String,
    /// SHA-256 of the bytes, hexadecimal.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// How many bytes.
    pub size_bytes: usize,
}
