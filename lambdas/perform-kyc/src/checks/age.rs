//! `AGE`: at least 18 on the day, in UTC, and of the same age by the documents.

use jiff::civil::Date;
use shared::tables::field_names;

use super::{CheckOutcome, Finding};
use crate::case::Case;

/// From which age on somebody may be a customer.
const ADULT_YEARS: i16 = 18;

/// What the check comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeResult {
    /// 18 or more.
    Adult,
    /// The date of birth is contradicted by an identity document, or is no day of the calendar.
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

/// Checks a case. The declared date decides; a document's date that differs is for a human, because either may be wrong.
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
    let mut contradicted = false;
    for document in case.identity_documents() {
        let Some(others) = document.value(field_names::DATE_OF_BIRTH) else { continue };
        let same = others.parse().is_ok_and(|others: Date| others == born);
        contradicted |= !same;
        let relation = if same { "is the declared one" } else { "differs from the declared one" };
        evidence.push(format!("document {}: dateOfBirth {relation}", document.id));
    }
    let result = match (adult, contradicted) {
        (false, _) => AgeResult::Minor,
        (true, true) => AgeResult::Unproven,
        (true, false) => AgeResult::Adult,
    };
    Finding::new(result, if result.passed() { 1.0 } else { 0.0 }, evidence)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::case::samples::{honest, passport, with};

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
            ("1974-08-12", None, Adult),
            ("1974-08-12", Some("1974-08-13"), Unproven),
            ("1974-08-12", Some("12.8.1974"), Unproven),
            ("1974-08-12", Some("2015-08-12"), Unproven),
            ("2008-11-23", Some("2008-11-23"), Adult),
            ("2008-11-24", Some("2008-11-24"), Minor),
            ("2008-11-24", Some("1974-08-12"), Minor),
            ("2001-02-29", None, Unproven),
            ("", None, Unproven),
        ] {
            let mut case = honest();
            case.customer.date_of_birth = declared.into();
            case.documents = vec![with(passport(), field_names::DATE_OF_BIRTH, on_document)];
            assert_eq!(check(&case).result, expected, "{declared} {on_document:?}");
        }
    }
}
