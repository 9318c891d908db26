//! What the checks look at, as plain data.

use std::collections::BTreeSet;

use jiff::civil::Date;
use shared::api::ExtractedField;
use shared::events::Address;
use shared::tables::{ApplicationRow, DocumentType, field_names};

use crate::names::PersonName;

/// What the customer declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customer {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub date_of_birth: String,
    /// Postal address.
    pub address: Option<Address>,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// What it is.
    pub document_type: DocumentType,
    /// What was read.
    pub fields: Vec<ExtractedField>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Who is checked.
    pub customer: Customer,
    /// By what.
    pub documents: Vec<Document>,
    /// The day in UTC.
    pub today: Date,
}

impl Customer {
    /// The declared name.
    pub fn name(&self) -> PersonName {
        PersonName::new(&self.first_name, &self.last_name)
    }

    /// The declared date of birth; none where it is no day of the calendar.
    pub fn born(&self) -> Option<Date> {
        self.date_of_birth.parse().ok()
    }
}

impl Document {
    /// The documents of an application that were read.
    pub fn of_application(application: &ApplicationRow) -> Vec<Self> {
        let documents = application.processed().map(|(id, document)| Self {
            id: id.to_owned(),
            document_type: document.document_type,
            fields: document.fields.clone(),
            warnings: document.warnings.clone(),
        });
        documents.collect()
    }

    /// A field that has a value.
    pub fn field(&self, name: &str) -> Option<&ExtractedField> {
        self.fields.iter().find(|field| field.name == name && !field.value.trim().is_empty())
    }

    /// A field's value.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| field.value.trim())
    }

    /// A field's value as a day.
    pub fn day(&self, name: &str) -> Option<Date> {
        self.value(name)?.parse().ok()
    }

    /// The holder's name; none where the document has none.
    pub fn name(&self) -> Option<PersonName> {
        let read_from = self.name_fields();
        let part = |name| self.value(name).filter(|_| read_from.contains(name)).unwrap_or_default();
        let given = part(field_names::GIVEN_NAMES).to_owned() + part(field_names::FULL_NAME);
        let name = PersonName::new(&given, part(field_names::SURNAME));
        (!name.is_empty()).then_some(name)
    }

    /// Every name that the document gives, for a list that nobody may slip past by a second spelling.
    pub fn names(&self) -> Vec<PersonName> {
        let part = |name| self.value(name).unwrap_or_default();
        let parts = PersonName::new(part(field_names::GIVEN_NAMES), part(field_names::SURNAME));
        let whole = PersonName::new(part(field_names::FULL_NAME), "");
        [parts, whole].into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// The names of the fields that the holder's name was read from: the parts if both are there, or else the whole name,
    /// because one part alone is nobody's name.
    pub fn name_fields(&self) -> BTreeSet<&'static str> {
        let parts = [field_names::GIVEN_NAMES, field_names::SURNAME];
        let present: BTreeSet<_> = parts.into_iter().filter(|name| self.value(name).is_some()).collect();
        let whole = present.len() < parts.len() && self.value(field_names::FULL_NAME).is_some();
        if whole { [field_names::FULL_NAME].into() } else { present }
    }
}

impl Case {
    /// The documents that prove who their holder is.
    pub fn identity_documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|document| document.document_type.proves_identity())
    }
}

#[cfg(test)]
pub mod samples {
    //! Cases for the tests of this crate.

    use jiff::civil::date;

    use super::*;

    /// The day of all samples.
    pub const TODAY: Date = date(2026, 11, 23);

    /// A document of these fields, each read with full confidence.
    pub fn document(id: &str, document_type: DocumentType, fields: &[(&str, &str)]) -> Document {
        let field = |(name, value): &(&str, &str)| ExtractedField {
            name: (*name).into(),
            value: (*value).into(),
            confidence: 1.0,
        };
        Document { id: id.into(), document_type, fields: fields.iter().map(field).collect(), warnings: Vec::new() }
    }

    /// A passport that is in order.
    pub fn passport() -> Document {
        document(
            "d-1",
            DocumentType::Passport,
            &[
                (field_names::DOCUMENT_NUMBER, "X1234567"),
                (field_names::SURNAME, "ERIKSSON"),
                (field_names::GIVEN_NAMES, "ANNA MARIA"),
                (field_names::DATE_OF_BIRTH, "1974-08-12"),
                (field_names::DATE_OF_EXPIRY, "2032-04-15"),
                (field_names::ISSUING_COUNTRY, "SWE"),
                (field_names::NATIONALITY, "SWE"),
            ],
        )
    }

    /// An honest customer with a passport.
    pub fn honest() -> Case {
        Case {
            customer: Customer {
                first_name: "Anna".into(),
                last_name: "Eriksson".into(),
                date_of_birth: "1974-08-12".into(),
                address: Some(Address::Text("Storgatan 5, 11455 Stockholm, Sweden".into())),
            },
            documents: vec![passport()],
            today: TODAY,
        }
    }

    /// The document with one field changed, or without it.
    pub fn with(mut document: Document, name: &str, value: Option<&str>) -> Document {
        document.fields.retain(|field| field.name != name);
        if let Some(value) = value {
            let field = ExtractedField { name: name.into(), value: value.into(), confidence: 1.0 };
            document.fields.push(field);
        }
        document
    }
}
