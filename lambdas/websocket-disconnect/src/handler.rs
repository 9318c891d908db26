//! Deletes by connection id, so that a late disconnect of one tab never takes another's row.

use std::time::Instant;

use anyhow::Context as _;
use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::log::Line;
use shared::tables::text;
use shared::trace;
use shared::websocket::{Connections, Event, status};

/// Forgets the connection.
pub async fn handle(connections: &'static Connections, event: LambdaEvent<Value>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let trace_id = trace::from_headers([event.context.xray_trace_id.as_deref()]);
    let event: Event = serde_json::from_value(event.payload).context("not an event of a WebSocket route")?;
    let connection_id = event.request_context.connection_id.as_str();
    connections
        .dynamodb
        .delete_item()
        .table_name(&connections.table)
        .key("connectionId", text(connection_id))
        .send()
        .await
        .context("dynamodb:DeleteItem on the connections table failed")?;
    let line = Line::info("disconnected").trace(&trace_id).customer(event.request_context.customer());
    line.field("connectionId", connection_id).duration(started).write();
    Ok(status(200))
}
