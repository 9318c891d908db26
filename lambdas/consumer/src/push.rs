//! Pushes an event to all open sockets of its customer at once. A socket that is gone loses its row, unless it is
//! younger than ten seconds: it can be pushed to only after `$connect` has returned, so a young one is tried again.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use shared::log::Line;
use shared::names::CUSTOMER_INDEX;
use shared::tables::{ConnectionRow, from_item, number, text};
use shared::time;

use crate::event::Event;
use crate::function::Function;

/// A connection of this age that is gone is gone (`platform.md`).
const YOUNG_MILLISECONDS: i64 = 10_000;

/// How often, and after which pauses, a young connection is tried again.
const PAUSES: [Duration; 3] = [Duration::from_millis(40), Duration::from_millis(120), Duration::from_millis(300)];

/// What one socket is given: a browser that does not read must not hold the batch. It hears of the event by asking.
const SLOW: Duration = Duration::from_secs(2);

/// Pushes the event. A customer without open sockets hears of it by asking.
pub async fn push(function: &Function, event: &Event) -> anyhow::Result<()> {
    let started = Instant::now();
    let Some(customer_id) = &event.envelope.customer_id else {
        return Ok(());
    };
    let connections = open(function, customer_id).await?;
    let message = message(event);
    let sends = connections.iter().map(async |connection| {
        let sent = tokio::time::timeout(SLOW, send(function, event, connection, &message)).await;
        sent.unwrap_or_else(|_| {
            let line = Line::warn("a socket was too slow").trace(&event.envelope.trace_id);
            line.event(&event.envelope.event_id)
                .customer(Some(customer_id))
                .duration(started)
                .count("SlowSockets")
                .write();
            Ok(false)
        })
    });
    let sent = futures::future::join_all(sends).await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let pushed = sent.into_iter().filter(|pushed| *pushed).count();
    if pushed > 0 {
        let line = Line::info("pushed").trace(&event.envelope.trace_id).event(&event.envelope.event_id);
        line.customer(Some(customer_id)).duration(started).count_of("EventsPushed", pushed).write();
    }
    Ok(())
}

/// The record's own text within the frame that the browser expects.
fn message(event: &Event) -> String {
    format!(r#"{{"type":"event","event":{}}}"#, event.text)
}

async fn open(function: &Function, customer_id: &str) -> anyhow::Result<Vec<ConnectionRow>> {
    let found = function
        .dynamodb
        .query()
        .table_name(&function.connections)
        .index_name(CUSTOMER_INDEX)
        .key_condition_expression("customerId = :customer")
        // Rows outlive their time for a while (TTL).
        .filter_expression("expiresAt > :now")
        .expression_attribute_values(":customer", text(customer_id))
        .expression_attribute_values(":now", number(time::seconds()))
        .into_paginator()
        .items()
        .send()
        .collect::<Result<Vec<_>, _>>()
        .await
        .context("dynamodb:Query on the connections' index failed")?;
    found.into_iter().map(from_item).collect()
}

/// What to do about a connection that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    TryAgain(Duration),
    Keep,
    Forget,
}

fn gone(connected_at: i64, now_milliseconds: i64, attempt: usize) -> Gone {
    if now_milliseconds - connected_at >= YOUNG_MILLISECONDS {
        return Gone::Forget;
    }
    PAUSES.get(attempt).map_or(Gone::Keep, |pause| Gone::TryAgain(*pause))
}

/// Whether the socket has it.
async fn send(function: &Function, event: &Event, connection: &ConnectionRow, message: &str) -> anyhow::Result<bool> {
    let mut attempt = 0;
    loop {
        let sent = function
            .management
            .post_to_connection()
            .connection_id(&connection.connection_id)
            .data(Blob::new(message))
            .send()
            .await;
        match sent {
            Ok(_) => return Ok(true),
            Err(error) if error.as_service_error().is_some_and(PostToConnectionError::is_gone_exception) => {}
            Err(error) => return Err(error).context("execute-api:ManageConnections failed"),
        }
        match gone(connection.connected_at, time::milliseconds(), attempt) {
            Gone::TryAgain(pause) => tokio::time::sleep(pause).await,
            Gone::Keep => return Ok(false),
            Gone::Forget => return forget(function, event, connection).await.map(|()| false),
        }
        attempt += 1;
    }
}

async fn forget(function: &Function, event: &Event, connection: &ConnectionRow) -> anyhow::Result<()> {
    function
        .dynamodb
        .delete_item()
        .table_name(&function.connections)
        .key("connectionId", text(&connection.connection_id))
        .send()
        .await
        .context("dynamodb:DeleteItem on the connections table failed")?;
    let line = Line::info("a connection was gone").trace(&event.envelope.trace_id).event(&event.envelope.event_id);
    line.customer(Some(&connection.customer_id)).field("connectionId", connection.connection_id.as_str()).write();
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use shared::events::{EventType, LIMIT_BYTES};

    use super::*;
    use crate::event::samples::event;

    #[test]
    fn a_young_connection_is_tried_again_and_kept() {
        for (age, attempt, expected) in [
            (0, 0, Gone::TryAgain(PAUSES[0])),
            (9_999, 2, Gone::TryAgain(PAUSES[2])),
            (9_999, 3, Gone::Keep),
            (10_000, 0, Gone::Forget),
            (7_200_000, 0, Gone::Forget),
        ] {
            assert_eq!(gone(1_000, 1_000 + age, attempt), expected, "{age} ms, attempt {attempt}");
        }
    }

    #[test]
    fn the_frame_holds_the_record_as_it_was_and_fits_a_message() {
        let event = event(EventType::UserInfoSubmitted);
        let frame: Value = serde_json::from_str(&message(&event)).unwrap();
        assert_eq!(frame["type"], "event");
        assert_eq!(frame["event"], serde_json::from_str::<Value>(&event.text).unwrap());
        let overhead = message(&event).len() - event.text.len();
        assert!(LIMIT_BYTES + overhead <= 131_072);
    }
}
