//! Machine-readable zones of ICAO Doc 9303: TD1, TD2 and TD3, every check digit verified.
//!
//! The layouts and the check digits are those of the crate `mrz`, held against the specimens that parts 4, 5, 6 and 11
//! print. (`mrtd` was tried first: it knows no TD2 and no number of more than nine characters, and takes the nationality
//! of a card from its issuing country.) Where `mrz` is more lenient than the text it is held to the text here:
//!
//! - it counts `<` as a check digit of 0 everywhere; the text allows it for the unused optional data of a passport, and
//!   for the number of a card that goes on in the optional data (parts 5 and 6, note j);
//! - it reads such long numbers from passports too, and from an encoding that no edition describes;
//! - it splits a name without `<<` at its first `<`; by part 3, section 4.6, that is one identifier of several words;
//! - it puts every expiry into this century and a birth after its pivot year into the last; here the day decides.
//!
//! Its search, which repairs what a scan misread, is left alone on purpose: a zone that says something else than what is
//! printed must be refused, not mended.

mod dates;
pub mod find;

use jiff::civil::Date;
use mrz::{Field as Digit, MrzData, MrzDate, MrzError, ParseOptions, Sex};
use shared::tables::CHECK_DIGIT_FAILED;

use self::find::Candidate;
use crate::agents::{Extraction, confidence, field};

/// A check digit, named after what it protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckDigit {
    /// Of the document number.
    DocumentNumber,
    /// Of the date of birth.
    DateOfBirth,
    /// Of the date of expiry.
    DateOfExpiry,
    /// Of the optional data; passports only.
    OptionalData,
    /// Over all of these and, on cards, over the optional data too.
    Composite,
}

impl CheckDigit {
    /// As warnings name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DocumentNumber => "documentNumber",
            Self::DateOfBirth => "dateOfBirth",
            Self::DateOfExpiry => "dateOfExpiry",
            Self::OptionalData => "optionalData",
            Self::Composite => "composite",
        }
    }

    /// The field that it proves wrong; the composite digit says only that something is.
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::DocumentNumber => Some(field::DOCUMENT_NUMBER),
            Self::DateOfBirth => Some(field::DATE_OF_BIRTH),
            Self::DateOfExpiry => Some(field::DATE_OF_EXPIRY),
            Self::OptionalData => Some(field::PERSONAL_NUMBER),
            Self::Composite => None,
        }
    }
}

/// What a zone says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Name and value, and whether a check digit covers it.
    pub fields: Vec<(&'static str, String, bool)>,
    /// The check digits that do not match.
    pub failed: Vec<CheckDigit>,
    /// What else is odd.
    pub remarks: Vec<String>,
}

impl Reading {
    /// The check digits to blame. What is wrong in a field breaks the composite digit too, so that one is to blame only
    /// when it fails alone: then something between the fields was changed, or the optional data of a card.
    pub fn blamed(&self) -> Vec<CheckDigit> {
        let fields: Vec<_> = self.failed.iter().copied().filter(|digit| *digit != CheckDigit::Composite).collect();
        if fields.is_empty() { self.failed.clone() } else { fields }
    }
}

/// Adds what the zones of a text say. The first one whose check digits all match is the document's; without one, the
/// first that there is.
pub fn extract(text: &str, today: Date, into: &mut Extraction) {
    let found = find::find(text);
    let readings: Vec<Reading> = found.candidates.iter().filter_map(|candidate| read(candidate, today)).collect();
    let Some(reading) = readings.iter().find(|reading| reading.failed.is_empty()).or(readings.first()) else {
        if found.incomplete {
            into.warn(
                "a machine-readable zone is not complete: all of its lines are needed, 30, 36 or 44 characters each",
            );
        }
        return;
    };
    if readings.iter().any(|other| other.fields != reading.fields) {
        into.warn("the document holds more than one machine-readable zone; one of them is read");
    }
    for digit in reading.blamed() {
        if let Some(name) = digit.field() {
            into.reject(name);
        }
        into.warn(format!("{CHECK_DIGIT_FAILED}: {}", digit.name()));
    }
    for remark in &reading.remarks {
        into.warn(format!("machine-readable zone: {remark}"));
    }
    for (name, value, covered) in &reading.fields {
        let confidence = match (reading.failed.is_empty(), covered) {
            (true, true) => confidence::VERIFIED,
            (true, false) => confidence::IN_VERIFIED_ZONE,
            (false, _) => confidence::IN_DOUBTFUL_ZONE,
        };
        into.add(name, value, confidence);
    }
}

/// Reads a candidate; nothing where it is no zone at all.
pub fn read(candidate: &Candidate, today: Date) -> Option<Reading> {
    let options = ParseOptions::default().with_pivot_yy(dates::year_of_century(today));
    let parsed = match candidate {
        Candidate::Td1([one, two, three]) => mrz::parse_td1_with(one, two, three, &options),
        Candidate::Td2([one, two]) => mrz::parse_td2_with(one, two, &options),
        Candidate::Td3([one, two]) => mrz::parse_td3_with(one, two, &options),
    };
    match parsed {
        Ok(data) => Some(reading(candidate, &data, today)),
        // No number begins with a filler, whatever its check digit says.
        Err(MrzError::LeadingFiller { .. }) => {
            Some(Reading { failed: vec![CheckDigit::DocumentNumber], ..Reading::default() })
        }
        Err(_) => None,
    }
}

fn reading(candidate: &Candidate, data: &MrzData, today: Date) -> Reading {
    let mut reading = Reading { failed: failed(candidate, data), ..Reading::default() };
    let (surname, given_names, cut) = names(candidate);
    if cut {
        reading.remarks.push("the names fill their line and may have been cut off".to_owned());
    }
    let number = plain(data.full_document_number());
    reading.put(field::DOCUMENT_CODE, &data.document_type, false);
    reading.put_country(field::ISSUING_COUNTRY, &data.issuing_country);
    reading.put(field::DOCUMENT_NUMBER, &number, true);
    reading.put(field::SURNAME, &surname, false);
    reading.put(field::GIVEN_NAMES, &given_names, false);
    reading.put_country(field::NATIONALITY, &data.nationality);
    reading.put_date(field::DATE_OF_BIRTH, data.date_of_birth, |date| dates::of_birth(date, today));
    reading.put_date(field::DATE_OF_EXPIRY, data.date_of_expiry, |date| dates::of_expiry(date, today));
    match data.sex {
        Sex::Male => reading.put(field::SEX, "M", false),
        Sex::Female => reading.put(field::SEX, "F", false),
        // `X` is how the part of a document that people read writes "unspecified"; some zones have it too.
        Sex::Unspecified | Sex::NonConformant('X') => reading.put(field::SEX, "X", false),
        _ => reading.remarks.push("the sex is none of M, F and <".to_owned()),
    }
    let optional_name =
        if matches!(candidate, Candidate::Td3(_)) { field::PERSONAL_NUMBER } else { field::OPTIONAL_DATA };
    reading.put(optional_name, &plain(data.optional_data_1.as_deref().unwrap_or_default()), true);
    reading.put(field::OPTIONAL_DATA_2, &plain(data.optional_data_2.as_deref().unwrap_or_default()), true);
    let rejected: Vec<_> = reading.blamed().into_iter().filter_map(CheckDigit::field).collect();
    reading.fields.retain(|(name, ..)| !rejected.contains(name));
    reading
}

impl Reading {
    fn put(&mut self, name: &'static str, value: &str, covered: bool) {
        if !value.is_empty() {
            self.fields.push((name, value.to_owned(), covered));
        }
    }

    /// Germany alone has a code of one letter; everywhere else it is `DEU`. Source: ICAO Doc 9303, part 3, section 5.
    fn put_country(&mut self, name: &'static str, code: &str) {
        let code = if code == "D" { "DEU" } else { code };
        if mrz::country_name(code).is_none() {
            self.remarks.push(format!("{name} is no code of ISO 3166-1 or of ICAO Doc 9303"));
        }
        self.put(name, code, false);
    }

    fn put_date(&mut self, name: &'static str, date: MrzDate, resolve: impl Fn(Date) -> Option<Date>) {
        let resolved = date.calendar().and_then(|date| dates::calendar(date).and_then(&resolve));
        match (resolved, date) {
            (Some(date), _) => self.put(name, &date.to_string(), true),
            // Part 3, section 4.8: what is unknown of a date of birth is filled with `<`.
            (None, MrzDate::Unknown | MrzDate::PartiallyUnknown(_)) => {
                self.remarks.push(format!("{name} is not given in full"));
            }
            (None, _) => self.remarks.push(format!("{name} is no date of the calendar")),
        }
    }
}

/// The check digits that do not match, by the letter of Doc 9303.
fn failed(candidate: &Candidate, data: &MrzData) -> Vec<CheckDigit> {
    let (number, optional, lone) = lone_digits(candidate);
    let long_number_allowed = !matches!(candidate, Candidate::Td3(_)) && !data.document_number_legacy_encoding;
    let number_goes_on = number == '<';
    // A number that goes on has filled its own field: a filler within it is a hyphen or a space, one at its end is not.
    let fills_its_field = !number_field(candidate).ends_with('<');
    let long_number = data.document_number_full.as_deref().filter(|_| long_number_allowed && fills_its_field);
    let wrong = |digit: Digit| data.checks.failed().contains(&digit);
    let filler = |digit: char| digit == '<';
    [
        (CheckDigit::DocumentNumber, wrong(Digit::DocumentNumber) || (number_goes_on && long_number.is_none())),
        (CheckDigit::DateOfBirth, wrong(Digit::DateOfBirth) || filler(lone[0])),
        (CheckDigit::DateOfExpiry, wrong(Digit::DateOfExpiry) || filler(lone[1])),
        (
            CheckDigit::OptionalData,
            wrong(Digit::PersonalNumber) || optional.is_some_and(|(digit, used)| used && filler(digit)),
        ),
        (CheckDigit::Composite, wrong(Digit::Composite) || filler(lone[2])),
    ]
    .into_iter()
    .filter_map(|(digit, failed)| failed.then_some(digit))
    .collect()
}

/// The nine characters of the number.
fn number_field(candidate: &Candidate) -> &str {
    let field = match candidate {
        Candidate::Td1([one, ..]) => one.get(5..14),
        Candidate::Td2([_, two]) | Candidate::Td3([_, two]) => two.get(..9),
    };
    field.unwrap_or_default()
}

/// The check digits as they are printed: of the number; of the optional data, with whether these are used; of the dates
/// and the composite one.
fn lone_digits(candidate: &Candidate) -> (char, Option<(char, bool)>, [char; 3]) {
    let at = |line: &str, index: usize| line.as_bytes().get(index).map_or('<', |byte| char::from(*byte));
    match candidate {
        Candidate::Td1([one, two, _]) => (at(one, 14), None, [at(two, 6), at(two, 14), at(two, 29)]),
        Candidate::Td2([_, two]) => (at(two, 9), None, [at(two, 19), at(two, 27), at(two, 35)]),
        Candidate::Td3([_, two]) => {
            let used = two.get(28..42).is_some_and(|data| data.bytes().any(|byte| byte != b'<'));
            (at(two, 9), Some((at(two, 42), used)), [at(two, 19), at(two, 27), at(two, 43)])
        }
    }
}

/// Surname, given names, and whether they fill their line to the end.
fn names(candidate: &Candidate) -> (String, String, bool) {
    let line = match candidate {
        Candidate::Td1([.., three]) => three.as_str(),
        Candidate::Td2([one, _]) | Candidate::Td3([one, _]) => one.get(5..).unwrap_or_default(),
    };
    let words = |part: &str| part.split('<').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let (surname, given_names) = line.split_once("<<").unwrap_or((line, ""));
    (words(surname), words(given_names), !line.ends_with('<'))
}

/// Without the fillers, which stand for every hyphen and space in a number. Source: ICAO Doc 9303, part 4, section 4.2.2.
fn plain(value: &str) -> String {
    value.chars().filter(|c| *c != '<').collect()
}

#[cfg(test)]
mod tests;
