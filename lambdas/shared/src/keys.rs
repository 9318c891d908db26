//! The environment variables of the functions: the only place where a function reads its environment, and what
//! `env sync` is held against. Values come from the catalogue; secrets are passed by their id, never by value.

use anyhow::Context as _;

/// The environment's name: `local`, `dev`, `staging`, `production`.
pub const ENVIRONMENT: &str = "ENVIRONMENT";
/// Table of customers.
pub const USERS_TABLE: &str = "USERS_TABLE";
/// Table of applications.
pub const APPLICATIONS_TABLE: &str = "APPLICATIONS_TABLE";
/// Table of the KYC checks' results.
pub const KYC_RESULTS_TABLE: &str = "KYC_RESULTS_TABLE";
/// Table of recommended policies.
pub const POLICY_RECOMMENDATIONS_TABLE: &str = "POLICY_RECOMMENDATIONS_TABLE";
/// Table of the audit rows.
pub const AUDIT_TABLE: &str = "AUDIT_TABLE";
/// Table of validation failures and dead letters.
pub const WORKFLOW_ERRORS_TABLE: &str = "WORKFLOW_ERRORS_TABLE";
/// Table of events on their way to Kafka.
pub const OUTBOX_TABLE: &str = "OUTBOX_TABLE";
/// Table of the markers of handled events.
pub const PROCESSED_EVENTS_TABLE: &str = "PROCESSED_EVENTS_TABLE";
/// Table of outcomes by `Idempotency-Key`.
pub const IDEMPOTENCY_TABLE: &str = "IDEMPOTENCY_TABLE";
/// Table of open sockets.
pub const CONNECTIONS_TABLE: &str = "CONNECTIONS_TABLE";
/// Table of single-use tickets.
pub const TICKETS_TABLE: &str = "TICKETS_TABLE";
/// Bucket of the customers' documents.
pub const DOCUMENTS_BUCKET: &str = "DOCUMENTS_BUCKET";
/// Who reads documents unless a request says otherwise: `builtin` or `textract`.
pub const DOCUMENT_AGENT: &str = "DOCUMENT_AGENT";
/// The agents that a request may name, with commas between: those that the function's role lets it use.
pub const DOCUMENT_AGENTS: &str = "DOCUMENT_AGENTS";
/// Bucket of archived applications.
pub const ARCHIVE_BUCKET: &str = "ARCHIVE_BUCKET";
/// Bucket of records that could not be handled.
pub const DEAD_LETTERS_BUCKET: &str = "DEAD_LETTERS_BUCKET";
/// SNS topic of operators.
pub const ALERTS_TOPIC_ARN: &str = "ALERTS_TOPIC_ARN";
/// SNS topic of compliance.
pub const COMPLIANCE_TOPIC_ARN: &str = "COMPLIANCE_TOPIC_ARN";
/// Address that mail to customers is sent from.
pub const MAIL_SENDER: &str = "MAIL_SENDER";
/// Id of the secret that signs sessions.
pub const SESSION_SECRET_ID: &str = "SESSION_SECRET_ID";
/// Id of the SCRAM secret, JSON `{"username","password"}`.
pub const KAFKA_SECRET_ID: &str = "KAFKA_SECRET_ID";
/// Bootstrap brokers, `host:port,host:port`.
pub const KAFKA_BOOTSTRAP: &str = "KAFKA_BOOTSTRAP";
/// `ssl.ca.location`: `probe` or a PEM file.
pub const KAFKA_CA: &str = "KAFKA_CA";
/// What topics are prefixed with on a shared cluster; may be empty.
pub const TOPIC_PREFIX: &str = "TOPIC_PREFIX";
/// The topic that this instance of the consumer handles, as the domain names it.
pub const TOPIC: &str = "TOPIC";
/// How the mapping polls: `provisioned` honours partial batch failures; anything else does not.
pub const POLLER: &str = "POLLER";
/// Address of the WebSocket management API.
pub const WEBSOCKET_MANAGEMENT: &str = "WEBSOCKET_MANAGEMENT";
/// Where a browser opens the WebSocket.
pub const WEBSOCKET_URL: &str = "WEBSOCKET_URL";
/// KYC: names this alike (0 to 1) are the same person's.
pub const KYC_NAME_THRESHOLD: &str = "KYC_NAME_THRESHOLD";
/// KYC: names less alike than this are another person's.
pub const KYC_NAME_REVIEW_THRESHOLD: &str = "KYC_NAME_REVIEW_THRESHOLD";
/// KYC: a listed name this alike is a hit if the day of birth is the same.
pub const KYC_WATCHLIST_HIT_THRESHOLD: &str = "KYC_WATCHLIST_HIT_THRESHOLD";
/// KYC: a listed name this alike is a possible hit.
pub const KYC_WATCHLIST_POSSIBLE_THRESHOLD: &str = "KYC_WATCHLIST_POSSIBLE_THRESHOLD";
/// KYC: addresses this alike are the same.
pub const KYC_ADDRESS_THRESHOLD: &str = "KYC_ADDRESS_THRESHOLD";
/// KYC: a document's field that was read with less confidence proves nothing.
pub const KYC_CONFIDENCE_THRESHOLD: &str = "KYC_CONFIDENCE_THRESHOLD";
/// The function's own name, set by Lambda.
pub const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";
/// The region, set by Lambda.
pub const REGION: &str = "AWS_REGION";
/// Another address for all AWS APIs, as every SDK reads it; on AWS it isn't set.
pub const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// The value of a variable without which the function can't work. An empty value counts as missing.
pub fn required(key: &str) -> anyhow::Result<String> {
    let value = std::env::var(key).with_context(|| format!("the variable {key} is not set"))?;
    anyhow::ensure!(!value.is_empty(), "the variable {key} is empty");
    Ok(value)
}

/// The value of a variable that may be missing; then it is empty.
pub fn optional(key: &str) -> String {
    std::env::var(key).unwrap_or_default()
}
