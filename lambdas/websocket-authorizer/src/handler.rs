//! Two callers: the HTTP API (`POST /api/ws/ticket`) and the WebSocket API, as the authorizer of `$connect`.

use std::collections::HashMap;
use std::time::Instant;

use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::api::{TicketAnswer, body};
use shared::http::{Answer, Problem, Request};
use shared::log::Line;
use shared::{time, trace};

use crate::function::Function;
use crate::ticket;

/// A request to authorize `$connect`. Source: Amazon API Gateway Developer Guide, "Control access to WebSocket APIs
/// with AWS Lambda REQUEST authorizers".
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authorization {
    method_arn: String,
    #[serde(default)]
    query_string_parameters: Option<HashMap<String, String>>,
}

/// The route of the HTTP API, as lines name it.
const ROUTE: &str = "POST /api/ws/ticket";

/// Who calls.
enum Caller {
    HttpApi(Box<Request>),
    WebsocketApi(Authorization),
}

impl Caller {
    fn of(payload: Value) -> anyhow::Result<Self> {
        if payload.get("methodArn").is_some() {
            Ok(Self::WebsocketApi(serde_json::from_value(payload)?))
        } else {
            Ok(Self::HttpApi(Box::new(serde_json::from_value(payload)?)))
        }
    }
}

/// Issues a ticket or decides about a handshake.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let xray = event.context.xray_trace_id;
    match Caller::of(event.payload)? {
        Caller::WebsocketApi(asked) => {
            let trace_id = trace::from_headers([xray.as_deref()]);
            let presented = asked.query_string_parameters.as_ref().and_then(|query| query.get("ticket"));
            let customer = match presented {
                Some(presented) => ticket::redeem(function, presented, time::seconds()).await?,
                None => None,
            };
            let line = Line::info("handshake").trace(&trace_id).customer(customer.as_deref());
            line.field("allowed", customer.is_some()).duration(started).write();
            Ok(policy(customer.as_deref(), &asked.method_arn))
        }
        Caller::HttpApi(request) => {
            let trace_id = trace::from_headers([xray.as_deref(), request.header("x-amzn-trace-id")]);
            let mut customer = None;
            let answer = issue(function, &request, &mut customer).await.unwrap_or_else(|error| {
                let line = Line::error("the request failed").trace(&trace_id).customer(customer.as_deref());
                line.field("route", ROUTE).cause(&error).write();
                Problem::internal().answer()
            });
            let line = Line::info("request").trace(&trace_id).customer(customer.as_deref()).field("route", ROUTE);
            line.field("status", answer.status_code).duration(started).write();
            Ok(serde_json::to_value(answer)?)
        }
    }
}

/// Issues a ticket; `customer` is told whose it is as soon as that is known.
async fn issue(function: &Function, request: &Request, customer: &mut Option<String>) -> anyhow::Result<Answer> {
    if let Err(problem) = route(request.method(), &request.raw_path) {
        return Ok(problem.answer());
    }
    let customer_id = match request.customer(&function.sessions).await? {
        Ok(Some(customer_id)) => customer_id,
        Ok(None) => return Ok(Problem::unauthorized().answer()),
        Err(problem) => return Ok(problem.answer()),
    };
    *customer = Some(customer_id.clone());
    let ticket = ticket::generate();
    let expires_at = time::seconds() + ticket::LIFETIME_SECONDS;
    ticket::store(function, &ticket, &customer_id, expires_at).await?;
    let expires_at = time::text_of_seconds(expires_at);
    let answer = TicketAnswer { ticket, expires_at, url: function.websocket_url.clone() };
    Ok(Answer::json(201, &body(&answer)))
}

fn route(method: &str, path: &str) -> Result<(), Problem> {
    match (method, path.trim_matches('/')) {
        ("POST", "api/ws/ticket") => Ok(()),
        (_, "api/ws/ticket") => Err(Problem::new(405, "METHOD_NOT_ALLOWED", "This route takes POST.")),
        _ => Err(Problem::no_route()),
    }
}

/// The policy for one handshake. The context is where `$connect` and `$default` learn whose socket it is.
fn policy(customer: Option<&str>, method_arn: &str) -> Value {
    let effect = if customer.is_some() { "Allow" } else { "Deny" };
    json!({
        "principalId": customer.unwrap_or("nobody"),
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{ "Action": "execute-api:Invoke", "Effect": effect, "Resource": method_arn }],
        },
        "context": customer.map_or_else(|| json!({}), |customer| json!({ "customerId": customer })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_apart() {
        let authorize = json!({
            "type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:1:a/ws/$connect",
            "queryStringParameters": { "ticket": "t" }, "requestContext": { "connectionId": "x=" },
        });
        assert!(matches!(Caller::of(authorize).unwrap(), Caller::WebsocketApi(_)));
        let request = json!({
            "version": "2.0", "rawPath": "/api/ws/ticket", "requestContext": { "http": { "method": "POST" } },
        });
        assert!(matches!(Caller::of(request).unwrap(), Caller::HttpApi(_)));
        assert!(Caller::of(json!({})).is_err());
    }

    #[test]
    fn routes() {
        for (method, path, expected) in
            [("POST", "/api/ws/ticket", None), ("GET", "/api/ws/ticket", Some(405)), ("POST", "/api/ws", Some(404))]
        {
            assert_eq!(route(method, path).err().map(|problem| problem.status), expected);
        }
    }

    #[test]
    fn policies() {
        let allowed = policy(Some("c-1"), "arn");
        assert_eq!(allowed["policyDocument"]["Statement"][0]["Effect"], "Allow");
        assert_eq!(allowed["policyDocument"]["Statement"][0]["Resource"], "arn");
        assert_eq!(allowed["context"]["customerId"], "c-1");
        let denied = policy(None, "arn");
        assert_eq!(denied["policyDocument"]["Statement"][0]["Effect"], "Deny");
        assert_eq!(denied["context"], json!({}));
    }
}
