//! The relay: publishes what producers left, customer by customer and in order, and finds what crashed producers left.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{GIVEN_UP_MILLISECONDS, LEFT_BEHIND_MILLISECONDS, Outbox, Publisher, about};
use crate::log::Line;
use crate::tables::{OutboxRow, OutboxState, from_item, number, text};

/// How many rows of a customer are read at once.
const PAGE: i32 = 25;

/// How long the relay waits before it looks at a fresh row again, or tries Kafka again.
const PAUSE: Duration = Duration::from_millis(50);

/// What to do with a customer's oldest row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Publish,
    Wait,
}

/// A fresh row belongs to its producer until that must have given up.
fn next(row: &OutboxRow, now_milliseconds: i64) -> Next {
    match row.state {
        OutboxState::Pending => Next::Publish,
        OutboxState::Fresh if now_milliseconds - row.created_at > LEFT_BEHIND_MILLISECONDS => Next::Publish,
        OutboxState::Fresh => Next::Wait,
    }
}

/// Publishes all rows of a customer (or origin) in order and deletes each. Keeps trying until `until`, because the
/// broker's return is noticed sooner here than by Lambda's retry; then fails, and Lambda retries.
pub async fn relay_customer(
    outbox: &Outbox,
    publisher: &Publisher,
    customer: &str,
    until: Instant,
) -> anyhow::Result<usize> {
    let mut count = 0;
    loop {
        let rows = waiting(outbox, customer).await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            if next(row, crate::time::milliseconds()) == Next::Wait {
                anyhow::ensure!(Instant::now() < until, "a producer still holds sequence {}", row.sequence);
                tokio::time::sleep(PAUSE).await;
                break;
            }
            publish_until(publisher, row, until).await?;
            outbox.delete(row).await?;
            count += 1;
        }
    }
}

async fn publish_until(publisher: &Publisher, row: &OutboxRow, until: Instant) -> anyhow::Result<()> {
    loop {
        match publisher.publish(row, until).await {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() >= until => {
                return Err(error).with_context(|| format!("event {} is not count", row.event_id));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn waiting(outbox: &Outbox, customer: &str) -> anyhow::Result<Vec<OutboxRow>> {
    let found = outbox
        .client
        .query()
        .table_name(&outbox.table)
        .consistent_read(true)
        .key_condition_expression("customerId = :customer")
        .expression_attribute_values(":customer", text(customer))
        .limit(PAGE)
        .send()
        .await
        .context("dynamodb:Query on the outbox failed")?;
    found.items.unwrap_or_default().into_iter().map(from_item).collect()
}

/// Marks fresh rows that a crashed producer left, and touches pending rows that the stream's retries gave up on; both
/// reach the relay through the stream, so that there stays one publisher per customer. Answers how many there were.
pub async fn sweep(outbox: &Outbox) -> anyhow::Result<usize> {
    let now = crate::time::milliseconds();
    let mut pages = outbox
        .client
        .scan()
        .table_name(&outbox.table)
        .consistent_read(true)
        .filter_expression("(#state = :fresh AND createdAt < :left) OR (#state = :pending AND touchedAt < :given_up)")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":fresh", text(OutboxState::Fresh.as_str()))
        .expression_attribute_values(":pending", text(OutboxState::Pending.as_str()))
        .expression_attribute_values(":left", number(now - LEFT_BEHIND_MILLISECONDS))
        .expression_attribute_values(":given_up", number(now - GIVEN_UP_MILLISECONDS))
        .into_paginator()
        .send();
    let mut marked = 0;
    while let Some(page) = pages.next().await {
        for item in page.context("dynamodb:Scan on the outbox failed")?.items.unwrap_or_default() {
            let row: OutboxRow = from_item(item)?;
            outbox.mark_pending(&row).await?;
            about(Line::warn("a row was left behind"), &row).field("state", row.state.as_str()).write();
            marked += 1;
        }
    }
    Ok(marked)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::events::{Envelope, EventType};
    use crate::outbox::customer_row;

    #[test]
    fn a_fresh_row_is_its_producers_until_that_must_be_dead() {
        let event = Envelope::new(EventType::UserInfoSubmitted, "s", "1-a-b", &json!({}));
        let fresh = customer_row(&event, "c-1", 1);
        let pending = OutboxRow { state: OutboxState::Pending, ..fresh.clone() };
        let at = fresh.created_at;
        for (row, now, expected) in [
            (&fresh, at, Next::Wait),
            (&fresh, at + LEFT_BEHIND_MILLISECONDS, Next::Wait),
            (&fresh, at + LEFT_BEHIND_MILLISECONDS + 1, Next::Publish),
            (&pending, at, Next::Publish),
        ] {
            assert_eq!(next(row, now), expected, "{:?} at +{}", row.state, now - at);
        }
    }
}
