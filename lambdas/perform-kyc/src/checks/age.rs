//! `AGE`: at least 18 on the day, in UTC, by an identity document that gives the declared date of birth.

use jiff::civil::Date;
use shared::tables::field_names;

use super::{CheckOutcome, Finding};
use crate::case::Case;

/// From which age on somebody may be a customer.
const ADULT_YEARS: i16 = 18;

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeResult {
    /// 18 or more, and a document says so.
    Adult,
    /// No identity document confirms the date of birth, one contradicts it, or it is no day of the calendar.
    Unproven,
    /// Under 18.
    Minor,
}

impl CheckOutcome for AgeResult {
    const CHECK: &'static str = "AGE";
    const ALL: &'static [Self] = &[Self::Adult, Self::Unproven, Self::Minor];

    fn as_str(self) -> &'static str {
        match self {
            Self::Adult => "ADULT",
            Self::Unproven => "UNPROVEN",
            Self::Minor => "MINOR",
        }
    }

    fn passed(self) -> bool {
        self == Self::Adult
    }
}

/// Completed years. Who is born on 29 February completes one on 1 March of a common year.
pub fn years(born: Date, today: Date) -> i16 {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}

/// Checks a case. The declared date decides, if at least one document confirms it: what nobody printed proves nothing. A
/// document's date that differs is for a human, because either may be wrong.
pub fn check(case: &Case) -> Finding<AgeResult> {
    let Some(born) = case.customer.born() else {
        let evidence = vec!["dateOfBirth is no day of the calendar".to_owned()];
        return Finding::new(AgeResult::Unproven, 0.0, evidence);
    };
    let adult = years(born, case.today) >= ADULT_YEARS;
    let mut evidence = vec![format!(
        "dateOfBirth: {} {ADULT_YEARS} years on {} (UTC)",
        if adult { "at least" } else { "less than" },
        case.today
    )];
    let (mut confirmed, mut contradicted) = (false, false);
    for document in case.identity_documents() {
        let same = document
            .value(field_names::DATE_OF_BIRTH)
            .map(|others| others.parse().is_ok_and(|others: Date| others == born));
        confirmed |= same == Some(true);
        contradicted |= same == Some(false);
        let relation = match same {
            Some(true) => "is the declared one",
            Some(false) => "differs from the declared one",
            None => "is missing",
        };
        evidence.push(format!("document {}: dateOfBirth {relation}", document.id));
    }
    if !confirmed && !contradicted {
        evidence.push("no identity document gives a date of birth".to_owned());
    }
    let result = match (adult, confirmed && !contradicted) {
        (false, _) => AgeResult::Minor,
        (true, false) => AgeResult::Unproven,
        (true, true) => AgeResult::Adult,
    };
    Finding::new(result, if result.passed() { 1.0 } else { 0.0 }, evidence)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use shared::tables::DocumentType;

    use super::*;
    use crate::case::samples::{document, honest, passport, with};

    #[test]
    fn years_are_completed_on_the_birthday() {
        for (born, today, expected) in [
            (date(2008, 11, 23), date(2026, 11, 22), 17),
            (date(2008, 11, 23), date(2026, 11, 23), 18),
            (date(2008, 2, 29), date(2026, 2, 28), 17),
            (date(2008, 2, 29), date(2026, 3, 1), 18),
            (date(2008, 2, 29), date(2028, 2, 28), 19),
            (date(2008, 2, 29), date(2028, 2, 29), 20),
            (date(2007, 3, 1), date(2028, 2, 29), 20),
            (date(2008, 12, 31), date(2026, 1, 1), 17),
        ] {
            assert_eq!(years(born, today), expected, "{born} {today}");
        }
    }

    #[test]
    fn results() {
        use AgeResult::{Adult, Minor, Unproven};
        for (declared, on_document, expected) in [
            ("1974-08-12", Some("1974-08-12"), Adult),
            ("1974-08-12", None, Unproven),
            ("1974-08-12", Some("1974-08-13"), Unproven),
            ("1974-08-12", Some("12.8.1974"), Unproven),
            ("1974-08-12", Some("2015-08-12"), Unproven),
            ("2008-11-23", Some("2008-11-23"), Adult),
            ("2008-11-24", Some("2008-11-24"), Minor),
            ("2008-11-24", Some("1974-08-12"), Minor),
            ("2008-11-24", None, Minor),
            // A zone's two digits of a year fit both; a declaration can't choose the century of its own proof.
            ("1909-08-12", Some("2009-08-12"), Unproven),
            ("2001-02-29", None, Unproven),
            ("", None, Unproven),
        ] {
            let mut case = honest();
            case.customer.date_of_birth = declared.into();
            case.documents = vec![with(passport(), field_names::DATE_OF_BIRTH, on_document)];
            assert_eq!(check(&case).result, expected, "{declared} {on_document:?}");
        }
    }
    #[test]
    fn one_identity_document_has_to_confirm_and_none_may_contradict() {
        use AgeResult::{Adult, Unproven};
        let without = || with(passport(), field_names::DATE_OF_BIRTH, None);
        let other = || with(passport(), field_names::DATE_OF_BIRTH, Some("1974-08-13"));
        let bill = |born| document("d-2", DocumentType::ProofOfAddress, &[(field_names::DATE_OF_BIRTH, born)]);
        for (name, documents, expected) in [
            ("none", vec![], Unproven),
            ("a bill alone", vec![bill("1974-08-12")], Unproven),
            ("unread beside a bill", vec![without(), bill("1974-08-12")], Unproven),
            ("one of two", vec![without(), passport()], Adult),
            ("one against", vec![other(), passport()], Unproven),
            ("a bill without one", vec![passport(), document("d-2", DocumentType::ProofOfAddress, &[])], Adult),
            ("a bill against", vec![passport(), bill("1974-08-13")], Adult),
        ] {
            assert_eq!(check(&Case { documents, ..honest() }).result, expected, "{name}");
        }
    }
}
