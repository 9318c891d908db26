//! Pushes an event to all open sockets of its customer at once. A socket that is gone loses its row, unless it is
//! younger than ten seconds: it can be pushed to only after `$connect` has returned, so a young one is tried again.
//!
//! A socket that can't be reached is no reason to try the record again where another one of the customer's was: whoever is
//! left out hears of the event by asking. Where none was because the service failed, the record is tried again, and the
//! partition waits for it. A socket that takes nothing is no such reason: anybody may hold one, and a record that fails is
//! an operator's business.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_sdk_apigatewaymanagement::error::SdkError;
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

/// What became of a push to one socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    /// The socket has it.
    Pushed,
    /// There is no such socket, or not yet.
    Gone,
    /// The service won't take this push, however often it is asked.
    Refused,
    /// It hung or was throttled through all tries of the client, which API Gateway says of a socket that nobody reads as it says it of too many calls.
    /// Source: API reference, "`PostToConnection`", `LimitExceededException`.
    Slow,
    /// The service failed.
    Failed,
}

/// Pushes the event. A customer without open sockets hears of it by asking.
pub async fn push(function: &Function, event: &Event) -> anyhow::Result<()> {
    let started = Instant::now();
    let Some(customer_id) = &event.envelope.customer_id else {
        return Ok(());
    };
    let connections = open(function, customer_id).await?;
    let message = message(event);
    let sends = connections.iter().map(|connection| send(function, event, connection, &message));
    let sent = futures::future::join_all(sends).await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let pushed = sent.iter().filter(|sent| **sent == Sent::Pushed).count();
    if pushed > 0 {
        let line = Line::info("pushed").trace(&event.envelope.trace_id).event(&event.envelope.event_id);
        line.customer(Some(customer_id)).duration(started).count_of("EventsPushed", pushed).write();
    }
    anyhow::ensure!(!is_worth_another_try(&sent), "none of the customer's sockets could be reached");
    Ok(())
}

/// Whether nobody heard of the event because the service failed.
fn is_worth_another_try(sent: &[Sent]) -> bool {
    !sent.contains(&Sent::Pushed) && sent.contains(&Sent::Failed)
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

async fn send(function: &Function, event: &Event, connection: &ConnectionRow, message: &str) -> anyhow::Result<Sent> {
    let started = Instant::now();
    let mut attempt = 0;
    loop {
        let posted = function
            .management
            .post_to_connection()
            .connection_id(&connection.connection_id)
            .data(Blob::new(message))
            .send()
            .await;
        let Err(error) = posted else {
            return Ok(Sent::Pushed);
        };
        let sent = judge(&error);
        if sent != Sent::Gone {
            tell(event, connection, started, sent, error);
            return Ok(sent);
        }
        match gone(connection.connected_at, time::milliseconds(), attempt) {
            Gone::TryAgain(pause) => tokio::time::sleep(pause).await,
            Gone::Keep => return Ok(Sent::Gone),
            Gone::Forget => return forget(function, event, connection, started).await.map(|()| Sent::Gone),
        }
        attempt += 1;
    }
}

/// What a push that failed came to, after the client's own retries.
fn judge(error: &SdkError<PostToConnectionError>) -> Sent {
    let status = error.raw_response().map(|response| response.status().as_u16());
    match (error, status) {
        (SdkError::TimeoutError(_), _) | (_, Some(429)) => Sent::Slow,
        (_, Some(410)) => Sent::Gone,
        (_, Some(400..=499)) => Sent::Refused,
        _ => Sent::Failed,
    }
}

fn tell(
    event: &Event,
    connection: &ConnectionRow,
    started: Instant,
    sent: Sent,
    error: SdkError<PostToConnectionError>,
) {
    let line = if sent == Sent::Slow {
        Line::warn("a socket was too slow").count("SlowSockets")
    } else {
        Line::error("a push failed").count("PushesFailed")
    };
    line.trace(&event.envelope.trace_id)
        .event(&event.envelope.event_id)
        .customer(Some(&connection.customer_id))
        .field("connectionId", connection.connection_id.as_str())
        .duration(started)
        .cause(&anyhow::Error::new(error).context("execute-api:ManageConnections failed"))
        .write();
}

async fn forget(
    function: &Function,
    event: &Event,
    connection: &ConnectionRow,
    started: Instant,
) -> anyhow::Result<()> {
    function
        .dynamodb
        .delete_item()
        .table_name(&function.connections)
        .key("connectionId", text(&connection.connection_id))
        .send()
        .await
        .context("dynamodb:DeleteItem on the connections table failed")?;
    let line = Line::info("a connection was gone").trace(&event.envelope.trace_id).event(&event.envelope.event_id);
    line.customer(Some(&connection.customer_id))
        .field("connectionId", connection.connection_id.as_str())
        .duration(started)
        .write();
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_apigatewaymanagement::config::http::HttpResponse;
    use aws_sdk_s3::primitives::SdkBody;
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
    fn a_push_that_failed_is_judged_by_what_another_try_can_mend() {
        let answered = |status: u16| {
            let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
            judge(&SdkError::response_error("no answer of this service", response))
        };
        for (status, expected) in [
            (410, Sent::Gone),
            (403, Sent::Refused),
            (413, Sent::Refused),
            (429, Sent::Slow),
            (500, Sent::Failed),
            (503, Sent::Failed),
        ] {
            assert_eq!(answered(status), expected, "{status}");
        }
        assert_eq!(judge(&SdkError::timeout_error("it took too long")), Sent::Slow);
        assert_eq!(judge(&SdkError::construction_failure("no endpoint")), Sent::Failed);
    }

    #[test]
    fn a_record_is_tried_again_only_if_nobody_heard_of_it_because_the_service_failed() {
        use Sent::{Failed, Gone, Pushed, Refused, Slow};
        for (sent, expected) in [
            (&[][..], false),
            (&[Gone, Refused], false),
            (&[Pushed, Failed, Slow], false),
            (&[Slow, Slow], false),
            (&[Gone, Failed], true),
            (&[Slow, Failed], true),
        ] {
            assert_eq!(is_worth_another_try(sent), expected, "{sent:?}");
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
