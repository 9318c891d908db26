//! What a client may say: `{"action":"ping"}`. The answer goes over the management API, because a route's own answer
//! reaches the client only with a route response.

use std::time::Instant;

use anyhow::Context as _;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};
use shared::log::Line;
use shared::tables::to_item;
use shared::websocket::{Connections, Context, Event, status};
use shared::{keys, time, trace};

/// What an instance holds.
pub struct Function {
    connections: Connections,
    management: aws_sdk_apigatewaymanagement::Client,
}

impl Function {
    /// Builds the clients.
    pub fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        let management = aws_sdk_apigatewaymanagement::config::Builder::from(&config)
            .endpoint_url(keys::required(keys::WEBSOCKET_MANAGEMENT)?)
            .build();
        Ok(Self {
            connections: Connections::new(&config)?,
            management: aws_sdk_apigatewaymanagement::Client::from_conf(management),
        })
    }
}

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Ping,
    Unknown,
}

fn asked(body: Option<&str>) -> Asked {
    let message: Option<Value> = body.and_then(|body| serde_json::from_str(body).ok());
    match message.as_ref().and_then(|message| message.get("action")).and_then(Value::as_str) {
        Some("ping") => Asked::Ping,
        _ => Asked::Unknown,
    }
}

fn reply(asked: Asked) -> Value {
    match asked {
        Asked::Ping => json!({ "type": "pong", "at": time::text(time::now()) }),
        Asked::Unknown => json!({
            "type": "error",
            "error": { "code": "UNKNOWN_ACTION", "message": "The only action is ping." },
        }),
    }
}

/// Answers a message and makes sure that the connection's row is there.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let trace_id = trace::from_headers([event.context.xray_trace_id.as_deref()]);
    let event: Event = serde_json::from_value(event.payload).context("not an event of a WebSocket route")?;
    let context = &event.request_context;
    let asked = asked(event.body.as_deref());
    let reply = reply(asked);
    let (recreated, sent) = tokio::join!(function.recreate(context), function.send(context, &reply));
    sent?;
    let line = Line::info("message").trace(&trace_id).customer(context.customer());
    line.field("ping", asked == Asked::Ping).field("recreated", recreated?).duration(started).write();
    Ok(status(200))
}

impl Function {
    /// Writes the row from the authorizer's context, unless it is there. Answers whether it was lost.
    async fn recreate(&self, context: &Context) -> anyhow::Result<bool> {
        let Some(row) = context.row(time::milliseconds()) else {
            return Ok(false);
        };
        let sent = self
            .connections
            .dynamodb
            .put_item()
            .table_name(&self.connections.table)
            .set_item(Some(to_item(&row)?))
            .condition_expression("attribute_not_exists(connectionId)")
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => {
                let there = error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception);
                if there { Ok(false) } else { Err(error).context("dynamodb:PutItem on the connections table failed") }
            }
        }
    }

    /// Sends to this connection; one that is gone by now needs no answer.
    async fn send(&self, context: &Context, message: &Value) -> anyhow::Result<()> {
        let sent = self
            .management
            .post_to_connection()
            .connection_id(&context.connection_id)
            .data(Blob::new(message.to_string()))
            .send()
            .await;
        match sent {
            Err(error) if !error.as_service_error().is_some_and(PostToConnectionError::is_gone_exception) => {
                Err(error).context("execute-api:ManageConnections failed")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_ping_is_a_ping_only() {
        for (body, expected) in [
            (Some(r#"{"action":"ping"}"#), Asked::Ping),
            (Some(r#"{"action":"ping","more":1}"#), Asked::Ping),
            (Some(r#"{"action":"PING"}"#), Asked::Unknown),
            (Some(r#""ping""#), Asked::Unknown),
            (Some("ping"), Asked::Unknown),
            (None, Asked::Unknown),
        ] {
            assert_eq!(asked(body), expected, "{body:?}");
        }
    }

    #[test]
    fn a_pong_says_when() {
        let pong = reply(Asked::Ping);
        assert_eq!(pong["type"], "pong");
        assert!(pong["at"].as_str().is_some_and(|at| at.ends_with('Z')));
    }

    proptest! {
        #[test]
        fn no_message_panics(body in ".{0,80}") {
            let _ = asked(Some(&body));
        }
    }
}
