//! The fields of a PDF form that was filled in, as `name: value` lines. Source: ISO 32000-1, 12.7.3.

use lopdf::{Dictionary, Document, Object, decode_text_string};

/// How many fields are read, and how deep they are nested.
const LIMIT_FIELDS: usize = 500;
const LIMIT_DEPTH: usize = 8;

/// Names and values of the form's fields.
pub fn read(document: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let fields = document
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"AcroForm", document))
        .and_then(Object::as_dict)
        .and_then(|form| form.get_deref(b"Fields", document))
        .and_then(Object::as_array);
    if let Ok(fields) = fields {
        let mut left = LIMIT_FIELDS;
        below(document, fields, 0, &mut left, &mut found);
    }
    found
}

fn below(document: &Document, fields: &[Object], depth: usize, left: &mut usize, found: &mut Vec<(String, String)>) {
    for field in fields {
        if *left == 0 || depth > LIMIT_DEPTH {
            return;
        }
        *left -= 1;
        let Some(field) = document.dereference(field).ok().and_then(|(_, field)| field.as_dict().ok()) else {
            continue;
        };
        if let (Some(name), Some(value)) =
            (text(document, field, b"TU").or_else(|| text(document, field, b"T")), text(document, field, b"V"))
        {
            found.push((name, value));
        }
        if let Ok(kids) = field.get_deref(b"Kids", document).and_then(Object::as_array) {
            below(document, kids, depth + 1, left, found);
        }
    }
}

fn text(document: &Document, field: &Dictionary, key: &[u8]) -> Option<String> {
    let value = field.get_deref(key, document).ok()?;
    let text = match value {
        Object::String(..) => decode_text_string(value).ok()?,
        // A choice is a name.
        Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
        _ => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
