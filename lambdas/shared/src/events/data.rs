//! What each event type carries in `data`: ids and results only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Failed fields by name, with what is wrong with each. The text never repeats the value.
pub type Fields = BTreeMap<String, String>;

/// A postal address as the customer gives it: one text, or named lines. It stays in the `users` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Address {
    /// One text.
    Text(String),
    /// Named lines (`street`, `city`, `postalCode`, `country`, …).
    Lines(BTreeMap<String, String>),
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
    pub average_confidence: f64,
}

/// `KYC_VERIFIED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KycVerified {
    /// `APPROVED`, `REQUIRES_REVIEW` or `REJECTED`.
    pub status: String,
    /// `LOW`, `MEDIUM` or `HIGH`.
    pub risk_level: String,
}

impl KycVerified {
    /// Whether a human must look at it.
    pub fn requires_review(&self) -> bool {
        self.status == "REQUIRES_REVIEW"
    }
}

/// `POLICY_RECOMMENDED`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRecommended {
    /// The top of the list, best first.
    pub recommendations: Vec<RecommendedPolicy>,
}

/// One recommended policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendedPolicy {
    /// Its id in the policy catalogue.
    pub policy_id: String,
    /// How well it fits, 0 to 100.
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
    pub partition: i64,
    /// The offset.
    pub offset: i64,
    /// The bucket of the bytes.
    pub bucket: String,
    /// The object with the bytes as they were.
    pub object_key: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size_bytes: usize,
}
