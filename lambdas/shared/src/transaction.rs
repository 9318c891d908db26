//! One `DynamoDB` transaction with an answer that can be decided on: written, or which of its writes was refused.

use std::time::Duration;

use anyhow::Context as _;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};

use crate::tables::Item;

/// How a transaction ended.
#[derive(Debug)]
pub enum Outcome {
    /// All writes took effect.
    Written,
    /// A condition did not hold; nothing was written.
    Refused(Vec<Refusal>),
}

/// A write whose condition did not hold.
#[derive(Debug)]
pub struct Refusal {
    /// Its place in the transaction.
    pub index: usize,
    /// The item as it is, where the write asked for it.
    pub item: Option<Item>,
}

/// Another transaction holds one of the items: it is soon over.
const CONFLICT_ATTEMPTS: u32 = 6;

/// Writes all or nothing.
pub async fn write(client: &Client, writes: Vec<TransactWriteItem>) -> anyhow::Result<Outcome> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let sent = client.transact_write_items().set_transact_items(Some(writes.clone())).send().await;
        let Err(error) = sent else {
            return Ok(Outcome::Written);
        };
        match judge(reasons(&error)) {
            Judgement::Refused(refusals) => return Ok(Outcome::Refused(refusals)),
            Judgement::Conflict if attempt < CONFLICT_ATTEMPTS => {
                let jitter = rand::random_range(5..20_u64);
                tokio::time::sleep(Duration::from_millis(jitter << attempt)).await;
            }
            Judgement::Conflict | Judgement::Failed => {
                return Err(error).context("dynamodb:TransactWriteItems failed");
            }
        }
    }
}

/// Whether a failed transaction would fail again: the request itself is what `DynamoDB` won't take (an item or a value
/// too large, say).
pub fn is_permanent(error: &anyhow::Error) -> bool {
    let Some(error) = error.downcast_ref::<SdkError<TransactWriteItemsError>>() else {
        return false;
    };
    crate::aws::code(error) == Some("ValidationException")
        || reasons(error)
            .iter()
            .any(|reason| matches!(reason.code(), Some("ValidationError" | "ItemCollectionSizeLimitExceeded")))
}

fn reasons(error: &SdkError<TransactWriteItemsError>) -> &[CancellationReason] {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
        _ => &[],
    }
}

enum Judgement {
    Refused(Vec<Refusal>),
    Conflict,
    Failed,
}

/// The reasons stand in the order of the writes, `None` for those that were not to blame. Source: Amazon `DynamoDB` API
/// Reference, "`TransactWriteItems`".
fn judge(reasons: &[CancellationReason]) -> Judgement {
    let refusals: Vec<Refusal> = reasons
        .iter()
        .enumerate()
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(index, reason)| Refusal { index, item: reason.item().cloned() })
        .collect();
    let blamed = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
    if blamed("ValidationError") || blamed("ItemCollectionSizeLimitExceeded") {
        Judgement::Failed
    } else if !refusals.is_empty() {
        Judgement::Refused(refusals)
    } else if blamed("TransactionConflict") {
        Judgement::Conflict
    } else {
        Judgement::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).build()
    }

    #[test]
    fn the_refused_write_is_named() {
        let judgement = judge(&[reason("None"), reason("ConditionalCheckFailed")]);
        assert!(matches!(judgement, Judgement::Refused(refusals) if refusals.len() == 1 && refusals[0].index == 1));
    }

    #[test]
    fn a_conflict_is_worth_another_try_and_the_rest_is_not() {
        assert!(matches!(judge(&[reason("TransactionConflict")]), Judgement::Conflict));
        assert!(matches!(judge(&[reason("ValidationError"), reason("None")]), Judgement::Failed));
        assert!(matches!(judge(&[]), Judgement::Failed));
    }
}
