//! The body of `POST /api/user/submit`: every field that is missing or malformed is named at once. Messages never repeat
//! a value, because they travel in events and logs.

use email_address::{EmailAddress, Options};
use garde::Validate as _;
use jiff::civil::Date;
use serde_json::{Map, Value};
use shared::events::{Address, Fields};
use shared::http::Problem;

/// What the customer submitted, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct UserInfo {
    /// E-mail address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// `YYYY-MM-DD`.
    pub date_of_birth: String,
    /// E.164.
    pub phone_number: String,
    /// Postal address.
    pub address: Option<Address>,
}

/// A field as the body gives it.
#[derive(Debug, Default)]
enum Given {
    #[default]
    Missing,
    NotText,
    Text(String),
}

impl Given {
    fn take(object: &mut Map<String, Value>, name: &str) -> Self {
        match object.remove(name) {
            None | Some(Value::Null) => Self::Missing,
            Some(Value::String(text)) => Self::Text(text.trim().to_owned()),
            Some(_) => Self::NotText,
        }
    }

    fn text(&self) -> Result<&str, garde::Error> {
        match self {
            Self::Missing => Err(garde::Error::new("is missing")),
            Self::NotText => Err(garde::Error::new("must be a text")),
            Self::Text(text) if text.is_empty() => Err(garde::Error::new("is empty")),
            Self::Text(text) => Ok(text),
        }
    }

    fn into_text(self) -> String {
        if let Self::Text(text) = self { text } else { String::new() }
    }
}

/// The day that dates are held against.
struct Today(Date);

/// An address as the body gives it.
#[derive(Debug)]
struct GivenAddress(Option<Value>);

#[derive(Debug, garde::Validate)]
#[garde(context(Today))]
struct Form {
    #[garde(custom(is_email))]
    email: Given,
    #[garde(custom(is_name))]
    first_name: Given,
    #[garde(custom(is_name))]
    last_name: Given,
    #[garde(custom(is_date_of_birth))]
    date_of_birth: Given,
    #[garde(custom(is_phone_number))]
    phone_number: Given,
    #[garde(custom(is_address))]
    address: GivenAddress,
}

/// Reads and checks a body; `today` is in UTC.
pub fn read(body: &[u8], today: Date) -> Result<UserInfo, Problem> {
    let malformed = || Problem::new(400, "BODY_MALFORMED", "The body must be a JSON object.");
    let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else {
        return Err(malformed());
    };
    let form = Form {
        email: Given::take(&mut object, "email"),
        first_name: Given::take(&mut object, "firstName"),
        last_name: Given::take(&mut object, "lastName"),
        date_of_birth: Given::take(&mut object, "dateOfBirth"),
        phone_number: Given::take(&mut object, "phoneNumber"),
        address: GivenAddress(object.remove("address").filter(|value| !value.is_null())),
    };
    if let Err(report) = form.validate_with(&Today(today)) {
        let mut fields = Fields::new();
        for (path, error) in report.iter() {
            fields.entry(wire_name(&path.to_string())).or_insert_with(|| error.message().to_owned());
        }
        return Err(Problem::validation(fields));
    }
    Ok(UserInfo {
        email: form.email.into_text(),
        first_name: form.first_name.into_text(),
        last_name: form.last_name.into_text(),
        date_of_birth: form.date_of_birth.into_text(),
        phone_number: form.phone_number.into_text(),
        address: form.address.0.and_then(|value| serde_json::from_value(value).ok()),
    })
}

/// The field's name in the body. (garde 0.23 parses a `rename` and ignores it.)
fn wire_name(path: &str) -> String {
    let mut words = path.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &head.into_iter().chain(letters).collect::<String>()
    })
}

fn refuse(message: &str) -> garde::Result {
    Err(garde::Error::new(message))
}

fn is_email(given: &Given, _: &Today) -> garde::Result {
    let text = given.text()?;
    // Quoted names and names in other scripts (SMTPUTF8) are refused by much of what mail passes on its way, and mail to
    // a name without a dot leaves no local network. RFC 5321 limits the path to 256 octets with its brackets.
    let plain = text.len() <= 254 && text.is_ascii() && !text.contains('"');
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    let parsed = EmailAddress::parse_with_options(text, options);
    if !plain || !parsed.is_ok_and(|address| address.domain().split('.').all(is_host_label)) {
        return refuse("is not an e-mail address");
    }
    Ok(())
}

/// A part of a host's name (RFC 1123, 2.1); the parser takes RFC 5321's atoms.
fn is_host_label(label: &str) -> bool {
    let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    letters && !label.starts_with('-') && !label.ends_with('-')
}

fn is_name(given: &Given, _: &Today) -> garde::Result {
    let text = given.text()?;
    if text.chars().count() > 100 {
        return refuse("is longer than 100 characters");
    }
    if text.chars().any(char::is_control) || !text.chars().any(char::is_alphabetic) {
        return refuse("is not a name");
    }
    Ok(())
}

fn is_date_of_birth(given: &Given, today: &Today) -> garde::Result {
    let text = given.text()?;
    let shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let Some(date) = shaped.then(|| text.parse::<Date>().ok()).flatten() else {
        return refuse("is not a date of the form YYYY-MM-DD");
    };
    if date >= today.0 {
        return refuse("is not in the past");
    }
    if i32::from(date.year()) < i32::from(today.0.year()) - 130 {
        return refuse("is too long ago");
    }
    Ok(())
}

fn is_phone_number(given: &Given, _: &Today) -> garde::Result {
    let text = given.text()?;
    let digits = text.strip_prefix('+').unwrap_or_default();
    let shaped = (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Shape and calling code, not the numbering plan: plans change faster than a library that knows them.
    if !shaped || !has_calling_code(digits) {
        return refuse("is not an E.164 phone number (+491701234567)");
    }
    Ok(())
}

fn is_address(given: &GivenAddress, _: &Today) -> garde::Result {
    let text_fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= 500;
    let fits = match &given.0 {
        None => true,
        Some(Value::String(text)) => text_fits(text),
        Some(Value::Object(lines)) => {
            !lines.is_empty()
                && lines.len() <= 12
                && lines.iter().all(|(key, line)| (1..=40).contains(&key.len()) && line.as_str().is_some_and(text_fits))
        }
        Some(_) => false,
    };
    if fits { Ok(()) } else { refuse("must be a text or an object of texts, 500 characters each at most") }
}

/// Whether digits begin with a calling code that is in use; none has more than three.
fn has_calling_code(digits: &str) -> bool {
    let mut codes = (1..=3).filter_map(|length| digits.get(..length)?.parse().ok());
    codes.any(|code| !phonelib::countries_by_calling_code(code).is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({
            "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace",
            "dateOfBirth": "1990-01-01", "phoneNumber": "+1234567890",
        })
    }

    fn check(body: &Value) -> Result<UserInfo, Problem> {
        read(body.to_string().as_bytes(), date(2026, 11, 23))
    }

    fn failed(body: &Value) -> Vec<String> {
        check(body).map_or_else(|problem| problem.fields.into_keys().collect(), |_| Vec::new())
    }

    #[test]
    fn a_good_body_is_taken_with_and_without_address() {
        assert_eq!(check(&good()).unwrap().address, None);
        for address in [json!("12 St James's Square, London"), json!({"city": "London", "country": "GB"})] {
            let mut body = good();
            body["address"] = address;
            assert!(check(&body).unwrap().address.is_some());
        }
    }

    #[test]
    fn every_failed_field_is_named() {
        assert_eq!(failed(&json!({})), ["dateOfBirth", "email", "firstName", "lastName", "phoneNumber"]);
        let all = json!({
            "email": "x", "firstName": 5, "lastName": "", "dateOfBirth": "yesterday", "phoneNumber": "0170", "address": 7,
        });
        assert_eq!(failed(&all), ["address", "dateOfBirth", "email", "firstName", "lastName", "phoneNumber"]);
    }

    #[test]
    fn fields_one_by_one() {
        for (field, value, accepted) in [
            ("email", "a@b.co", true),
            ("email", "a@localhost", false),
            ("email", "a b@c.de", false),
            ("email", "a+b.c@x.d-e.co", true),
            ("email", "\"a\"@b.co", false),
            ("email", "a@[127.0.0.1]", false),
            ("email", "Ada <a@b.co>", false),
            ("email", "ä@b.co", false),
            ("email", "a@b_c.de", false),
            ("email", "a@-b.de", false),
            ("email", ".a@b.de", false),
            ("email", "a@b.co\r\nBcc: c@d.co", false),
            ("email", "", false),
            ("firstName", "Zoë", true),
            ("firstName", "李", true),
            ("firstName", "12", false),
            ("firstName", "a\u{0}b", false),
            ("dateOfBirth", "2000-02-29", true),
            ("dateOfBirth", "2001-02-29", false),
            ("dateOfBirth", "2026-11-22", true),
            ("dateOfBirth", "2026-11-23", false),
            ("dateOfBirth", "2999-01-01", false),
            ("dateOfBirth", "1800-01-01", false),
            ("dateOfBirth", "1990-1-1", false),
            ("dateOfBirth", "1990-01-01T00:00:00", false),
            ("phoneNumber", "+491701234567", true),
            ("phoneNumber", "+15551234567", true),
            ("phoneNumber", "491701234567", false),
            ("phoneNumber", "+0123456789", false),
            ("phoneNumber", "+49 170 1234567", false),
            ("phoneNumber", "+9991234567890", false),
        ] {
            let mut body = good();
            body[field] = value.into();
            assert_eq!(check(&body).is_ok(), accepted, "{field} = {value}");
        }
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for body in ["", "[]", "null", "{", "\"text\""] {
            assert_eq!(read(body.as_bytes(), date(2026, 11, 23)).unwrap_err().code, "BODY_MALFORMED", "{body}");
        }
    }

    #[test]
    fn messages_do_not_repeat_values() {
        let body = json!({"email": "secret-value", "firstName": "secret-value\u{0}", "dateOfBirth": "secret-value"});
        assert!(!format!("{:?}", check(&body).unwrap_err()).contains("secret-value"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = read(&body, date(2026, 11, 23));
        }

        #[test]
        fn no_texts_panic(email in ".{0,40}", name in ".{0,40}", born in ".{0,12}", phone in "[+0-9 ]{0,20}|.{0,20}") {
            let _ = check(&json!({
                "email": email, "firstName": name, "lastName": name, "dateOfBirth": born, "phoneNumber": phone,
                "address": {"city": email},
            }));
        }
    }
}
