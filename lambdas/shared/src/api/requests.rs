//! What a request that passes looks like. The functions check field by field, so that every failed field is named, and
//! forgive white space around a text and the case of a media type, which nobody needs to know; a field that may be left
//! out may be null too. `tests/bad_bodies/` holds these shapes against what the functions take and refuse.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{AGENTS, Coverage, Media, Travel};
use crate::events::Address;
use crate::tables::DocumentType;

/// How long an id may be: a UUID has 36 characters, and a policy's id is a short name.
pub const LIMIT_ID: usize = 64;

/// How many documents one request may name.
pub const LIMIT_DOCUMENTS: usize = 10;

/// How large a document may be.
pub const LIMIT_DOCUMENT_BYTES: u64 = 10 * 1024 * 1024;

/// How many dependants, vehicles and animals a customer may have.
pub const LIMIT_COUNT: u8 = 20;

/// The largest amount that is taken from anybody, in cents.
pub const LIMIT_CENTS: u64 = 100_000_000;

/// The characters of an id.
const ID: &str = "^[A-Za-z0-9_-]*$";

/// The characters of an id that is made here.
const OWN_ID: &str = "^[A-Za-z0-9-]*$";

/// Text on one line: something else than white space, and no control character but around it. Unicode counts U+0085 as
/// white space and U+FEFF not, ECMA's `\s` the other way round.
const LINE: &str =
    concat!(r"^[\s\u0085]*(?:[^\s\u0000-\u001F\u007F-\u009F]|\uFEFF)", r"[^\u0000-\u001F\u007F-\u009F]*[\s\u0085]*$");

/// Request of `POST /api/user/submit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmitRequest {
    /// E-mail address in ASCII, with a dot in its domain.
    #[schemars(email, length(max = 254))]
    pub email: String,
    /// Given name: at least one letter in it.
    #[schemars(length(min = 1, max = 100), regex(pattern = LINE))]
    pub first_name: String,
    /// Family name: at least one letter in it.
    #[schemars(length(min = 1, max = 100), regex(pattern = LINE))]
    pub last_name: String,
    /// A past day, at most 130 years ago, `YYYY-MM-DD`.
    #[schemars(extend("format" = "date"))]
    pub date_of_birth: String,
    /// E.164, with a calling code that is in use.
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))]
    pub phone_number: String,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

/// A document that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncedDocument {
    /// What it is.
    pub document_type: DocumentType,
    /// The file's name on the customer's computer.
    #[schemars(length(min = 1, max = 200), regex(pattern = LINE))]
    pub file_name: String,
    /// Its media type, without parameters.
    pub content_type: Media,
    /// Its length.
    #[schemars(range(min = 1, max = LIMIT_DOCUMENT_BYTES))]
    pub size_bytes: u64,
}

/// Request of `POST /api/documents/upload`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadRequest {
    /// What is going to be uploaded.
    #[schemars(length(min = 1, max = LIMIT_DOCUMENTS))]
    pub documents: Vec<AnnouncedDocument>,
}

/// A document by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedDocument {
    /// The document.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = OWN_ID))]
    pub document_id: String,
}

/// Request of `POST /api/documents/process`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessRequest {
    /// The application.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = ID))]
    pub application_id: String,
    /// The documents to be read, none twice.
    #[schemars(length(min = 1, max = LIMIT_DOCUMENTS))]
    pub documents: Vec<NamedDocument>,
    /// Who reads them. An environment need not have every agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = with_null(&AGENTS)))]
    pub agent: Option<String>,
}

/// The words of a field that may be null.
fn with_null<'a>(words: &[&'a str]) -> Vec<Option<&'a str>> {
    words.iter().copied().map(Some).chain([None]).collect()
}

/// Request of `POST /api/kyc/verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyRequest {
    /// The application.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = ID))]
    pub application_id: String,
}

/// What is meant for a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// A month, with at most two decimals.
    #[schemars(range(min = 0.01, max = LIMIT_CENTS / 100))]
    pub amount: f64,
    /// ISO 4217.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}

/// What the customer wants and has. A slip of the pen would change the offers unseen, so no other field is taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preferences {
    /// What is covered by other policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing_coverage: Option<BTreeSet<Coverage>>,
    /// What matters most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priorities: Option<BTreeSet<Coverage>>,
    /// Who depends on the customer's income.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = LIMIT_COUNT))]
    pub dependants: Option<u8>,
    /// Whether the customer smokes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smoker: Option<bool>,
    /// Whether the home is the customer's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home_owner: Option<bool>,
    /// Cars and motorcycles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = LIMIT_COUNT))]
    pub vehicles: Option<u8>,
    /// Animals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = LIMIT_COUNT))]
    pub pets: Option<u8>,
    /// How often the customer is abroad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub travel: Option<Travel>,
    /// How much is meant for a policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
}

/// Request of `POST /api/policy/recommend`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecommendRequest {
    /// The application.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = ID))]
    pub application_id: String,
    /// What the customer wants and has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
}

/// Request of `POST /api/policy/select`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelectRequest {
    /// The application.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = ID))]
    pub application_id: String,
    /// One of the recommended policies.
    #[schemars(length(min = 1, max = LIMIT_ID), regex(pattern = ID))]
    pub policy_id: String,
}
