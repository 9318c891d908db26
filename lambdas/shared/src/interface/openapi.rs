//! The REST API as an `OpenAPI` 3.1 document.

use serde_json::{Map, Value, json};

use super::refusals::{Refusals, content};
use super::schemas::Schemas;
use crate::api;
use crate::http::LIMIT_BYTES;

/// What holds of all operations.
const DESCRIPTION: &str = "One origin serves the page at `/`, this API at `/api` and the WebSocket at `/ws`. What a \
    schema of a request does not allow is refused, but for white space around a text and the case of a media type, which \
    are forgiven. Fields that nothing is said of are ignored.";

/// One route.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    id: &'static str,
    summary: &'static str,
    /// Whether it may be taken without a session.
    open: bool,
    pub request: Option<Value>,
    status: &'static str,
    answer: Value,
    /// Whether it publishes, so that it may be answered 202.
    publishes: bool,
}

impl Operation {
    /// Whether an `Idempotency-Key` counts: it changes something that a repeat must not change again.
    pub fn takes_key(&self) -> bool {
        self.method == "post" && self.path != "/api/ws/ticket"
    }
}

/// The document.
pub fn openapi() -> Value {
    let mut schemas = Schemas::new();
    let operations = operations(&mut schemas);
    let refusals = Refusals::new(&mut schemas);
    let mut paths: Map<String, Value> = Map::new();
    for operation in &operations {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = describe(operation, &refusals);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "OnboardAI REST API",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.collected(),
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
        },
    })
}

/// A call of a customer with a session that changes something.
fn post(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    request: Option<Value>,
    answer: Value,
) -> Operation {
    let status = if path.starts_with("/api/kyc") || path.starts_with("/api/policy") || path.ends_with("/process") {
        "200"
    } else {
        "201"
    };
    Operation { method: "post", path, id, summary, open: false, request, status, answer, publishes: status == "200" }
}

/// A call of a customer with a session that reads.
fn get(path: &'static str, id: &'static str, summary: &'static str, answer: Value) -> Operation {
    Operation { method: "get", status: "200", publishes: false, ..post(path, id, summary, None, answer) }
}

fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    let mut operations = first_tile(schemas);
    operations.extend(documents(schemas));
    operations.extend(decisions(schemas));
    let ticket = schemas.of::<api::TicketAnswer>();
    operations.push(post("/api/ws/ticket", "issueTicket", "A single-use ticket for the WebSocket", None, ticket));
    operations
}

fn first_tile(schemas: &mut Schemas) -> Vec<Operation> {
    let session = schemas.of::<api::SessionAnswer>();
    let session = post("/api/session", "openSession", "A new customer's session, or a renewed one", None, session);
    let request = Some(schemas.of::<api::SubmitRequest>());
    let answer = schemas.of::<api::SubmitAnswer>();
    let submit = post("/api/user/submit", "submitUserInformation", "Tile 1: who the customer is", request, answer);
    let progress = schemas.of::<api::ProgressAnswer>();
    vec![
        Operation { open: true, ..session },
        Operation { open: true, publishes: true, ..submit },
        get("/api/user/{customerId}/progress", "readProgress", "How far the customer is", progress),
    ]
}

fn documents(schemas: &mut Schemas) -> Vec<Operation> {
    let request = Some(schemas.of::<api::UploadRequest>());
    let answer = schemas.of::<api::UploadAnswer>();
    let summary = "A pre-signed address for each document";
    let upload = post("/api/documents/upload", "announceDocuments", summary, request, answer);
    let request = Some(schemas.of::<api::ProcessRequest>());
    let answer = schemas.of::<api::ProcessAnswer>();
    let summary = "Tiles 2 and 3: the documents are read";
    let process = post("/api/documents/process", "processDocuments", summary, request, answer);
    let status = schemas.of::<api::StatusAnswer>();
    let summary = "How far an application is";
    vec![upload, process, get("/api/applications/{applicationId}/status", "readApplication", summary, status)]
}

fn decisions(schemas: &mut Schemas) -> Vec<Operation> {
    let request = Some(schemas.of::<api::VerifyRequest>());
    let answer = schemas.of::<api::VerifyAnswer>();
    let kyc = post("/api/kyc/verify", "verifyIdentity", "Tile 4: the checks of the identity", request, answer);
    let request = Some(schemas.of::<api::RecommendRequest>());
    let answer = schemas.of::<api::RecommendAnswer>();
    let recommend = post("/api/policy/recommend", "recommendPolicies", "Tile 5: policies that fit", request, answer);
    let request = Some(schemas.of::<api::SelectRequest>());
    let answer = schemas.of::<api::SelectAnswer>();
    let select = post("/api/policy/select", "selectPolicy", "Tile 5: the choice", request, answer);
    vec![kyc, recommend, select]
}

fn describe(operation: &Operation, refusals: &Refusals) -> Value {
    let mut responses = Map::new();
    responses
        .insert(operation.status.to_owned(), json!({ "description": "Done", "content": content(&operation.answer) }));
    if operation.publishes {
        let pending = json!({
            "allOf": [
                operation.answer,
                { "type": "object", "required": ["eventPending"], "properties": { "eventPending": { "const": true } } },
            ],
        });
        let text = "Done; Kafka is away, and the event follows";
        responses.insert("202".into(), json!({ "description": text, "content": content(&pending) }));
    }
    responses.extend(refusals.of(operation));
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": responses,
    });
    described["security"] = if operation.open { json!([{}, { "session": [] }]) } else { json!([{ "session": [] }]) };
    if let Some(request) = &operation.request {
        described["requestBody"] = json!({
            "required": true,
            "description": format!("At most {LIMIT_BYTES} bytes."),
            "content": content(request),
        });
    }
    described
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut parameters = Vec::new();
    if let Some((_, rest)) = operation.path.split_once('{') {
        let name = rest.split('}').next().unwrap_or_default();
        let schema = json!({ "type": "string", "minLength": 1 });
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if operation.takes_key() {
        let bits = if operation.open { " It must hold at least 128 random bits." } else { "" };
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": format!("A repeat gets the first outcome and publishes nothing new.{bits}"),
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]*$" },
        }));
    }
    parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = openapi();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn the_routes_are_those_of_the_contract() {
        let document = openapi();
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths.len(), 10);
        assert!(document["paths"]["/api/user/submit"]["post"]["responses"]["202"].is_object());
    }
}
