//! Requests and answers of the HTTP API (payload format 2.0), and the one shape of every refusal:
//! `{"error":{"code","message","fields"?}}`.

use std::collections::HashMap;

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::events::Fields;
use crate::sessions::{Refused, Sessions};

/// The largest body that is read.
pub const LIMIT_BYTES: usize = 16 * 1024;

/// A request. Source: Amazon API Gateway Developer Guide, "AWS Lambda proxy integrations for HTTP APIs", format 2.0.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The path as it was asked for.
    pub raw_path: String,
    /// Headers; names are lower case, repeated values joined with commas.
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(rename = "requestContext")]
    context: RequestContext,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct RequestContext {
    http: HttpContext,
}

#[derive(Clone, Debug, Deserialize)]
struct HttpContext {
    method: String,
}

impl Request {
    /// The method, `POST`.
    pub fn method(&self) -> &str {
        &self.context.http.method
    }

    /// A header, by its lower case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .or_else(|| self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
            .map(String::as_str)
    }

    /// The body's bytes; an answer instead where they are too many or not what they claim to be.
    pub fn body(&self) -> Result<Vec<u8>, Problem> {
        let text = self.body.as_deref().unwrap_or_default();
        // Four characters of base64 are three bytes: no need to decode what is too large anyway.
        if text.len() > LIMIT_BYTES * 4 / 3 + 4 {
            return Err(Problem::too_large());
        }
        let bytes = if self.is_base64_encoded {
            let decoded = base64::engine::general_purpose::STANDARD.decode(text);
            decoded.map_err(|_| Problem::new(400, "BODY_MALFORMED", "The body is not readable."))?
        } else {
            text.as_bytes().to_vec()
        };
        if bytes.len() > LIMIT_BYTES { Err(Problem::too_large()) } else { Ok(bytes) }
    }

    /// Whether the body says that it is JSON.
    pub fn is_json(&self) -> bool {
        let media_type = self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/json")
            || (media_type.len() > 17
                && media_type.is_char_boundary(12)
                && media_type[..12].eq_ignore_ascii_case("application/")
                && media_type.to_ascii_lowercase().ends_with("+json"))
    }

    /// The bearer token, where the request has one.
    pub fn bearer(&self) -> Result<Option<&str>, Problem> {
        let Some(value) = self.header("authorization") else {
            return Ok(None);
        };
        let (scheme, token) = value.trim().split_once(' ').unwrap_or((value, ""));
        if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
            Ok(Some(token.trim()))
        } else {
            Err(Problem::unauthorized())
        }
    }

    /// The customer whose token the request carries; none without a token, an answer with one that is refused.
    pub async fn customer(&self, sessions: &Sessions) -> anyhow::Result<Result<Option<String>, Problem>> {
        let token = match self.bearer() {
            Ok(Some(token)) => token,
            Ok(None) => return Ok(Ok(None)),
            Err(problem) => return Ok(Err(problem)),
        };
        Ok(match sessions.verify(token).await? {
            Ok(customer) => Ok(Some(customer)),
            Err(Refused::Expired) => Err(Problem::new(401, "SESSION_EXPIRED", "The session is over; start a new one.")),
            Err(_) => Err(Problem::unauthorized()),
        })
    }
}

/// An answer in format 2.0.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The status.
    pub status_code: u16,
    headers: HashMap<&'static str, String>,
    body: String,
    is_base64_encoded: bool,
}

impl Answer {
    /// A JSON answer that nobody may keep: it holds a token or a customer's data.
    pub fn json(status: u16, body: &Value) -> Self {
        let headers =
            HashMap::from([("content-type", "application/json".to_owned()), ("cache-control", "no-store".to_owned())]);
        Self { status_code: status, headers, body: body.to_string(), is_base64_encoded: false }
    }

    /// The body's text.
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The status.
    pub status: u16,
    /// A stable code.
    pub code: String,
    /// What is wrong, for a person.
    pub message: String,
    /// Failed fields by name.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// The state that does not allow the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl Problem {
    /// A refusal without fields.
    pub fn new(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), fields: Fields::new(), state: None }
    }

    /// Fields that are not as they should be.
    pub fn validation(fields: Fields) -> Self {
        Self { fields, ..Self::new(400, "VALIDATION_FAILED", "Some fields are missing or malformed.") }
    }

    /// No valid session.
    pub fn unauthorized() -> Self {
        Self::new(401, "UNAUTHORIZED", "A valid session token is needed.")
    }

    /// Another customer's data.
    pub fn forbidden() -> Self {
        Self::new(403, "FORBIDDEN", "The session is another customer's.")
    }

    /// A step that the state does not allow.
    pub fn state(state: &str) -> Self {
        Self {
            state: Some(state.to_owned()),
            ..Self::new(409, "STEP_NOT_ALLOWED", "The step is not allowed in the customer's state.")
        }
    }

    /// A body over the limit.
    pub fn too_large() -> Self {
        Self::new(413, "BODY_TOO_LARGE", "The body is too large.")
    }

    /// A body that is not JSON.
    pub fn not_json() -> Self {
        Self::new(415, "CONTENT_TYPE", "The content type must be application/json.")
    }

    /// No such route.
    pub fn no_route() -> Self {
        Self::new(404, "NOT_FOUND", "There is no such route.")
    }

    /// Something failed that the caller can't help. The cause is in the log only.
    pub fn internal() -> Self {
        Self::new(500, "INTERNAL", "Something went wrong; try again.")
    }

    /// The answer.
    pub fn answer(&self) -> Answer {
        let mut error = json!({ "code": self.code, "message": self.message });
        if !self.fields.is_empty() {
            error["fields"] = json!(self.fields);
        }
        if let Some(state) = &self.state {
            error["state"] = json!(state);
        }
        let mut answer = Answer::json(self.status, &json!({ "error": error }));
        if self.status == 401 {
            answer.headers.insert("www-authenticate", "Bearer".to_owned());
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(headers: &Value, body: Option<&str>, base64: bool) -> Request {
        serde_json::from_value(json!({
            "version": "2.0", "routeKey": "POST /api/session", "rawPath": "/api/session", "headers": headers,
            "requestContext": { "http": { "method": "POST", "path": "/api/session" } },
            "body": body, "isBase64Encoded": base64,
        }))
        .unwrap()
    }

    #[test]
    fn bodies() {
        assert_eq!(request(&json!({}), None, false).body(), Ok(Vec::new()));
        assert_eq!(request(&json!({}), Some("e30="), true).body(), Ok(b"{}".to_vec()));
        assert_eq!(request(&json!({}), Some("%"), true).body().unwrap_err().status, 400);
        let large = "a".repeat(LIMIT_BYTES + 1);
        assert_eq!(request(&json!({}), Some(&large), false).body().unwrap_err().status, 413);
    }

    #[test]
    fn content_types() {
        for (content_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("text/plain", false),
            ("", false),
        ] {
            assert_eq!(
                request(&json!({ "content-type": content_type }), None, false).is_json(),
                expected,
                "{content_type}"
            );
        }
    }

    #[test]
    fn bearers() {
        assert_eq!(request(&json!({}), None, false).bearer(), Ok(None));
        assert_eq!(request(&json!({ "authorization": "bearer  t" }), None, false).bearer(), Ok(Some("t")));
        assert_eq!(request(&json!({ "Authorization": "Bearer t" }), None, false).bearer(), Ok(Some("t")));
        for refused in ["Basic abc", "Bearer", "Bearer ", ""] {
            assert_eq!(
                request(&json!({ "authorization": refused }), None, false).bearer().unwrap_err().status,
                401,
                "{refused}"
            );
        }
    }

    #[test]
    fn a_refusal_names_its_fields() {
        let problem = Problem::validation(Fields::from([("email".into(), "is missing".into())]));
        let body: Value = serde_json::from_str(problem.answer().body()).unwrap();
        assert_eq!(body["error"]["code"], "VALIDATION_FAILED");
        assert_eq!(body["error"]["fields"]["email"], "is missing");
    }

    proptest! {
        #[test]
        fn no_header_or_body_panics(content_type in ".{0,40}", token in ".{0,40}", body in ".{0,80}", base64: bool) {
            let request = request(&json!({ "content-type": content_type, "authorization": token }), Some(&body), base64);
            let _ = (request.is_json(), request.bearer().is_ok(), request.body().is_ok());
        }
    }
}
