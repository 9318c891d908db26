//! Whether every member of a form has a name of its own. `serde_json` keeps the last one of a name without a word, other
//! readers the first: such a form says one thing to us and another to whoever looks at it.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Whether no object of the form has two members of one name. The form is JSON.
pub fn has_unique_names(form: &str) -> bool {
    serde_json::from_str::<Checked>(form).is_ok()
}

/// A value that was looked through and not kept.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Check)
    }
}

struct Check;

impl<'de> Visitor<'de> for Check {
    type Value = Checked;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Checked, A::Error> {
        let mut names = BTreeSet::new();
        while let Some((name, Checked)) = members.next_entry::<String, Checked>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a name is there twice"));
            }
        }
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Checked, A::Error> {
        while values.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_unit<E: Error>(self) -> Result<Checked, E> {
        Ok(Checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_within_their_object() {
        for (form, expected) in [
            (r#"{"a": 1, "b": -2, "c": 0.5, "d": null, "e": true, "f": "x", "g": []}"#, true),
            (r#"{"a": {"a": {"a": 1}}}"#, true),
            (r#"[{"a": 1}, {"a": 2}]"#, true),
            (r#"{"a": 1, "A": 2}"#, true),
            ("{}", true),
            ("18446744073709551616", true),
            (r#"{"a": 1, "a": 1}"#, false),
            (r#"{"a": 1, "\u0061": 2}"#, false),
            (r#"{"x": [{"y": {"a": 1, "b": 2, "a": 3}}]}"#, false),
        ] {
            assert_eq!(has_unique_names(form), expected, "{form}");
        }
    }
}
