//! The bodies of `POST /api/documents/upload` and `/process`: every field that is missing or malformed is named at once.
//! Messages never repeat a value, because they travel in events and logs.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use shared::api::{LIMIT_DOCUMENT_BYTES, LIMIT_DOCUMENTS};
use shared::http::Problem;
use shared::producer::Body;
use shared::tables::DocumentType;

use crate::agents::Media;

/// A document that is announced, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What it is.
    pub document_type: DocumentType,
    /// The customer's name for it.
    pub file_name: String,
    /// The kind of file.
    pub media: Media,
    /// Its length.
    pub size_bytes: u64,
}

/// What is to be processed, checked but for the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processing {
    /// The application.
    pub application_id: String,
    /// Its documents.
    pub document_ids: Vec<String>,
    /// Who is to read them.
    pub agent: Option<String>,
}

/// Reads what is going to be uploaded.
pub fn announced(bytes: &[u8]) -> Result<Vec<Announced>, Problem> {
    let mut body = Body::read(bytes)?;
    let mut announced = Vec::new();
    for (index, mut document) in documents(&mut body) {
        let mut take = |name: &str, rule: fn(&Value) -> Result<(), String>| {
            let value = document.remove(name).unwrap_or(Value::Null);
            let refused = if value.is_null() { Err("is missing".to_owned()) } else { rule(&value) };
            if let Err(what) = refused {
                body.fail(&format!("documents[{index}].{name}"), what);
            }
            value
        };
        let document_type = take("documentType", is_document_type);
        let file_name = take("fileName", is_file_name);
        let media = take("contentType", is_content_type);
        let size_bytes = take("sizeBytes", is_size);
        // One of these is missing only where it failed.
        let (Some(document_type), Some(media), Some(size_bytes)) = (
            document_type.as_str().and_then(DocumentType::of_name),
            media.as_str().and_then(Media::of_name),
            size_bytes.as_u64(),
        ) else {
            continue;
        };
        let file_name = file_name.as_str().unwrap_or_default().trim().to_owned();
        announced.push(Announced { document_type, file_name, media, size_bytes });
    }
    body.checked(announced)
}

/// Reads what is to be processed.
pub fn processing(bytes: &[u8]) -> Result<Processing, Problem> {
    let mut body = Body::read(bytes)?;
    let application_id = body.id("applicationId");
    let mut document_ids = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, mut document) in documents(&mut body) {
        let name = format!("documents[{index}].documentId");
        match document.remove("documentId").filter(|value| !value.is_null()) {
            None => body.fail(&name, "is missing"),
            Some(value) => match value.as_str().filter(|id| is_id(id)) {
                None => body.fail(&name, "is not an id"),
                Some(id) if !seen.insert(id.to_owned()) => body.fail(&name, "is named twice"),
                Some(id) => document_ids.push(id.to_owned()),
            },
        }
    }
    let agent = match body.take("agent") {
        None => None,
        Some(Value::String(agent)) => Some(agent),
        Some(_) => {
            body.fail("agent", "must be a text");
            None
        }
    };
    body.checked(Processing { application_id, document_ids, agent })
}

/// The documents of a body with their places in the list; those that are no objects are noted.
fn documents(body: &mut Body) -> Vec<(usize, Map<String, Value>)> {
    let documents = match body.take("documents") {
        Some(Value::Array(documents)) if (1..=LIMIT_DOCUMENTS).contains(&documents.len()) => documents,
        None => {
            body.fail("documents", "is missing");
            Vec::new()
        }
        Some(_) => {
            body.fail("documents", format!("must be a list of 1 to {LIMIT_DOCUMENTS} documents"));
            Vec::new()
        }
    };
    let mut objects = Vec::new();
    for (index, document) in documents.into_iter().enumerate() {
        match document {
            Value::Object(document) => objects.push((index, document)),
            _ => body.fail(&format!("documents[{index}]"), "must be an object"),
        }
    }
    objects
}

fn text(value: &Value) -> Result<&str, String> {
    match value.as_str().map(str::trim) {
        Some("") => Err("is empty".to_owned()),
        Some(text) => Ok(text),
        None => Err("must be a text".to_owned()),
    }
}

fn one_of<const N: usize>(names: [&str; N]) -> String {
    format!("must be one of {}", names.join(", "))
}

fn is_document_type(value: &Value) -> Result<(), String> {
    text(value)?;
    let known = value.as_str().and_then(DocumentType::of_name);
    known.map(|_| ()).ok_or_else(|| one_of(DocumentType::ALL.map(DocumentType::as_str)))
}

fn is_file_name(value: &Value) -> Result<(), String> {
    let text = text(value)?;
    if text.chars().count() > 200 {
        return Err("is longer than 200 characters".to_owned());
    }
    if text.chars().any(char::is_control) { Err("holds control characters".to_owned()) } else { Ok(()) }
}

fn is_content_type(value: &Value) -> Result<(), String> {
    text(value)?;
    let known = value.as_str().and_then(Media::of_name);
    known.map(|_| ()).ok_or_else(|| one_of(Media::ALL.map(Media::as_str)))
}

fn is_size(value: &Value) -> Result<(), String> {
    match value.as_u64() {
        Some(1..=LIMIT_DOCUMENT_BYTES) => Ok(()),
        _ => Err(format!("must be a whole number from 1 to {LIMIT_DOCUMENT_BYTES}")),
    }
}

/// Ids are made here; whatever has another shape names nothing.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({ "documentType": "PASSPORT", "fileName": "passport.pdf", "contentType": "application/pdf", "sizeBytes": 1 })
    }

    fn failed<T: std::fmt::Debug>(result: Result<T, Problem>) -> Vec<String> {
        result.map_or_else(|problem| problem.fields.into_keys().collect(), |_| Vec::new())
    }

    fn announce(body: &Value) -> Result<Vec<Announced>, Problem> {
        announced(body.to_string().as_bytes())
    }

    fn process(body: &Value) -> Result<Processing, Problem> {
        processing(body.to_string().as_bytes())
    }

    #[test]
    fn good_bodies() {
        let documents = announce(&json!({ "documents": [good(), good()] })).unwrap();
        assert_eq!((documents.len(), documents[0].media), (2, Media::Pdf));
        let expected = Processing {
            application_id: "a-1".into(),
            document_ids: vec!["d-1".into()],
            agent: Some("builtin".into()),
        };
        let body = json!({ "applicationId": "a-1", "documents": [{ "documentId": "d-1" }], "agent": "builtin" });
        assert_eq!(process(&body), Ok(expected));
    }

    #[test]
    fn every_failed_field_is_named() {
        let bad =
            json!({ "documentType": "passport", "fileName": "\u{0}", "contentType": "text/html", "sizeBytes": 0 });
        assert_eq!(
            failed(announce(&json!({ "documents": [good(), bad, 7, {}] }))),
            [
                "documents[1].contentType",
                "documents[1].documentType",
                "documents[1].fileName",
                "documents[1].sizeBytes",
                "documents[2]",
                "documents[3].contentType",
                "documents[3].documentType",
                "documents[3].fileName",
                "documents[3].sizeBytes",
            ]
        );
        for documents in [json!(null), json!([]), json!({}), json!(vec![good(); 11])] {
            assert_eq!(failed(announce(&json!({ "documents": documents }))), ["documents"], "{documents}");
        }
        assert_eq!(failed(process(&json!({}))), ["applicationId", "documents"]);
        assert_eq!(
            failed(process(&json!({
                "applicationId": 5, "documents": [{ "documentId": "d-1" }, { "documentId": "d-1" }, {}], "agent": 7,
            }))),
            ["agent", "applicationId", "documents[1].documentId", "documents[2].documentId"]
        );
    }

    #[test]
    fn fields_one_by_one() {
        for (field, value, accepted) in [
            ("documentType", json!("FORM"), true),
            ("documentType", json!(1), false),
            ("fileName", json!("Pass Zoë.pdf"), true),
            ("fileName", json!("a".repeat(201)), false),
            ("fileName", json!(" "), false),
            ("contentType", json!("image/png"), true),
            ("contentType", json!("text/plain; charset=utf-8"), false),
            ("sizeBytes", json!(LIMIT_DOCUMENT_BYTES), true),
            ("sizeBytes", json!(LIMIT_DOCUMENT_BYTES + 1), false),
            ("sizeBytes", json!(1.5), false),
            ("sizeBytes", json!(-1), false),
            ("sizeBytes", json!("1"), false),
        ] {
            let mut document = good();
            document[field] = value.clone();
            assert_eq!(announce(&json!({ "documents": [document] })).is_ok(), accepted, "{field} = {value}");
        }
    }

    #[test]
    fn messages_do_not_repeat_values() {
        let canary =
            json!({ "documents": [{ "documentType": "canary", "fileName": "canary\u{0}", "contentType": "canary" }] });
        assert!(!format!("{:?}", announce(&canary).unwrap_err()).contains("canary"));
        let canary = json!({ "applicationId": "canary!", "documents": [{ "documentId": "canary!" }] });
        assert!(!format!("{:?}", process(&canary).unwrap_err()).contains("canary"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = (announced(&body), processing(&body));
        }

        #[test]
        fn no_texts_panic(one in ".{0,40}", other in ".{0,40}", size: i64) {
            let _ = announce(&json!({ "documents": [
                { "documentType": one, "fileName": other, "contentType": one, "sizeBytes": size }, one,
            ] }));
            let _ = process(&json!({ "applicationId": one, "documents": [{ "documentId": other }], "agent": one }));
        }
    }
}
