//! What the routes answer with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{AGENTS, CHECKS, Coverage, KycStatus, Period, RiskLevel};
use crate::progress::{Progress, State};
use crate::tables::DocumentType;

/// Answer of `POST /api/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionAnswer {
    /// The customer.
    #[schemars(extend("format" = "uuid"))]
    pub customer_id: String,
    /// The bearer token of further calls.
    pub session_token: String,
    /// When the token ends, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub expires_at: String,
}

/// Answer of `POST /api/user/submit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmitAnswer {
    /// The session.
    #[serde(flatten)]
    pub session: SessionAnswer,
    /// The five tiles.
    pub progress: Progress,
}

/// Answer of `GET /api/user/{customerId}/progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressAnswer {
    /// The customer.
    #[schemars(extend("format" = "uuid"))]
    pub customer_id: String,
    /// The step that the customer has reached.
    pub state: State,
    /// The five tiles.
    pub progress: Progress,
    /// The application under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uuid"))]
    pub application_id: Option<String>,
}

/// Where a document is to be put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// The document.
    #[schemars(extend("format" = "uuid"))]
    pub document_id: String,
    /// A pre-signed URL for one `PUT`.
    #[schemars(url)]
    pub url: String,
    /// Headers that the `PUT` must send as they are.
    pub headers: BTreeMap<String, String>,
    /// When the URL ends, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub expires_at: String,
}

/// Answer of `POST /api/documents/upload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// One per announced document, in their order.
    pub uploads: Vec<Upload>,
}

/// A field that was read from a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExtractedField {
    /// Its name, `documentNumber` say.
    pub name: String,
    /// What was read.
    pub value: String,
    /// How sure the agent is, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f64,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessedDocument {
    /// The document.
    #[schemars(extend("format" = "uuid"))]
    pub document_id: String,
    /// What it is.
    #[schemars(with = "DocumentType")]
    pub document_type: String,
    /// Who read it.
    #[schemars(extend("enum" = AGENTS))]
    pub agent: String,
    /// What was read.
    pub fields: Vec<ExtractedField>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// Answer of `POST /api/documents/process`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// The documents, in the request's order.
    pub documents: Vec<ProcessedDocument>,
    /// Mean confidence over all fields, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub average_confidence: f64,
}

/// One check of the identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// Which.
    #[schemars(extend("enum" = CHECKS))]
    pub check: String,
    /// What it came to: a cell of the decision table.
    pub result: String,
    /// Whether it passed.
    pub passed: bool,
    /// How clearly, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub score: f64,
    /// Why.
    pub evidence: Vec<String>,
}

/// Answer of `POST /api/kyc/verify`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// What the checks came to.
    #[schemars(with = "KycStatus")]
    pub status: String,
    /// The risk that they found.
    #[schemars(with = "RiskLevel")]
    pub risk_level: String,
    /// The five checks.
    #[schemars(length(equal = CHECKS.len()))]
    pub checks: Vec<CheckResult>,
}

/// What a policy costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// With two decimals.
    #[schemars(range(min = 0.01))]
    pub amount: f64,
    /// ISO 4217.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    /// How often it is due.
    #[schemars(with = "Period")]
    pub period: String,
}

/// One offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    /// Its id in the policy catalogue.
    pub policy_id: String,
    /// Its name.
    pub name: String,
    /// How well it fits, 0 to 100.
    #[schemars(range(min = 0, max = 100))]
    pub fit_score: f64,
    /// Why.
    pub reasons: Vec<String>,
    /// What it costs this customer.
    pub price: Price,
}

/// What raises a customer's risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskFactor {
    /// Which: `KYC`, `COUNTRY`, `SMOKER` or `AGE`.
    pub factor: String,
    /// By how much.
    #[schemars(range(min = 1, max = 100))]
    pub points: u8,
}

/// What prices are adjusted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskProfile {
    /// The level of the points.
    pub level: RiskLevel,
    /// All points.
    #[schemars(range(max = 100))]
    pub score: u8,
    /// What the points are for; empty where there are none.
    pub factors: Vec<RiskFactor>,
    /// Completed years.
    pub age: u8,
    /// Where the customer lives, ISO 3166-1 alpha-2; null where that is not known.
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    pub country: Option<String>,
}

/// Answer of `POST /api/policy/recommend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// What the price was adjusted by.
    pub risk_profile: RiskProfile,
    /// Needs that nothing covers yet.
    #[schemars(with = "Vec<Coverage>")]
    pub gaps: Vec<String>,
    /// At most five, best first.
    #[schemars(length(max = 5))]
    pub recommendations: Vec<Recommendation>,
}

/// Answer of `POST /api/policy/select`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// The chosen policy.
    pub policy_id: String,
    /// The state that the customer has reached.
    pub status: State,
}

/// Answer of `GET /api/applications/{applicationId}/status`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// The application.
    #[schemars(extend("format" = "uuid"))]
    pub application_id: String,
    /// The state that it has reached.
    pub status: State,
    /// Mean confidence over the documents' fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1))]
    pub average_confidence: Option<f64>,
    /// What the checks of the identity came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<KycStatus>")]
    pub kyc_status: Option<String>,
    /// The risk that they found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<RiskLevel>")]
    pub risk_level: Option<String>,
    /// The chosen policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// When it last changed, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub updated_at: String,
}

/// Answer of `POST /api/ws/ticket`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketAnswer {
    /// Opens one WebSocket, once.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub ticket: String,
    /// When it ends, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    pub expires_at: String,
    /// Where: `GET {url}?ticket=…` upgrades.
    #[schemars(url)]
    pub url: String,
}
