//! `DOCUMENT`: an identity document is there, was read, is not expired on the day, and its check digits match.

use shared::tables::{CHECK_DIGIT_FAILED, CONTRADICTED, field_names};

use super::{CheckOutcome, Finding};
use crate::case::{Case, Document};
use crate::countries::Countries;
use crate::thresholds::Thresholds;

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentResult {
    /// It proves who its holder is.
    Valid,
    /// Something that it should say is missing, unknown, or was not read with confidence.
    Unverified,
    /// A check digit does not match, or a field is there twice and not alike: misread, or forged.
    Faulty,
    /// Its last day is over.
    Expired,
    /// There is no identity document, or nothing was read from it.
    Missing,
}

impl CheckOutcome for DocumentResult {
    const CHECK: &'static str = "DOCUMENT";
    const ALL: &'static [Self] = &[Self::Valid, Self::Unverified, Self::Faulty, Self::Expired, Self::Missing];

    fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Unverified => "UNVERIFIED",
            Self::Faulty => "FAULTY",
            Self::Expired => "EXPIRED",
            Self::Missing => "MISSING",
        }
    }

    fn passed(self) -> bool {
        self == Self::Valid
    }
}

/// Checks a case. One good document is enough: the best of them decides.
pub fn check(case: &Case, countries: &Countries, thresholds: &Thresholds) -> Finding<DocumentResult> {
    let mut best: Option<(DocumentResult, f64)> = None;
    let mut evidence = Vec::new();
    for document in case.identity_documents() {
        let (result, remarks) = judge(document, case, countries, thresholds);
        let remarks = if remarks.is_empty() { String::new() } else { format!(": {}", remarks.join("; ")) };
        let kind = document.document_type.as_str();
        evidence.push(format!("document {} ({kind}) is {}{remarks}", document.id, result.as_str()));
        let score = if result <= DocumentResult::Unverified { confidence(document) } else { 0.0 };
        if best.is_none_or(|(best, score_of_best)| (result, -score) < (best, -score_of_best)) {
            best = Some((result, score));
        }
    }
    let (result, score) = best.unwrap_or_else(|| {
        evidence.push("there is no identity document".to_owned());
        (DocumentResult::Missing, 0.0)
    });
    Finding::new(result, score, evidence)
}

/// One document, with what speaks against it.
fn judge(
    document: &Document,
    case: &Case,
    countries: &Countries,
    thresholds: &Thresholds,
) -> (DocumentResult, Vec<String>) {
    if document.fields.is_empty() {
        return (DocumentResult::Missing, vec!["nothing was read".to_owned()]);
    }
    let mut worst = DocumentResult::Valid;
    let mut remarks = Vec::new();
    let mut note = |result: DocumentResult, remark: String| {
        worst = worst.max(result);
        remarks.push(remark);
    };
    let expiry = field_names::DATE_OF_EXPIRY;
    match (document.day(expiry), document.value(expiry)) {
        (Some(last), _) if last < case.today => note(DocumentResult::Expired, format!("{expiry} is over")),
        (Some(_), _) => {}
        (None, Some(_)) => note(DocumentResult::Unverified, format!("{expiry} is no day of the calendar")),
        (None, None) => note(DocumentResult::Unverified, format!("{expiry} is missing")),
    }
    for warning in &document.warnings {
        let of = |start| warning.strip_prefix(start).map(|name: &str| name.trim_matches([':', ' ']));
        if let Some(digit) = of(CHECK_DIGIT_FAILED) {
            note(DocumentResult::Faulty, format!("the check digit {digit} does not match"));
        }
        // What is printed and what the zone holds are changed together by the issuer only.
        if let Some(name) = of(CONTRADICTED) {
            note(DocumentResult::Faulty, format!("{name} is there twice, and not alike"));
        }
    }
    if document.name().is_none() {
        note(DocumentResult::Unverified, "the name is missing".to_owned());
    }
    // Without them nobody knows which document it is, or whose: several people have one name.
    for name in [field_names::DOCUMENT_NUMBER, field_names::DATE_OF_BIRTH] {
        if document.value(name).is_none() {
            note(DocumentResult::Unverified, format!("{name} is missing"));
        }
    }
    for name in [field_names::ISSUING_COUNTRY, field_names::NATIONALITY] {
        if document.value(name).is_some_and(|code| !countries.is_known_on_documents(code)) {
            note(DocumentResult::Unverified, format!("{name} is no known code"));
        }
    }
    for name in decisive(document) {
        if document.field(name).is_some_and(|field| field.confidence < thresholds.confidence) {
            let least = thresholds.confidence;
            note(DocumentResult::Unverified, format!("{name} was read with a confidence below {least:.2}"));
        }
    }
    (worst, remarks)
}

/// The fields that the checks decide by.
fn decisive(document: &Document) -> Vec<&'static str> {
    let mut names = vec![field_names::DOCUMENT_NUMBER, field_names::DATE_OF_BIRTH, field_names::DATE_OF_EXPIRY];
    names.extend(document.name_fields());
    names
}

/// Mean confidence of the decisive fields that are there.
fn confidence(document: &Document) -> f64 {
    let confidences: Vec<f64> =
        decisive(document).into_iter().filter_map(|name| document.field(name)).map(|field| field.confidence).collect();
    let count = f64::from(u32::try_from(confidences.len().max(1)).unwrap_or(u32::MAX));
    (confidences.iter().sum::<f64>() / count).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use shared::tables::DocumentType;

    use super::*;
    use crate::case::samples::{TODAY, document, honest, passport, with};
    use crate::countries;

    fn result(documents: Vec<Document>) -> DocumentResult {
        let countries = Countries::load(&countries::FILE).unwrap();
        check(&Case { documents, ..honest() }, &countries, &Thresholds::DEFAULT).result
    }

    fn unsure(name: &str) -> Document {
        let mut passport = passport();
        passport.fields.iter_mut().filter(|field| field.name == name).for_each(|field| field.confidence = 0.5);
        passport
    }

    fn licence_without_birth() -> Document {
        Document { document_type: DocumentType::DrivingLicence, ..with(passport(), "dateOfBirth", None) }
    }

    fn warned(warning: &str) -> Document {
        Document { warnings: vec![warning.into()], ..passport() }
    }

    #[test]
    fn one_document() {
        use DocumentResult::{Expired, Faulty, Missing, Unverified, Valid};
        let today = TODAY.to_string();
        for (name, document, expected) in [
            ("in order", passport(), Valid),
            ("last day", with(passport(), "dateOfExpiry", Some(&today)), Valid),
            ("day after", with(passport(), "dateOfExpiry", Some("2026-11-22")), Expired),
            ("no expiry", with(passport(), "dateOfExpiry", None), Unverified),
            ("no day", with(passport(), "dateOfExpiry", Some("2032-02-30")), Unverified),
            ("no number", with(passport(), "documentNumber", None), Unverified),
            ("empty number", with(passport(), "documentNumber", Some(" ")), Unverified),
            ("no birth", with(passport(), "dateOfBirth", None), Unverified),
            ("a licence without a birth", licence_without_birth(), Unverified),
            ("no name", with(with(passport(), "surname", None), "givenNames", None), Unverified),
            ("unknown issuer", with(passport(), "issuingCountry", Some("UTO")), Unverified),
            ("stateless", with(passport(), "nationality", Some("XXA")), Valid),
            ("unknown nationality", with(passport(), "nationality", Some("Utopia")), Unverified),
            ("low confidence", unsure("surname"), Unverified),
            ("low confidence elsewhere", unsure("sex"), Valid),
            ("wrong digit", warned("CHECK_DIGIT_FAILED: composite"), Faulty),
            ("said twice", warned("CONTRADICTED: dateOfBirth"), Faulty),
            ("another warning", warned("the names fill their line and may have been cut off"), Valid),
            (
                "wrong digit, expired",
                with(warned("CHECK_DIGIT_FAILED: dateOfBirth"), "dateOfExpiry", Some("2020-01-01")),
                Expired,
            ),
            ("nothing read", document("d-1", DocumentType::Passport, &[]), Missing),
            ("a bill", document("d-1", DocumentType::ProofOfAddress, &[("surname", "ERIKSSON")]), Missing),
        ] {
            assert_eq!(result(vec![document]), expected, "{name}");
        }
    }

    #[test]
    fn the_best_document_decides() {
        let expired = with(passport(), "dateOfExpiry", Some("2020-01-01"));
        assert_eq!(result(vec![]), DocumentResult::Missing);
        assert_eq!(result(vec![expired.clone(), passport()]), DocumentResult::Valid);
        let bill = document("d-3", DocumentType::ProofOfAddress, &[("surname", "ERIKSSON")]);
        assert_eq!(result(vec![bill, passport()]), DocumentResult::Valid, "a bill has neither number nor birth");
        assert_eq!(result(vec![expired.clone(), document("d-2", DocumentType::IdCard, &[])]), DocumentResult::Expired);
        assert_eq!(result(vec![expired]), DocumentResult::Expired);
    }
}
