//! `applications`: one application of a customer, with its documents and what was read from them. Producers write it step
//! by step and the consumer adds what it derives from the events, so that only the key and the owner are always there;
//! attributes that are not named here are ignored.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::ExtractedField;
use crate::progress::State;

/// What a document is, as the customer declares it at the upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentType {
    /// A passport.
    Passport,
    /// A national identity card.
    IdCard,
    /// A residence permit in card form.
    ResidencePermit,
    /// A driving licence.
    DrivingLicence,
    /// A bill or a bank statement that shows name and address.
    ProofOfAddress,
    /// A form of the insurer's, filled in by the customer.
    Form,
}

impl DocumentType {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Passport, Self::IdCard, Self::ResidencePermit, Self::DrivingLicence, Self::ProofOfAddress, Self::Form];

    /// As rows, requests and answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "PASSPORT",
            Self::IdCard => "ID_CARD",
            Self::ResidencePermit => "RESIDENCE_PERMIT",
            Self::DrivingLicence => "DRIVING_LICENCE",
            Self::ProofOfAddress => "PROOF_OF_ADDRESS",
            Self::Form => "FORM",
        }
    }

    /// The type of a name; none where there is no such type.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document_type| document_type.as_str() == name)
    }

    /// Whether it proves who its holder is. The other types are evidence of something else.
    pub const fn proves_identity(self) -> bool {
        matches!(self, Self::Passport | Self::IdCard | Self::ResidencePermit | Self::DrivingLicence)
    }
}

/// Names of the fields that are read from documents.
pub mod field_names {
    /// The document's number.
    pub const DOCUMENT_NUMBER: &str = "documentNumber";
    /// The primary identifier: the family name.
    pub const SURNAME: &str = "surname";
    /// The secondary identifier: all given names.
    pub const GIVEN_NAMES: &str = "givenNames";
    /// `YYYY-MM-DD`.
    pub const DATE_OF_BIRTH: &str = "dateOfBirth";
    /// `YYYY-MM-DD`.
    pub const DATE_OF_EXPIRY: &str = "dateOfExpiry";
    /// A code of ICAO 9303 part 3 (ISO 3166 alpha-3 in most cases), or what the document says.
    pub const NATIONALITY: &str = "nationality";
    /// As `nationality`.
    pub const ISSUING_COUNTRY: &str = "issuingCountry";
    /// `M`, `F` or `X`.
    pub const SEX: &str = "sex";
    /// The whole name, where a document does not tell its parts apart.
    pub const FULL_NAME: &str = "fullName";
    /// The postal address as one text.
    pub const ADDRESS: &str = "address";
    /// The country of the address.
    pub const COUNTRY: &str = "country";
}

/// One document of an application: declared at the upload, filled when it is processed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationDocument {
    /// What it is.
    pub document_type: DocumentType,
    /// The customer's name for it.
    pub file_name: String,
    /// The media type that was signed.
    pub content_type: String,
    /// The length that was signed.
    pub size_bytes: u64,
    /// Where it is in the documents bucket.
    pub object_key: String,
    /// The version of the object that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The agent that read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// What was read. Empty until it is processed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ExtractedField>,
    /// What the agent could not read or does not trust. A failed check digit is `CHECK_DIGIT_FAILED: {field}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processed_at: Option<String>,
}

/// What a warning about a failed check digit begins with; the field's name follows.
pub const CHECK_DIGIT_FAILED: &str = "CHECK_DIGIT_FAILED";

/// What a warning begins with that says that a document gives a field more than once, and not alike; the field's name
/// follows.
pub const CONTRADICTED: &str = "CONTRADICTED";

/// `applications`: one row per application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationRow {
    /// Key.
    pub application_id: String,
    /// Whose.
    pub customer_id: String,
    /// The step that it has reached, as producers write it. The consumer's own view is the attribute `status`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Its documents by their id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, ApplicationDocument>,
    /// Mean confidence over all fields of all documents, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_confidence: Option<f64>,
    /// `APPROVED`, `REQUIRES_REVIEW` or `REJECTED`, from the last KYC try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_status: Option<String>,
    /// `LOW`, `MEDIUM` or `HIGH`, from the last KYC try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_level: Option<String>,
    /// Where the customer lives by the last KYC try, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// `LOW`, `MEDIUM` or `HIGH`: how careful the insurer has to be with that country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_risk: Option<String>,
    /// The chosen policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When a step last changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

impl ApplicationRow {
    /// The documents that were read, by their id.
    pub fn processed(&self) -> impl Iterator<Item = (&str, &ApplicationDocument)> {
        self.documents
            .iter()
            .filter(|(_, document)| document.processed_at.is_some())
            .map(|(id, document)| (id.as_str(), document))
    }
}

#[cfg(test)]
mod tests {
    use crate::tables::{Item, from_item, number, text, to_item};

    use super::*;

    fn document(processed_at: Option<&str>) -> ApplicationDocument {
        ApplicationDocument {
            document_type: DocumentType::Passport,
            file_name: "passport.txt".into(),
            content_type: "text/plain".into(),
            size_bytes: 90,
            object_key: "c-1/a-1/d-1".into(),
            version_id: Some("v-1".into()),
            agent: Some("builtin".into()),
            fields: vec![ExtractedField {
                name: field_names::SURNAME.into(),
                value: "SPECIMEN".into(),
                confidence: 0.97,
            }],
            warnings: vec![format!("{CHECK_DIGIT_FAILED}: {}", field_names::DATE_OF_BIRTH)],
            processed_at: processed_at.map(str::to_owned),
        }
    }

    #[test]
    fn names_of_types_agree_with_serde() {
        for document_type in DocumentType::ALL {
            assert_eq!(serde_json::to_value(document_type).unwrap(), document_type.as_str());
            assert_eq!(DocumentType::of_name(document_type.as_str()), Some(document_type));
        }
        assert_eq!(DocumentType::of_name("passport"), None);
    }

    #[test]
    fn a_row_comes_back_as_it_was() {
        let row = ApplicationRow {
            application_id: "a-1".into(),
            customer_id: "c-1".into(),
            state: Some(State::KycApproved),
            documents: [
                ("d-1".to_owned(), document(Some("2026-11-23T10:15:00.000Z"))),
                ("d-2".to_owned(), document(None)),
            ]
            .into(),
            average_confidence: Some(0.97),
            kyc_status: Some("APPROVED".into()),
            risk_level: Some("LOW".into()),
            country: Some("GB".into()),
            country_risk: Some("LOW".into()),
            policy_id: None,
            created_at: Some("2026-11-23T10:14:00.000Z".into()),
            updated_at: Some("2026-11-23T10:16:00.000Z".into()),
        };
        assert_eq!(from_item::<ApplicationRow>(to_item(&row).unwrap()).unwrap(), row);
        assert_eq!(row.processed().map(|(id, _)| id).collect::<Vec<_>>(), ["d-1"]);
    }

    #[test]
    fn what_only_the_consumer_has_written_is_read_too() {
        let item = Item::from([
            ("applicationId".to_owned(), text("a-1")),
            ("customerId".to_owned(), text("c-1")),
            ("status".to_owned(), text("DOCUMENTS_PROCESSED")),
            ("eventSequence".to_owned(), number(2)),
            ("eventType".to_owned(), text("DOCUMENTS_PROCESSED")),
            ("archiveAt".to_owned(), number(1_900_000_000)),
        ]);
        let row: ApplicationRow = from_item(item).unwrap();
        assert_eq!((row.state, row.documents.len()), (None, 0));
    }
}
