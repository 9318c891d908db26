//! The shape of each field's value: what is read under a label is returned in one spelling, or not at all.

use jiff::civil::Date;
use jiff::fmt::strtime;

use crate::agents::field;

/// What is wrong with a street that is none. Nobody has to be told: such a line is read as what it is.
pub const ZONE_LINE: &str = "is a line of a machine-readable zone";

/// The value in its one spelling, or what is wrong with it. The text never repeats the value.
pub fn shape(name: &str, text: &str) -> Result<String, &'static str> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name {
        field::DATE_OF_BIRTH | field::DATE_OF_EXPIRY | field::DATE_OF_ISSUE => date(&text),
        field::DOCUMENT_NUMBER | field::PERSONAL_NUMBER => number(&text),
        field::NATIONALITY | field::ISSUING_COUNTRY | field::COUNTRY => country(&text),
        field::SEX => sex(&text),
        field::EMAIL => email(text),
        field::PHONE => phone(text),
        field::POSTAL_CODE => postal_code(text),
        field::SURNAME | field::GIVEN_NAMES | field::FULL_NAME | field::CITY | field::PLACE_OF_BIRTH => words(text),
        field::STREET | field::ADDRESS if text.contains('<') => Err(ZONE_LINE),
        _ if text.chars().any(char::is_alphanumeric) => Ok(text),
        _ => Err("is empty"),
    }
}

fn words(text: String) -> Result<String, &'static str> {
    let fits = text.chars().any(char::is_alphabetic) && text.chars().count() <= 100;
    if fits { Ok(text) } else { Err("is no name") }
}

fn number(text: &str) -> Result<String, &'static str> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/')).collect();
    let fits = (3..=30).contains(&plain.len())
        && plain.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && plain.bytes().any(|byte| byte.is_ascii_digit());
    if fits { Ok(plain.to_ascii_uppercase()) } else { Err("is not made of letters and digits") }
}

/// The three letters where the text has them or is a known name, the text where it is something else (`British`).
fn country(text: &str) -> Result<String, &'static str> {
    if text.eq_ignore_ascii_case("D") {
        return Ok("DEU".to_owned());
    }
    let upper = text.to_ascii_uppercase();
    if mrz::country_name(&upper).is_some() {
        return Ok(upper);
    }
    match mrz::code_for_name(text) {
        Some(code) => Ok(code.to_owned()),
        None => words(text.to_owned()).map_err(|_| "is no country"),
    }
}

fn sex(text: &str) -> Result<String, &'static str> {
    let letter = match text.to_lowercase().as_str() {
        "m" | "male" | "m/m" => "M",
        "f" | "female" | "w" | "f/f" => "F",
        "x" | "<" | "other" | "unspecified" | "diverse" | "non-binary" => "X",
        _ => return Err("is none of M, F and X"),
    };
    Ok(letter.to_owned())
}

fn email(text: String) -> Result<String, &'static str> {
    let shaped = text.len() <= 254
        && !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(user, domain)| {
            !user.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.ends_with('.')
        });
    if shaped { Ok(text) } else { Err("is no e-mail address") }
}

fn phone(text: String) -> Result<String, &'static str> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let shaped = (5..=15).contains(&digits)
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '/' | '.' | '(' | ')'));
    if shaped { Ok(text) } else { Err("is no phone number") }
}

fn postal_code(text: String) -> Result<String, &'static str> {
    let shaped =
        (2..=12).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'));
    if shaped { Ok(text) } else { Err("is no postal code") }
}

/// Formats whose order of day and month is beyond doubt. Years have four digits: with two, a form leaves the century
/// open and has no check digit to speak for it.
const DATE_FORMATS: [&str; 14] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d. %B %Y",
    "%d-%b-%Y",
    "%d/%b/%Y",
    "%d.%b.%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
];

fn date(text: &str) -> Result<String, &'static str> {
    const NO_DATE: &str = "is no date that can be read for certain; YYYY-MM-DD always is";
    // A time after the day does not matter: `1974-08-12T00:00:00Z`.
    let day = match text.split_once('T') {
        Some((day, _)) if day.len() == 10 && day.as_bytes()[4] == b'-' => day,
        _ => text,
    };
    if day.len() > 30 {
        return Err(NO_DATE);
    }
    let found = DATE_FORMATS
        .into_iter()
        .find_map(|format| strtime::parse(format, day).and_then(|parsed| parsed.to_date()).ok())
        .or_else(|| day_and_month(day));
    match found {
        Some(date) if (1850..=2200).contains(&date.year()) => Ok(date.to_string()),
        _ => Err(NO_DATE),
    }
}

/// `25/12/1990` and `12/25/1990` are certain, `03/04/1990` is not, unless both are the same.
fn day_and_month(text: &str) -> Option<Date> {
    let parse = |format| strtime::parse(format, text).and_then(|parsed| parsed.to_date()).ok();
    let either = |separator: char| {
        let day_first = parse(format!("%d{separator}%m{separator}%Y"));
        let month_first = parse(format!("%m{separator}%d{separator}%Y"));
        match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        }
    };
    either('/').or_else(|| either('-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates() {
        for (text, expected) in [
            ("1974-08-12", Some("1974-08-12")),
            ("1974-08-12T00:00:00Z", Some("1974-08-12")),
            ("12.08.1974", Some("1974-08-12")),
            ("12 AUG 1974", Some("1974-08-12")),
            ("12 August 1974", Some("1974-08-12")),
            ("August 12, 1974", Some("1974-08-12")),
            ("25/12/1990", Some("1990-12-25")),
            ("12/25/1990", Some("1990-12-25")),
            ("04/04/1990", Some("1990-04-04")),
            ("29.02.2000", Some("2000-02-29")),
            ("03/04/1990", None),
            ("03-04-1990", None),
            ("29.02.2001", None),
            ("12.08.74", None),
            ("0001-01-01", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(shape("dateOfBirth", text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn one_spelling_each() {
        for (name, text, expected) in [
            ("documentNumber", "l 8989-02C3", Some("L898902C3")),
            ("documentNumber", "none", None),
            ("documentNumber", "Ä123", None),
            ("nationality", "Germany", Some("DEU")),
            ("nationality", "D", Some("DEU")),
            ("nationality", "uto", Some("UTO")),
            ("nationality", "British", Some("British")),
            ("nationality", "12", None),
            ("sex", "Female", Some("F")),
            ("sex", "yes", None),
            ("email", "ada@example.com", Some("ada@example.com")),
            ("email", "ada at example.com", None),
            ("phone", "+44 (20) 7946-0018", Some("+44 (20) 7946-0018")),
            ("phone", "call me", None),
            ("postalCode", "SW1A 1AA", Some("SW1A 1AA")),
            ("surname", "  van  der   Müllen ", Some("van der Müllen")),
            ("surname", "---", None),
            ("address", "1 Main St\nLondon", Some("1 Main St London")),
            ("address", "...", None),
            ("address", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", None),
            ("street", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", None),
            ("street", "I<UTOD231458907ABCDEFGHIJKLMNO", None),
            ("street", "1 Main St", Some("1 Main St")),
        ] {
            assert_eq!(shape(name, text).ok().as_deref(), expected, "{name}: {text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_error_repeats_it(name in prop::sample::select(vec![
            "dateOfBirth", "documentNumber", "nationality", "sex", "email", "phone", "postalCode", "surname", "address",
        ]), text in ".{0,40}") {
            let _ = shape(name, &text);
        }

        #[test]
        fn what_has_its_shape_keeps_it(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Z0-9 -]{0,20}|[A-Za-z]{0,12}") {
            for name in ["dateOfBirth", "documentNumber", "nationality", "sex"] {
                if let Ok(once) = shape(name, &text) {
                    prop_assert_eq!(shape(name, &once), Ok(once));
                }
            }
        }
    }
}
