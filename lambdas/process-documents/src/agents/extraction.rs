//! What one document came to: fields and warnings, both bounded.

use shared::api::ExtractedField;
use shared::tables::CONTRADICTED;

use super::field;

/// How many fields a document yields at most.
pub const LIMIT_FIELDS: usize = 40;
/// How many characters a value has at most; a longer one is not returned.
pub const LIMIT_VALUE_CHARACTERS: usize = 200;
/// How many bytes all values of a document have at most: twenty documents share one row, which `DynamoDB` ends at 400 KB.
pub const LIMIT_VALUES_BYTES: usize = 4096;
/// How many warnings a document yields at most.
pub const LIMIT_WARNINGS: usize = 15;

/// Fields of which two spellings can be held against each other. Names and countries can't: a zone transliterates and
/// shortens them.
const COMPARED: [&str; 4] = [field::DOCUMENT_NUMBER, field::DATE_OF_BIRTH, field::DATE_OF_EXPIRY, field::SEX];

/// What one document says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extraction {
    /// No two have the same name.
    pub fields: Vec<ExtractedField>,
    /// What is odd about the document, in words that never repeat a value.
    pub warnings: Vec<String>,
    /// Fields that something else in the document has proved wrong: no part of it can supply them any more.
    rejected: Vec<String>,
}

impl Extraction {
    /// A document that nothing was read from.
    pub fn unreadable(warning: impl Into<String>) -> Self {
        let mut extraction = Self::default();
        extraction.warn(warning);
        extraction
    }

    /// The value of a field, where there is one.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// Takes a field over. The more confident reading of a name stays; that the other one differs is a warning.
    pub fn add(&mut self, name: &str, value: &str, confidence: f64) {
        let value = value.trim();
        if value.is_empty() || self.rejected.iter().any(|rejected| rejected == name) {
            return;
        }
        if value.chars().count() > LIMIT_VALUE_CHARACTERS {
            self.warn(format!("{name} is longer than {LIMIT_VALUE_CHARACTERS} characters and is not returned"));
            return;
        }
        let field = ExtractedField { name: name.to_owned(), value: value.to_owned(), confidence };
        if let Some(there) = self.fields.iter_mut().find(|there| there.name == name) {
            let differs = COMPARED.contains(&name) && !same(&there.value, value);
            if field.confidence > there.confidence {
                *there = field;
            }
            if differs {
                self.warn(format!("{CONTRADICTED}: {name}"));
            }
        } else if self.fields.len() < LIMIT_FIELDS && self.bytes() + value.len() <= LIMIT_VALUES_BYTES {
            self.fields.push(field);
        } else {
            self.warn("the document holds more than is returned; the rest is left out");
        }
    }

    fn bytes(&self) -> usize {
        self.fields.iter().map(|field| field.value.len()).sum()
    }

    /// Puts a longer value in the place of the one that a field has.
    pub fn replace(&mut self, name: &str, value: &str) {
        if value.chars().count() <= LIMIT_VALUE_CHARACTERS
            && let Some(field) = self.fields.iter_mut().find(|field| field.name == name)
        {
            value.clone_into(&mut field.value);
        }
    }

    /// Takes a field out for good.
    pub fn reject(&mut self, name: &str) {
        self.fields.retain(|field| field.name != name);
        self.rejected.push(name.to_owned());
    }

    /// Notes what is odd, once.
    pub fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if self.warnings.len() < LIMIT_WARNINGS && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// Whether two spellings are the same value: what is printed and what a zone holds differ in case and in what stands
/// between the words.
fn same(one: &str, other: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>();
    letters(one) == letters(other)
}

/// Mean of the confidences of all fields, from 0 to 1 with four decimals; 0 when nothing was read.
pub fn average<'a>(fields: impl IntoIterator<Item = &'a ExtractedField>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for field in fields {
        sum += field.confidence;
        count += 1.0;
    }
    if count > 0.0 { (sum / count * 10_000.0_f64).round() / 10_000.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_confident_reading_stays_and_a_difference_is_told() {
        let mut extraction = Extraction::default();
        extraction.add("documentNumber", "l898902-c3", 0.8);
        extraction.add("documentNumber", "L898902C3", 1.0);
        extraction.add("surname", "Müller", 0.8);
        extraction.add("surname", "MUELLER", 0.95);
        assert!(extraction.warnings.is_empty());
        extraction.add("documentNumber", "L898902C4", 0.6);
        assert_eq!(extraction.value("documentNumber"), Some("L898902C3"));
        assert_eq!(extraction.value("surname"), Some("MUELLER"));
        assert_eq!(extraction.warnings, ["CONTRADICTED: documentNumber"]);
    }

    #[test]
    fn a_rejected_field_does_not_come_back() {
        let mut extraction = Extraction::default();
        extraction.add("documentNumber", "L898902C3", 0.8);
        extraction.reject("documentNumber");
        extraction.add("documentNumber", "L898902C3", 1.0);
        assert_eq!(extraction.fields, []);
    }

    #[test]
    fn fields_values_and_warnings_are_bounded() {
        let mut extraction = Extraction::default();
        extraction.add("long", &"a".repeat(LIMIT_VALUE_CHARACTERS + 1), 0.9);
        extraction.add("empty", "  ", 0.9);
        assert!(extraction.fields.is_empty());
        for number in 0..LIMIT_FIELDS * 2 {
            extraction.add(&format!("field{number}"), "value", 0.9);
            extraction.warn(format!("warning {number}"));
        }
        assert_eq!((extraction.fields.len(), extraction.warnings.len()), (LIMIT_FIELDS, LIMIT_WARNINGS));
        let mut large = Extraction::default();
        for number in 0..LIMIT_FIELDS {
            large.add(&format!("field{number}"), &"é".repeat(LIMIT_VALUE_CHARACTERS), 0.9);
        }
        assert!(large.bytes() <= LIMIT_VALUES_BYTES && large.fields.len() == 10);
    }

    #[test]
    fn the_average_is_over_all_fields_of_all_documents() {
        let mut one = Extraction::default();
        one.add("surname", "A", 1.0);
        one.add("sex", "F", 0.5);
        let mut other = Extraction::default();
        other.add("surname", "A", 0.6);
        assert!((average(one.fields.iter().chain(&other.fields)) - 0.7).abs() < 1e-9);
        assert!(average([]).abs() < f64::EPSILON);
    }
}
