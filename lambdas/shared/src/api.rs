//! The bodies of the REST API as types (`platform.md`, "Shapes"): what the functions answer with and what the `OpenAPI`
//! document is made of. Requests are checked field by field in their functions, so that every failed field is named;
//! their types here say what a request that passes looks like.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::events::Address;
use crate::progress::{Progress, State};

/// Answer of `POST /api/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionAnswer {
    /// The customer.
    pub customer_id: String,
    /// The bearer token of further calls.
    pub session_token: String,
    /// When the token ends, RFC 3339.
    pub expires_at: String,
}

/// Request of `POST /api/user/submit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmitRequest {
    /// E-mail address.
    #[schemars(extend("format" = "email"), length(max = 254))]
    pub email: String,
    /// Given name.
    #[schemars(length(min = 1, max = 100))]
    pub first_name: String,
    /// Family name.
    #[schemars(length(min = 1, max = 100))]
    pub last_name: String,
    /// A past day, `YYYY-MM-DD`.
    #[schemars(extend("format" = "date"))]
    pub date_of_birth: String,
    /// E.164.
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))]
    pub phone_number: String,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
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
    pub customer_id: String,
    /// The step that the customer has reached.
    pub state: State,
    /// The five tiles.
    pub progress: Progress,
    /// The application under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
}

/// A document that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedDocument {
    /// `PASSPORT`, `ID_CARD`, …
    pub document_type: String,
    /// The file's name on the customer's computer.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// Its length.
    pub size_bytes: u64,
}

/// Request of `POST /api/documents/upload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadRequest {
    /// What is going to be uploaded.
    #[schemars(length(min = 1, max = 10))]
    pub documents: Vec<AnnouncedDocument>,
}

/// Where a document is to be put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// The document.
    pub document_id: String,
    /// A pre-signed URL for one `PUT`.
    pub url: String,
    /// Headers that the `PUT` must send as they are.
    pub headers: BTreeMap<String, String>,
    /// When the URL ends, RFC 3339.
    pub expires_at: String,
}

/// Answer of `POST /api/documents/upload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadAnswer {
    /// The application.
    pub application_id: String,
    /// One per announced document, in their order.
    pub uploads: Vec<Upload>,
}

/// A document by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedDocument {
    /// The document.
    pub document_id: String,
}

/// Request of `POST /api/documents/process`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessRequest {
    /// The application.
    pub application_id: String,
    /// The documents to be read.
    #[schemars(length(min = 1, max = 10))]
    pub documents: Vec<NamedDocument>,
    /// Who reads them: `builtin` or `textract`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
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
    pub confidence: f64,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessedDocument {
    /// The document.
    pub document_id: String,
    /// What it is.
    pub document_type: String,
    /// Who read it.
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
    pub application_id: String,
    /// The documents, in the request's order.
    pub documents: Vec<ProcessedDocument>,
    /// Mean confidence over all fields, 0 to 1.
    pub average_confidence: f64,
}

/// Request of `POST /api/kyc/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyRequest {
    /// The application.
    pub application_id: String,
}

/// One check of the identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// Which.
    pub check: String,
    /// What it came to: a cell of the decision table.
    pub result: String,
    /// Whether it passed.
    pub passed: bool,
    /// How clearly, 0 to 1.
    pub score: f64,
    /// Why.
    pub evidence: Vec<String>,
}

/// Answer of `POST /api/kyc/verify`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyAnswer {
    /// The application.
    pub application_id: String,
    /// `APPROVED`, `REQUIRES_REVIEW` or `REJECTED`.
    pub status: String,
    /// `LOW`, `MEDIUM` or `HIGH`.
    pub risk_level: String,
    /// The five checks.
    pub checks: Vec<CheckResult>,
}

/// Request of `POST /api/policy/recommend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendRequest {
    /// The application.
    pub application_id: String,
    /// What the customer wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Value>,
}

/// What a policy costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// With two decimals.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
    /// `MONTH` or `YEAR`.
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
    pub fit_score: f64,
    /// Why.
    pub reasons: Vec<String>,
    /// What it costs this customer.
    pub price: Price,
}

/// Answer of `POST /api/policy/recommend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendAnswer {
    /// The application.
    pub application_id: String,
    /// What the price was adjusted by.
    pub risk_profile: Value,
    /// Needs that nothing covers yet.
    pub gaps: Vec<String>,
    /// At most five, best first.
    pub recommendations: Vec<Recommendation>,
}

/// Request of `POST /api/policy/select`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectRequest {
    /// The application.
    pub application_id: String,
    /// One of the recommended policies.
    pub policy_id: String,
}

/// Answer of `POST /api/policy/select`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectAnswer {
    /// The application.
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
    pub application_id: String,
    /// The state that it has reached.
    pub status: State,
    /// Mean confidence over the documents' fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_confidence: Option<f64>,
    /// What the checks of the identity came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_status: Option<String>,
    /// The risk that they found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_level: Option<String>,
    /// The chosen policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// When it last changed, RFC 3339.
    pub updated_at: String,
}

/// Answer of `POST /api/ws/ticket`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TicketAnswer {
    /// Opens one WebSocket, once.
    pub ticket: String,
    /// When it ends, RFC 3339.
    pub expires_at: String,
    /// Where: `GET {url}?ticket=…` upgrades.
    pub url: String,
}

/// The answer as JSON. The types here are plain structs, which always become JSON.
pub fn body(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or(Value::Null)
}
