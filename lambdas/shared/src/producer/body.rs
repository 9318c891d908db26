//! The body of a request as fields that are taken one by one; each that is missing or malformed is noted by its name, so
//! that all of them are told at once. What is wrong never repeats a value.

use serde_json::{Map, Value};

use crate::api::LIMIT_ID;
use crate::events::Fields;
use crate::http::Problem;

/// A JSON object that is being read.
#[derive(Debug)]
pub struct Body {
    object: Map<String, Value>,
    failed: Fields,
}

impl Body {
    /// Reads the bytes, which must be a JSON object.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => Ok(Self { object, failed: Fields::new() }),
            _ => Err(Problem::new(400, "BODY_MALFORMED", "The body must be a JSON object.")),
        }
    }

    /// Takes a field; none where it is missing or null.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name).filter(|value| !value.is_null())
    }

    /// Notes what is wrong with a field.
    pub fn fail(&mut self, name: &str, what: impl Into<String>) {
        self.failed.entry(name.to_owned()).or_insert_with(|| what.into());
    }

    /// Takes an id; an empty text where that failed, which [`Self::checked`] tells.
    pub fn id(&mut self, name: &str) -> String {
        let what = match self.take(name) {
            None => "is missing",
            Some(Value::String(text)) if text.is_empty() => "is empty",
            Some(Value::String(text)) if is_id(&text) => return text,
            Some(Value::String(_)) => "is not an id",
            Some(_) => "must be a text",
        };
        self.fail(name, what);
        String::new()
    }

    /// What was taken, if nothing failed.
    pub fn checked<T>(self, taken: T) -> Result<T, Problem> {
        if self.failed.is_empty() { Ok(taken) } else { Err(Problem::validation(self.failed)) }
    }
}

/// Whether a text has the shape of an id.
pub fn is_id(text: &str) -> bool {
    (1..=LIMIT_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(bytes: &[u8]) -> Result<String, Problem> {
        let mut body = Body::read(bytes)?;
        let id = body.id("applicationId");
        body.checked(id)
    }

    #[test]
    fn ids() {
        for (body, expected) in [
            (r#"{"applicationId":"0f8fad5b-d9cb-469f-a165-70867728950e"}"#, Ok("0f8fad5b-d9cb-469f-a165-70867728950e")),
            (r#"{"applicationId":"a"}"#, Ok("a")),
            ("{}", Err("is missing")),
            (r#"{"applicationId":null}"#, Err("is missing")),
            (r#"{"applicationId":""}"#, Err("is empty")),
            (r#"{"applicationId":"a b"}"#, Err("is not an id")),
            (r#"{"applicationId":"a/../b"}"#, Err("is not an id")),
            (r#"{"applicationId":7}"#, Err("must be a text")),
        ] {
            let result = id(body.as_bytes()).map_err(|problem| problem.fields["applicationId"].clone());
            assert_eq!(result, expected.map(ToOwned::to_owned).map_err(ToOwned::to_owned), "{body}");
        }
        let long = format!(r#"{{"applicationId":"{}"}}"#, "a".repeat(65));
        assert_eq!(id(long.as_bytes()).unwrap_err().status, 400);
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        let deep = "[".repeat(10_000);
        for body in ["", "[]", "null", "{", "\"text\"", "{\"a\":1}x", &deep] {
            assert_eq!(Body::read(body.as_bytes()).unwrap_err().code, "BODY_MALFORMED");
        }
    }

    #[test]
    fn all_failed_fields_are_told_at_once() {
        let mut body = Body::read(br#"{"policyId":5}"#).unwrap();
        let ids = (body.id("applicationId"), body.id("policyId"));
        let problem = body.checked(ids).unwrap_err();
        assert_eq!(problem.fields.into_keys().collect::<Vec<_>>(), ["applicationId", "policyId"]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = id(&bytes);
        }
    }
}
