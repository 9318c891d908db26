//! Labelled values in a text: `Surname: Doe`, `Name = …`, columns of a table, a value below its label.

use super::{labels, values};
use crate::agents::{Extraction, confidence, field};

/// How many lines are looked at. A document that a person fills in has fewer.
const LIMIT_LINES: usize = 5_000;

/// How many lines an address goes on for below its label.
const LIMIT_ADDRESS_LINES: usize = 3;

/// Adds the labelled values of a text.
pub fn extract(text: &str, into: &mut Extraction) {
    let lines: Vec<Vec<&str>> = text.lines().take(LIMIT_LINES).map(columns).collect();
    for (at, line) in lines.iter().enumerate() {
        let open = read_line(line, into);
        if !open.is_empty() {
            read_below(&open, line.len(), &lines[at + 1..], into);
        }
        if line.len() == 1 && line.iter().any(|column| labelled(column).is_some_and(|(name, _)| name == field::ADDRESS))
        {
            go_on(&lines[at..], into);
        }
    }
}

/// Reports a value under its field's name, if it has the field's shape.
pub fn put(name: &str, value: &str, confidence: f64, into: &mut Extraction) {
    match values::shape(name, value) {
        Ok(value) => into.add(name, &value, confidence),
        Err(values::ZONE_LINE) => {}
        Err(wrong) => into.warn(format!("{name} {wrong}; it is not returned")),
    }
}

/// The columns of a line: tabs or two spaces stand between them.
fn columns(line: &str) -> Vec<&str> {
    line.split('\t').flat_map(|part| part.split("  ")).map(str::trim).filter(|column| !column.is_empty()).collect()
}

/// The field and the value of `label: value` or `label = value`; the value may be empty.
fn labelled(column: &str) -> Option<(&'static str, &str)> {
    let (label, value) = column.split_once([':', '='])?;
    labels::field_of(label).map(|name| (name, value.trim()))
}

fn is_label(column: &str) -> bool {
    labelled(column).is_some() || labels::field_of(column).is_some()
}

/// Reads the pairs of a line. What comes back are the labels that are left without a value, with their columns.
fn read_line(columns: &[&str], into: &mut Extraction) -> Vec<(&'static str, usize)> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(column) = columns.get(at) {
        let (name, value, certainty) = match (labelled(column), labels::field_of(column)) {
            (Some((name, value)), _) => (name, value, confidence::LABELLED),
            (None, Some(name)) => (name, "", confidence::NEAR_LABEL),
            (None, None) => {
                at += 1;
                continue;
            }
        };
        let next = columns.get(at + 1).filter(|next| !is_label(next));
        match next {
            _ if !value.is_empty() => put(name, value, certainty, into),
            Some(next) => {
                put(name, next, certainty, into);
                at += 1;
            }
            None => open.push((name, at)),
        }
        at += 1;
    }
    open
}

/// Reads the values that stand below their labels: column by column if both lines have as many, or the whole line for
/// a single label.
fn read_below(open: &[(&'static str, usize)], width: usize, below: &[Vec<&str>], into: &mut Extraction) {
    let Some(line) = below.iter().take(2).find(|line| !line.is_empty()) else {
        return;
    };
    if line.iter().any(|column| is_label(column)) {
        return;
    }
    for (name, column) in open {
        let value = if line.len() == width { line.get(*column) } else { line.first() };
        if let Some(value) = value.filter(|_| line.len() == width || open.len() == 1) {
            // What stands below by chance has seldom the shape of the field: that is no reason for a warning.
            if let Ok(value) = values::shape(name, value) {
                into.add(name, &value, confidence::NEAR_LABEL);
            }
        }
    }
}

/// An address may go on for some lines: until an empty one, or one that is labelled or has columns.
fn go_on(lines: &[Vec<&str>], into: &mut Extraction) {
    let Some((_, first)) = lines.first().and_then(|line| line.first()).and_then(|column| labelled(column)) else {
        return;
    };
    let more = lines[1..].iter().take(LIMIT_ADDRESS_LINES).map_while(|line| match line.as_slice() {
        [only] if !is_label(only) && !only.contains([':', '=', '<']) && only.chars().count() <= 60 => Some(*only),
        _ => None,
    });
    let parts: Vec<&str> = std::iter::once(first).chain(more).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        into.replace(field::ADDRESS, &parts.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Extraction {
        let mut extraction = Extraction::default();
        extract(text, &mut extraction);
        extraction
    }

    fn fields(text: &str) -> Vec<(String, String, f64)> {
        read(text).fields.into_iter().map(|field| (field.name, field.value, field.confidence)).collect()
    }

    #[test]
    fn where_values_stand() {
        for (text, expected) in [
            ("Surname: Doe", vec![("surname", "Doe", 0.8)]),
            ("Name = Ada Lovelace", vec![("fullName", "Ada Lovelace", 0.8)]),
            (
                "surname:Doe\r\nDate of birth: 12.08.1974",
                vec![("surname", "Doe", 0.8), ("dateOfBirth", "1974-08-12", 0.8)],
            ),
            ("Surname:   Doe", vec![("surname", "Doe", 0.8)]),
            ("Surname: Doe    Sex: F", vec![("surname", "Doe", 0.8), ("sex", "F", 0.8)]),
            ("Surname      Doe", vec![("surname", "Doe", 0.6)]),
            ("Surname\tDoe", vec![("surname", "Doe", 0.6)]),
            ("Surname\n\nDoe", vec![("surname", "Doe", 0.6)]),
            ("Surname:\nDoe", vec![("surname", "Doe", 0.6)]),
            (
                "Surname    Given names    Sex\nDoe        Ada            F",
                vec![("surname", "Doe", 0.6), ("givenNames", "Ada", 0.6), ("sex", "F", 0.6)],
            ),
            ("Surname    Given names\nDoe", vec![]),
            ("Surname\nGiven names\nAda", vec![("givenNames", "Ada", 0.6)]),
            ("Surname\n\n\nDoe", vec![]),
            ("Surname\nE-mail: a@b.example", vec![("email", "a@b.example", 0.8)]),
            ("Dear Sir: we write", vec![]),
            ("Address: 1 Main St", vec![("address", "1 Main St", 0.8)]),
            (
                "Address: 1 Main St\nLondon SW1Y 4JH\nUnited Kingdom\n\nThank you",
                vec![("address", "1 Main St, London SW1Y 4JH, United Kingdom", 0.8)],
            ),
            ("Line 1: 1 Main St\nCity: London", vec![("street", "1 Main St", 0.8), ("city", "London", 0.8)]),
            ("Line 1: P<UTOERIKSSON<<ANNA<MARIA", vec![]),
            ("Line 1\nP<UTOERIKSSON<<ANNA<MARIA", vec![]),
            ("Address: 1 Main St\nSurname: Doe", vec![("address", "1 Main St", 0.8), ("surname", "Doe", 0.8)]),
            ("", vec![]),
        ] {
            let expected: Vec<(String, String, f64)> =
                expected.into_iter().map(|(name, value, sure)| (name.into(), value.into(), sure)).collect();
            assert_eq!(fields(text), expected, "{text}");
        }
    }

    #[test]
    fn a_line_of_a_zone_under_a_label_is_no_reason_to_warn() {
        assert_eq!(read("Line 1: P<UTOERIKSSON<<ANNA<MARIA").warnings, Vec::<String>::new());
    }

    #[test]
    fn a_value_without_its_shape_is_told_and_not_repeated() {
        let extraction = read("Date of birth: 03/04/1990\nSex: canary");
        assert_eq!(extraction.fields, []);
        assert_eq!(extraction.warnings.len(), 2);
        assert!(extraction.warnings[0].starts_with("dateOfBirth is no date that can be read for certain"));
        assert!(!extraction.warnings.concat().contains("canary"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(?s).{0,300}") {
            let _ = read(&text);
        }

        #[test]
        fn nothing_like_a_form_panics(text in "(Surname|Address|Sex|:|=|  |\n|\t|[a-z0-9]{1,4}){0,40}") {
            let _ = read(&text);
        }
    }
}
