//! The answer of `AnalyzeID`. Source: Amazon Textract Developer Guide, "Identity documentation response objects".

use aws_sdk_textract::types::{AnalyzeIdDetections, IdentityDocument};
use jiff::civil::Date;

use super::{fraction, read_zone};
use crate::agents::builtin::{form, zone};
use crate::agents::{Extraction, field};

/// What Textract calls a field, and what it is called here.
const NAMES: [(&str, &str); 9] = [
    ("LAST_NAME", field::SURNAME),
    ("DOCUMENT_NUMBER", field::DOCUMENT_NUMBER),
    ("DATE_OF_BIRTH", field::DATE_OF_BIRTH),
    ("EXPIRATION_DATE", field::DATE_OF_EXPIRY),
    ("DATE_OF_ISSUE", field::DATE_OF_ISSUE),
    ("PLACE_OF_BIRTH", field::PLACE_OF_BIRTH),
    ("CITY_IN_ADDRESS", field::CITY),
    ("ZIP_CODE_IN_ADDRESS", field::POSTAL_CODE),
    ("STATE_IN_ADDRESS", field::REGION),
];

/// Names and addresses come in parts, which are put together in this order.
const JOINED: [(&[&str], &str, &str); 2] = [
    (&["FIRST_NAME", "MIDDLE_NAME"], " ", field::GIVEN_NAMES),
    (&["ADDRESS", "CITY_IN_ADDRESS", "STATE_IN_ADDRESS", "ZIP_CODE_IN_ADDRESS"], ", ", field::ADDRESS),
];

/// Adds the fields of the first document: one was sent.
pub fn map(documents: &[IdentityDocument], today: Date, into: &mut Extraction) {
    let Some(document) = documents.first() else {
        return;
    };
    let found: Vec<(&str, &AnalyzeIdDetections)> = document
        .identity_document_fields()
        .iter()
        .filter_map(|field| Some((field.r#type()?.text(), field.value_detection()?)))
        // A field that it looked for and did not find has an empty text.
        .filter(|(_, value)| !value.text().trim().is_empty())
        .collect();
    let of = |name: &str| found.iter().find(|(kind, _)| *kind == name).map(|(_, value)| *value);
    if let Some(code) = of("MRZ_CODE") {
        zone::extract(code.text(), today, into);
    }
    read_zone(document.blocks(), today, into);
    for (kind, name) in NAMES {
        if let Some(value) = of(kind) {
            form::put(name, plain(value), fraction(value.confidence()), into);
        }
    }
    for (kinds, between, name) in JOINED {
        let parts: Vec<&AnalyzeIdDetections> = kinds.iter().filter_map(|kind| of(kind)).collect();
        if !parts.is_empty() && of(kinds[0]).is_some() {
            let text = parts.iter().map(|part| part.text().trim()).collect::<Vec<_>>().join(between);
            let least = parts.iter().map(|part| fraction(part.confidence())).fold(1.0, f64::min);
            form::put(name, &text, least, into);
        }
    }
}

/// The value in its normal form where Textract gives one: dates as `2012-04-15T00:00:00`.
fn plain(value: &AnalyzeIdDetections) -> &str {
    value.normalized_value().and_then(|normal| normal.value()).unwrap_or(value.text())
}
