//! The bodies of the two calls: every field that is missing or malformed is named at once, in the place where it stands
//! (`documents[1].contentType`). Messages never repeat a value, because they travel in events and logs.

use process_documents::agents::Media;
use process_documents::reader::LIMIT_FILE_BYTES;
use serde_json::{Map, Value};
use shared::events::Fields;
use shared::http::Problem;
use shared::tables::DocumentType;

/// How many documents one call is about.
pub const LIMIT_DOCUMENTS: usize = 10;

/// A document that is announced, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What it is.
    pub document_type: DocumentType,
    /// The customer's name for it.
    pub file_name: String,
    /// Its kind of file.
    pub media: Media,
    /// Its length.
    pub size_bytes: u64,
}

/// Which documents are to be read, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The application.
    pub application_id: String,
    /// The documents.
    pub documents: Vec<String>,
    /// The agent, where the request names one.
    pub agent: Option<String>,
}

/// Reads the body of an upload.
pub fn announced(body: &[u8]) -> Result<Vec<Announced>, Problem> {
    let object = object(body)?;
    let mut fields = Fields::new();
    let documents = each_document(&object, &mut fields, |at, document, fields| {
        let mut text = |name: &str| text_of(document, name, &format!("{at}.{name}"), fields);
        let document_type = text("documentType");
        let (file_name, content_type) = (text("fileName"), text("contentType"));
        let document_type = known(document_type.map(|name| DocumentType::of_name(&name)), || {
            let names = DocumentType::ALL.map(DocumentType::as_str).join(", ");
            drop(fields.insert(format!("{at}.documentType"), format!("is not one of {names}")));
        });
        let media = known(content_type.map(|name| Media::of_name(&name)), || {
            let names = Media::ALL.map(Media::as_str).join(", ");
            drop(fields.insert(format!("{at}.contentType"), format!("is not one of {names}")));
        });
        let size_bytes = document.get("sizeBytes").and_then(Value::as_u64);
        let size_bytes = size_bytes.filter(|size| (1..=LIMIT_FILE_BYTES as u64).contains(size));
        if size_bytes.is_none() {
            fields.insert(format!("{at}.sizeBytes"), format!("must be a whole number from 1 to {LIMIT_FILE_BYTES}"));
        }
        Some(Announced { document_type: document_type?, file_name: file_name?, media: media?, size_bytes: size_bytes? })
    });
    if fields.is_empty() { Ok(documents) } else { Err(Problem::validation(fields)) }
}

/// Reads the body of a call to process.
pub fn wanted(body: &[u8]) -> Result<Wanted, Problem> {
    let object = object(body)?;
    let mut fields = Fields::new();
    let application_id = text_of(&object, "applicationId", "applicationId", &mut fields);
    let agent = match object.get("agent") {
        None | Some(Value::Null) => None,
        Some(_) => text_of(&object, "agent", "agent", &mut fields),
    };
    let mut documents: Vec<String> = Vec::new();
    for (at, id) in each_document(&object, &mut fields, |at, document, fields| {
        let name = format!("{at}.documentId");
        text_of(document, "documentId", &name, fields).map(|id| (name, id))
    }) {
        if documents.contains(&id) {
            fields.insert(at, "is named twice".to_owned());
        }
        documents.push(id);
    }
    match application_id {
        Some(application_id) if fields.is_empty() => Ok(Wanted { application_id, documents, agent }),
        _ => Err(Problem::validation(fields)),
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Problem::new(400, "BODY_MALFORMED", "The body must be a JSON object.")),
    }
}

/// Looks at each document of the list; what is wrong with the list itself is one more failed field.
fn each_document<Read>(
    object: &Map<String, Value>,
    fields: &mut Fields,
    mut look: impl FnMut(&str, &Map<String, Value>, &mut Fields) -> Option<Read>,
) -> Vec<Read> {
    let documents = match object.get("documents") {
        Some(Value::Array(documents)) if (1..=LIMIT_DOCUMENTS).contains(&documents.len()) => documents,
        _ => {
            fields.insert("documents".into(), format!("must be a list of 1 to {LIMIT_DOCUMENTS} documents"));
            return Vec::new();
        }
    };
    let mut read = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let at = format!("documents[{number}]");
        match document {
            Value::Object(document) => read.extend(look(&at, document, fields)),
            _ => drop(fields.insert(at, "must be an object".to_owned())),
        }
    }
    read
}

/// A text of 1 to 255 characters, or a failed field.
fn text_of(object: &Map<String, Value>, name: &str, at: &str, fields: &mut Fields) -> Option<String> {
    let problem = match object.get(name) {
        None | Some(Value::Null) => "is missing",
        Some(Value::String(text)) if text.trim().is_empty() => "is empty",
        Some(Value::String(text)) if text.chars().count() > 255 => "is longer than 255 characters",
        Some(Value::String(text)) if text.chars().any(char::is_control) => "must not hold control characters",
        Some(Value::String(text)) => return Some(text.trim().to_owned()),
        Some(_) => "must be a text",
    };
    fields.insert(at.to_owned(), problem.to_owned());
    None
}

/// A value that was looked up; `refuse` is called where a name was given that nothing has.
fn known<Named>(looked_up: Option<Option<Named>>, refuse: impl FnOnce()) -> Option<Named> {
    if matches!(looked_up, Some(None)) {
        refuse();
    }
    looked_up.flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn good() -> Value {
        json!({ "documentType": "PASSPORT", "fileName": "p.pdf", "contentType": "application/pdf", "sizeBytes": 9 })
    }

    fn failed<Read>(read: Result<Read, Problem>) -> Vec<String> {
        read.map_or_else(|problem| problem.fields.into_keys().collect(), |_| Vec::new())
    }

    #[test]
    fn every_failed_field_is_named_where_it_stands() {
        let check = |body: Value| failed(announced(body.to_string().as_bytes()));
        assert!(check(json!({ "documents": [good(), good()] })).is_empty());
        assert_eq!(check(json!({})), ["documents"]);
        assert_eq!(check(json!({ "documents": [] })), ["documents"]);
        assert_eq!(check(json!({ "documents": vec![good(); 11] })), ["documents"]);
        assert_eq!(check(json!({ "documents": [good(), 5] })), ["documents[1]"]);
        let bad = json!({ "documentType": "LIBRARY_CARD", "contentType": "text/html", "sizeBytes": 0 });
        let all = ["contentType", "documentType", "fileName", "sizeBytes"].map(|name| format!("documents[1].{name}"));
        assert_eq!(check(json!({ "documents": [good(), bad] })), all);
        for size in [json!(-1), json!(1.5), json!("9"), json!(LIMIT_FILE_BYTES + 1)] {
            let mut document = good();
            document["sizeBytes"] = size;
            assert_eq!(check(json!({ "documents": [document] })), ["documents[0].sizeBytes"]);
        }
    }

    #[test]
    fn what_is_to_be_read() {
        let check = |body: Value| wanted(body.to_string().as_bytes());
        let body = json!({ "applicationId": "a-1", "documents": [{ "documentId": "d-1" }], "agent": "builtin" });
        let expected =
            Wanted { application_id: "a-1".into(), documents: vec!["d-1".into()], agent: Some("builtin".into()) };
        assert_eq!(check(body), Ok(expected));
        assert_eq!(failed(check(json!({ "agent": 5 }))), ["agent", "applicationId", "documents"]);
        let twice = json!({ "applicationId": "a-1", "documents": [{ "documentId": "d" }, { "documentId": "d" }] });
        assert_eq!(failed(check(twice)), ["documents[1].documentId"]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = (announced(&body).is_ok(), wanted(&body).is_ok());
        }

        #[test]
        fn no_texts_panic(name in ".{0,40}", size: i64) {
            let body = json!({ "applicationId": name, "agent": name, "documents": [{ "documentType": name,
                "fileName": name, "contentType": name, "sizeBytes": size, "documentId": name }] });
            let _ = (announced(body.to_string().as_bytes()).is_ok(), wanted(body.to_string().as_bytes()).is_ok());
        }
    }
}
