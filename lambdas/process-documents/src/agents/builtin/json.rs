//! JSON forms: members with a field's name at any depth, and lists of `{label, value}`.

mod unique;

use serde_json::{Map, Value};

use super::{form, labels};
use crate::agents::{Extraction, confidence, field};

/// How many values are looked at. A form that a person fills in has fewer.
const LIMIT_VALUES: usize = 10_000;

/// How deep forms are nested. Below that nothing is read.
const LIMIT_DEPTH: usize = 12;

/// Members that hold a label, and those that hold its value.
const LABEL_MEMBERS: [&str; 5] = ["label", "key", "name", "field", "question"];
const VALUE_MEMBERS: [&str; 3] = ["value", "answer", "text"];

/// The lines of an address, in the order in which it is written.
const ADDRESS_LINES: [&str; 5] = [field::STREET, field::POSTAL_CODE, field::CITY, field::REGION, field::COUNTRY];

/// Adds the fields of a form, and comes back with its texts, a line each, whatever they are called: a machine-readable zone
/// may stand in any of them.
pub fn extract(bytes: &[u8], into: &mut Extraction) -> Result<String, &'static str> {
    let text = super::text::decode(bytes)?;
    // serde_json ends at 128 levels by itself.
    let form: Value = serde_json::from_str(&text).map_err(|_| "the form is not JSON, or it is nested too deeply")?;
    if !unique::has_unique_names(&text) {
        return Err("the form has two members of one name, so that it is not certain what it says");
    }
    let mut walk = Walk { into, texts: String::new(), left: LIMIT_VALUES };
    walk.value(&form, Place::default());
    if walk.left == 0 {
        walk.into.warn(format!("the form has more than {LIMIT_VALUES} values; the rest is not read"));
    }
    Ok(walk.texts)
}

struct Walk<'a> {
    into: &'a mut Extraction,
    texts: String,
    left: usize,
}

/// Where in a form a value stands.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    in_address: bool,
}

impl Place {
    /// Within the member that stands for `name`.
    fn below(self, name: Option<&str>) -> Self {
        Self { depth: self.depth + 1, in_address: self.in_address || name == Some(field::ADDRESS) }
    }

    /// The field that a member stands for. A numbered line is a street within an address only: zones are numbered too.
    fn field_of(self, label: &str) -> Option<&'static str> {
        labels::field_of(label).filter(|_| self.in_address || !labels::is_numbered_line(label))
    }
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, place: Place) {
        if self.left == 0 || place.depth > LIMIT_DEPTH {
            return;
        }
        self.left -= 1;
        match value {
            Value::Object(members) => self.object(members, place),
            Value::Array(values) => values.iter().for_each(|value| self.value(value, place.below(None))),
            Value::String(text) => self.text(text),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.texts.push_str(text);
        self.texts.push('\n');
    }

    fn object(&mut self, members: &Map<String, Value>, place: Place) {
        if let Some((name, value)) = pair(members, place) {
            self.text(&value);
            form::put(name, &value, confidence::NAMED, self.into);
            return;
        }
        for (label, value) in members {
            match (place.field_of(label), value) {
                (Some(name), Value::String(_) | Value::Number(_)) => {
                    let value = scalar(value);
                    self.text(&value);
                    form::put(name, &value, confidence::NAMED, self.into);
                }
                (name, _) => self.value(value, place.below(name)),
            }
            if let (Some(field::ADDRESS), Value::Object(lines)) = (place.field_of(label), value) {
                self.address(lines);
            }
        }
    }

    /// An address in lines is also one text.
    fn address(&mut self, lines: &Map<String, Value>) {
        let line = |wanted: &str| {
            lines.iter().find(|(label, _)| labels::field_of(label) == Some(wanted)).map(|(_, value)| scalar(value))
        };
        let parts: Vec<String> =
            ADDRESS_LINES.into_iter().filter_map(line).filter(|part| !part.trim().is_empty()).collect();
        if !parts.is_empty() {
            form::put(field::ADDRESS, &parts.join(", "), confidence::NAMED, self.into);
        }
    }
}

/// `{"label": "Surname", "value": "Doe"}`.
fn pair(members: &Map<String, Value>, place: Place) -> Option<(&'static str, String)> {
    let label = LABEL_MEMBERS.iter().find_map(|member| members.get(*member)?.as_str())?;
    let value = VALUE_MEMBERS.iter().find_map(|member| members.get(*member))?;
    let value = Some(scalar(value)).filter(|text| !text.is_empty())?;
    place.field_of(label).map(|name| (name, value))
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(form: &Value) -> (Extraction, String) {
        let mut extraction = Extraction::default();
        let texts = extract(form.to_string().as_bytes(), &mut extraction).unwrap();
        (extraction, texts)
    }

    fn fields(form: &Value) -> Vec<(String, String)> {
        read(form).0.fields.into_iter().map(|field| (field.name, field.value)).collect()
    }

    #[test]
    fn forms() {
        for (form, expected) in [
            (
                json!({"surname": "Doe", "date_of_birth": "1974-08-12"}),
                vec![("surname", "Doe"), ("dateOfBirth", "1974-08-12")],
            ),
            (
                json!({"applicant": {"lastName": "Doe", "Given names": "Ada"}}),
                vec![("surname", "Doe"), ("givenNames", "Ada")],
            ),
            (
                json!([{"label": "Surname", "value": "Doe"}, {"name": "sex", "value": "F"}]),
                vec![("surname", "Doe"), ("sex", "F")],
            ),
            (json!({"documentNumber": 123_456}), vec![("documentNumber", "123456")]),
            (
                json!({"address": {"street": "1 Main St", "city": "London", "postcode": "SW1Y 4JH", "country": "GBR"}}),
                vec![
                    ("street", "1 Main St"),
                    ("city", "London"),
                    ("postalCode", "SW1Y 4JH"),
                    ("country", "GBR"),
                    ("address", "1 Main St, SW1Y 4JH, London, GBR"),
                ],
            ),
            (
                json!({"residence": {"line1": "1 Main St", "town": "London"}, "line1": "hello"}),
                vec![("street", "1 Main St"), ("city", "London"), ("address", "1 Main St, London")],
            ),
            (json!({"address": [{"line1": "1 Main St"}]}), vec![("street", "1 Main St")]),
            (json!({"zone": {"line1": "P<UTOERIKSSON<<ANNA", "line2": "L898902C36"}}), vec![]),
            (json!({"address": {"line1": "P<UTOERIKSSON<<ANNA"}}), vec![]),
            (json!([{"label": "Line 1", "value": "P<UTOERIKSSON<<ANNA"}]), vec![]),
            (json!([{"label": "Line 1", "value": "hello"}]), vec![]),
            (json!({"name": "Ada", "value": 1, "other": true}), vec![("fullName", "Ada")]),
            (json!({"surname": null, "sex": ["F"]}), vec![]),
            (json!("Surname: Doe"), vec![]),
        ] {
            let expected: Vec<(String, String)> =
                expected.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
            assert_eq!(fields(&form), expected, "{form}");
        }
    }

    #[test]
    fn texts_are_handed_on_and_what_is_no_form_is_refused() {
        for (form, expected) in [
            (json!({"zone": ["P<UTO", "L898"], "note": "x"}), "P<UTO\nL898\nx\n"),
            (json!({"line1": "P<UTO", "line2": "L898"}), "P<UTO\nL898\n"),
            (json!({"address": {"line1": "P<UTO", "line2": "L898"}}), "P<UTO\nL898\n"),
            (json!({"surname": "P<UTO", "documentNumber": 898}), "P<UTO\n898\n"),
            (
                json!([{"label": "Line 1", "value": "P<UTO"}, {"label": "Line 2", "value": "L898"}]),
                "Line 1\nP<UTO\nLine 2\nL898\n",
            ),
        ] {
            assert_eq!(read(&form).1, expected, "{form}");
        }
        let mut extraction = Extraction::default();
        assert!(extract(b"{", &mut extraction).is_err());
        assert!(extract(b"\xFF", &mut extraction).is_err());
        assert!(extract(br#"{"surname": "Doe", "surname": "Roe"}"#, &mut extraction).is_err());
        assert_eq!(extraction, Extraction::default());
        assert!(extract("[".repeat(100_000).as_bytes(), &mut extraction).is_err());
    }

    #[test]
    fn a_large_form_ends() {
        let (extraction, _) = read(&json!(vec![json!({"a": [1, 2, 3]}); LIMIT_VALUES]));
        assert_eq!(extraction.warnings.len(), 1);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..128)) {
            let _ = extract(&bytes, &mut Extraction::default());
        }

        #[test]
        fn no_json_panics(form in "[\\[\\]{}:,\"a-z0-9 ]{0,80}") {
            let _ = extract(form.as_bytes(), &mut Extraction::default());
        }
    }
}
