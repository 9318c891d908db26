//! What a route answers when it does not do what it was asked. Most of it comes from the functions; some can only come
//! from the gateway in front of them, whose bodies have another shape, and some from either.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::openapi::Operation;
use super::schemas::Schemas;
use crate::events::Fields;
use crate::progress::State;

/// Every refusal of a function: `{"error": {...}}`.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Refusal {
    /// What was refused and why.
    error: RefusalError,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct RefusalError {
    /// A stable code.
    #[schemars(regex(pattern = "^[A-Z][A-Z_]*$"))]
    code: String,
    /// The same for a person.
    message: String,
    /// Failed fields by name.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    fields: Fields,
    /// The state that does not allow the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<State>")]
    state: Option<String>,
}

/// What API Gateway answers by itself, before or instead of a function.
#[derive(Serialize, Deserialize, JsonSchema)]
struct GatewayRefusal {
    /// What is wrong, `Request Entity Too Large` say.
    message: String,
}

/// Who answers a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Function,
    Gateway,
    Either,
    /// API Gateway, or `CloudFront` in front of it, whose page is HTML.
    Edge,
    /// A function, API Gateway or `CloudFront`.
    Anyone,
}

/// The schemas of all refusals.
pub struct Refusals {
    of_function: Value,
    of_gateway: Value,
}

impl Refusals {
    /// Collects the schemas.
    pub fn new(schemas: &mut Schemas) -> Self {
        Self { of_function: schemas.of::<Refusal>(), of_gateway: schemas.of::<GatewayRefusal>() }
    }

    /// The refusals of a route by their status.
    pub fn of(&self, operation: &Operation) -> Map<String, Value> {
        let mut responses = Map::new();
        for (status, text, by) in statuses(operation) {
            let mut response = json!({ "description": text, "content": self.content(by) });
            if status == "401" {
                let schema = json!({ "type": "string", "const": "Bearer" });
                let header = json!({ "description": "How to prove who asks", "required": true, "schema": schema });
                response["headers"] = json!({ "www-authenticate": header });
            }
            responses.insert(status.to_owned(), response);
        }
        responses
    }

    fn content(&self, by: By) -> Value {
        let either = || json!({ "oneOf": [self.of_function, self.of_gateway] });
        let mut content = match by {
            By::Function => content(&self.of_function),
            By::Gateway | By::Edge => content(&self.of_gateway),
            By::Either | By::Anyone => content(&either()),
        };
        if matches!(by, By::Edge | By::Anyone) {
            content["text/html"] = json!({ "schema": { "type": "string" } });
        }
        content
    }
}

/// A JSON body.
pub fn content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

/// The statuses that a route may refuse with, and who does.
fn statuses(operation: &Operation) -> Vec<(&'static str, &'static str, By)> {
    let of_application = operation.path.contains("/applications/")
        || matches!(
            operation.path,
            "/api/documents/process" | "/api/kyc/verify" | "/api/policy/recommend" | "/api/policy/select"
        );
    let mut statuses = vec![("401", "No session, or one that is over", By::Function)];
    if of_application || operation.path.starts_with("/api/user/{") {
        statuses.push(("403", "Another customer's data", By::Function));
    }
    if of_application {
        statuses.push(("404", "No such application", By::Function));
    }
    if operation.takes_key() {
        statuses.extend([
            ("400", "Malformed; `fields` names what is wrong", By::Either),
            ("409", "Not in this state, or the first request with this key is under way", By::Function),
            ("413", "The body is too large", By::Either),
            ("422", "The Idempotency-Key was used with another body", By::Function),
        ]);
    } else {
        statuses.push(("400", "No HTTP request that can be read", By::Gateway));
        if operation.method == "post" {
            statuses.push(("413", "The body is too large", By::Gateway));
        }
    }
    if operation.request.is_some() {
        statuses.push(("415", "The content type is not application/json", By::Function));
    }
    let busy = if operation.path == "/api/documents/process" {
        ("503", "The agent, the function or the gateway has too much to do; try again in a moment", By::Anyone)
    } else {
        ("503", "The function or the gateway has too much to do; try again in a moment", By::Edge)
    };
    statuses.extend([
        ("429", "Too many requests", By::Gateway),
        ("500", "Something failed on this side; the same request may be sent again", By::Either),
        ("502", "What stands behind the edge does not answer as it should", By::Edge),
        busy,
        ("504", "What stands behind the edge does not answer in time", By::Edge),
    ]);
    statuses
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::openapi;

    /// Where a status is answered with the function's shape, and where with the gateway's.
    fn shapes(path: &str, method: &str, status: &str) -> (bool, bool) {
        let document = openapi();
        let response = &document["paths"][path][method]["responses"][status];
        assert!(response.is_object(), "{method} {path} is never answered {status}");
        let text = Value::to_string(&response["content"]["application/json"]);
        (text.contains("/Refusal\""), text.contains("/GatewayRefusal\""))
    }

    #[test]
    fn who_answers_what() {
        for (path, method, status, expected) in [
            ("/api/session", "post", "413", (true, true)),
            ("/api/ws/ticket", "post", "413", (false, true)),
            ("/api/ws/ticket", "post", "400", (false, true)),
            ("/api/user/submit", "post", "400", (true, true)),
            ("/api/user/submit", "post", "429", (false, true)),
            ("/api/user/submit", "post", "503", (false, true)),
            ("/api/documents/process", "post", "503", (true, true)),
            ("/api/kyc/verify", "post", "500", (true, true)),
            ("/api/kyc/verify", "post", "409", (true, false)),
        ] {
            assert_eq!(shapes(path, method, status), expected, "{method} {path} {status}");
        }
    }
}
