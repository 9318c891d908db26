//! The bodies of the REST API as types (`platform.md`, "Shapes"): what the functions answer with and what the `OpenAPI`
//! document is made of. Requests are checked field by field in their functions, so that every failed field is named;
//! their types here say what a request that passes looks like.

mod answers;
mod requests;
mod words;

pub use answers::{
    CheckResult, ExtractedField, Price, ProcessAnswer, ProcessedDocument, ProgressAnswer, RecommendAnswer,
    Recommendation, RiskFactor, RiskProfile, SelectAnswer, SessionAnswer, StatusAnswer, SubmitAnswer, TicketAnswer,
    Upload, UploadAnswer, VerifyAnswer,
};
pub use requests::{
    AnnouncedDocument, Budget, LIMIT_CENTS, LIMIT_COUNT, LIMIT_DOCUMENT_BYTES, LIMIT_DOCUMENTS, LIMIT_ID,
    NamedDocument, Preferences, ProcessRequest, RecommendRequest, SelectRequest, SubmitRequest, UploadRequest,
    VerifyRequest,
};
pub use words::{AGENTS, CHECKS, Coverage, KycStatus, Media, Period, RiskLevel, Travel};

use serde::Serialize;
use serde_json::Value;

/// The answer as JSON. The types here are plain structs, which always become JSON.
pub fn body(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or(Value::Null)
}
