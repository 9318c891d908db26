//! Writes the connection's row before API Gateway completes the handshake.

use std::time::Instant;

use anyhow::Context as _;
use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::log::Line;
use shared::tables::to_item;
use shared::websocket::{Connections, Event, status};
use shared::{time, trace};

/// Accepts a connection that the authorizer let through. Without its context nobody's socket would be open, so that is
/// refused.
pub async fn handle(connections: &'static Connections, event: LambdaEvent<Value>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let trace_id = trace::from_headers([event.context.xray_trace_id.as_deref()]);
    let event: Event = serde_json::from_value(event.payload).context("not an event of a WebSocket route")?;
    let Some(row) = event.request_context.row(time::milliseconds()) else {
        Line::warn("a connection without customer was refused").trace(&trace_id).write();
        return Ok(status(401));
    };
    connections
        .dynamodb
        .put_item()
        .table_name(&connections.table)
        .set_item(Some(to_item(&row)?))
        .send()
        .await
        .context("dynamodb:PutItem on the connections table failed")?;
    let line = Line::info("connected").trace(&trace_id).customer(Some(&row.customer_id));
    line.field("connectionId", row.connection_id).duration(started).write();
    Ok(status(200))
}
