//! The port of the document agents: one document goes in, its fields with a confidence each and its warnings come out.
//!
//! An agent is chosen by name, from the configuration or by the request. There is no name without an implementation
//! behind it, and no agent answers for a kind of document that it can't read.
//!
//! # What a confidence means
//! It says how the value was found, not how likely it is; [`confidence`] holds the steps of the built-in agent. Textract
//! gives its own, which is a likelihood: what it reads out of a machine-readable zone is held against the check digits
//! here and then counts like the built-in agent's.
//!
//! # What a warning means
//! Something of the document is not returned, or is to be looked at. Warnings never repeat a value. A check digit that
//! does not match is `CHECK_DIGIT_FAILED: ` and its name: `documentNumber`, `dateOfBirth`, `dateOfExpiry`,
//! `optionalData` or `composite`. A field that is there twice and not alike is `CONTRADICTED: ` and its name.

pub mod builtin;
mod extraction;
pub mod textract;

pub use extraction::{Extraction, LIMIT_FIELDS, LIMIT_VALUE_CHARACTERS, LIMIT_VALUES_BYTES, LIMIT_WARNINGS, average};

pub use shared::api::Media;

use jiff::civil::Date;
use shared::http::Problem;
use shared::tables::DocumentType;

use self::builtin::Builtin;
use self::textract::Textract;

/// The agents by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentName {
    /// Reads text.
    Builtin,
    /// Amazon Textract reads images too.
    Textract,
}

impl AgentName {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Builtin, Self::Textract];

    /// As configuration, requests and answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Textract => "textract",
        }
    }

    /// The agent of a name; none where there is no such agent.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agent| agent.as_str() == name)
    }

    /// The agent that the configuration names.
    pub fn configured(name: &str) -> anyhow::Result<Self> {
        let known = names(&Self::ALL);
        Self::of_name(name)
            .ok_or_else(|| anyhow::anyhow!("there is no document agent called {name:?}: known are {known}"))
    }

    /// The agents that the function's role lets it use, by their names with commas between.
    pub fn enabled(list: &str) -> anyhow::Result<Vec<Self>> {
        list.split(',').map(|name| Self::configured(name.trim())).collect()
    }

    /// The agent that a request names, or else the configured one.
    pub fn chosen(requested: Option<&str>, configured: Self, enabled: &[Self]) -> Result<Self, Problem> {
        requested.map_or(Ok(configured), |name| {
            Self::of_name(name)
                .filter(|agent| enabled.contains(agent))
                .ok_or_else(|| refused(&format!("is no agent that is known: known are {}", names(enabled))))
        })
    }

    /// Whether the agent can read files of a kind.
    pub const fn reads(self, media: Media) -> bool {
        match self {
            Self::Builtin => matches!(media, Media::Pdf | Media::Text | Media::Json),
            // Source: Amazon Textract Developer Guide, "Set quotas in Amazon Textract".
            Self::Textract => matches!(media, Media::Pdf | Media::Png | Media::Jpeg),
        }
    }

    /// Refuses a request that asks the agent for a file that it can't read.
    pub fn must_read(self, media: Media, enabled: &[Self]) -> Result<(), Problem> {
        if self.reads(media) {
            return Ok(());
        }
        let (name, media_name) = (self.as_str(), media.as_str());
        let other = enabled.iter().find(|other| other.reads(media));
        Err(refused(&other.map_or_else(
            || format!("{name} does not read {media_name}, nor does any other agent here"),
            |other| format!("{name} does not read {media_name}; ask for {}", other.as_str()),
        )))
    }

    /// Whether the agent is handed the bytes; otherwise it fetches the object itself.
    pub const fn takes_bytes(self) -> bool {
        matches!(self, Self::Builtin)
    }
}

fn names(agents: &[AgentName]) -> String {
    agents.iter().map(|agent| agent.as_str()).collect::<Vec<_>>().join(", ")
}

fn refused(message: &str) -> Problem {
    Problem::validation([("agent".to_owned(), message.to_owned())].into())
}

/// Where a document lies. The version is pinned, so that what was read can be shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: String,
    /// Its version.
    pub version: String,
}

/// A document as agents are handed it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The kind of file.
    pub media: Media,
    /// What the customer says it is.
    pub document_type: DocumentType,
    /// Where it lies.
    pub object: &'a StoredObject,
    /// Its bytes; empty for an agent that fetches the object itself.
    pub bytes: &'a [u8],
}

/// Why an agent came to nothing. A document that can't be read is no failure: that is a warning.
#[derive(Debug)]
pub enum Failure {
    /// The agent has too much to do; the caller may try again.
    Busy,
    /// Something is wrong on our side.
    Broken(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

/// All agents, ready to read.
#[derive(Clone, Debug)]
pub struct Agents {
    /// The one that reads when a request names none.
    pub configured: AgentName,
    /// Those that a request may name.
    pub enabled: Vec<AgentName>,
    /// Reads text.
    pub builtin: Builtin,
    /// Reads images too.
    pub textract: Textract,
}

impl Agents {
    /// Has a document read.
    pub async fn extract(&self, agent: AgentName, document: &Document<'_>, today: Date) -> Result<Extraction, Failure> {
        match agent {
            AgentName::Builtin => Ok(self.builtin.extract(document, today).await?),
            AgentName::Textract => self.textract.extract(document, today).await,
        }
    }
}

/// What the confidence of a field means.
pub mod confidence {
    /// A check digit of ICAO Doc 9303 covers the value, and every check digit of its zone matches.
    pub const VERIFIED: f64 = 1.0;
    /// In a machine-readable zone whose check digits all match; none of them covers this value.
    pub const IN_VERIFIED_ZONE: f64 = 0.95;
    /// A member of a form (JSON, or the fields of a PDF form) has this field's name, and the value has the field's shape.
    pub const NAMED: f64 = 0.9;
    /// A label and the value stand on one line with `:`, `=` or a tab between them, and the value has the field's shape.
    pub const LABELLED: f64 = 0.8;
    /// The value stands below its label or in the next column, and has the field's shape.
    pub const NEAR_LABEL: f64 = 0.6;
    /// In a machine-readable zone of which another check digit does not match.
    pub const IN_DOUBTFUL_ZONE: f64 = 0.5;
}

/// The names that fields have, whichever agent reads them: those that the checks of tile 4 need, and what else documents
/// and forms hold.
pub mod field {
    pub use shared::tables::field_names::{
        ADDRESS, DATE_OF_BIRTH, DATE_OF_EXPIRY, DOCUMENT_NUMBER, FULL_NAME, GIVEN_NAMES, ISSUING_COUNTRY, NATIONALITY,
        SEX, SURNAME,
    };

    /// The first letters of a machine-readable zone: `P`, `ID`, …
    pub const DOCUMENT_CODE: &str = "documentCode";
    /// `YYYY-MM-DD`.
    pub const DATE_OF_ISSUE: &str = "dateOfIssue";
    /// The optional data of a passport, or a labelled personal number.
    pub const PERSONAL_NUMBER: &str = "personalNumber";
    /// The optional data of a card, which each country uses as it likes.
    pub const OPTIONAL_DATA: &str = "optionalData";
    /// The second optional data of a TD1 card.
    pub const OPTIONAL_DATA_2: &str = "optionalData2";
    /// Town.
    pub const PLACE_OF_BIRTH: &str = "placeOfBirth";
    /// Who issued the document.
    pub const ISSUING_AUTHORITY: &str = "issuingAuthority";
    /// Street and house number.
    pub const STREET: &str = "street";
    /// Town.
    pub const CITY: &str = "city";
    /// Postal code.
    pub const POSTAL_CODE: &str = "postalCode";
    /// State or province.
    pub const REGION: &str = "region";
    /// As `nationality`.
    pub const COUNTRY: &str = "country";
    /// E-mail address.
    pub const EMAIL: &str = "email";
    /// Telephone number.
    pub const PHONE: &str = "phone";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_chosen_by_name_and_the_unknown_are_refused() {
        for agent in AgentName::ALL {
            assert_eq!(AgentName::of_name(agent.as_str()), Some(agent));
        }
        assert_eq!(AgentName::ALL.map(AgentName::as_str), shared::api::AGENTS);
        let all = AgentName::enabled("builtin,textract").unwrap();
        assert_eq!(AgentName::chosen(None, AgentName::Textract, &all), Ok(AgentName::Textract));
        assert_eq!(AgentName::chosen(Some("builtin"), AgentName::Textract, &all), Ok(AgentName::Builtin));
        for unknown in ["", "Builtin", "bedrock", "\u{0}"] {
            let problem = AgentName::chosen(Some(unknown), AgentName::Builtin, &all).unwrap_err();
            assert_eq!((problem.status, problem.code.as_str()), (400, "VALIDATION_FAILED"));
            assert_eq!(problem.fields["agent"], "is no agent that is known: known are builtin, textract");
        }
        let problem = AgentName::chosen(Some("textract"), AgentName::Builtin, &[AgentName::Builtin]).unwrap_err();
        assert_eq!(problem.fields["agent"], "is no agent that is known: known are builtin");
        assert!(AgentName::enabled("builtin,bedrock").is_err() && AgentName::enabled("").is_err());
        let error = AgentName::configured("bedrock").unwrap_err();
        assert_eq!(error.to_string(), "there is no document agent called \"bedrock\": known are builtin, textract");
    }

    #[test]
    fn who_reads_what() {
        for (media, builtin, textract) in [
            (Media::Pdf, true, true),
            (Media::Text, true, false),
            (Media::Json, true, false),
            (Media::Png, false, true),
            (Media::Jpeg, false, true),
        ] {
            assert_eq!(AgentName::Builtin.must_read(media, &AgentName::ALL).is_ok(), builtin, "{media:?}");
            assert_eq!(AgentName::Textract.must_read(media, &AgentName::ALL).is_ok(), textract, "{media:?}");
        }
        let message = |enabled: &[AgentName]| {
            AgentName::Builtin.must_read(Media::Png, enabled).unwrap_err().fields["agent"].clone()
        };
        assert_eq!(message(&AgentName::ALL), "builtin does not read image/png; ask for textract");
        assert_eq!(message(&[AgentName::Builtin]), "builtin does not read image/png, nor does any other agent here");
    }
}
