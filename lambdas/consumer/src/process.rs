//! One record: its marker and its table effects in one transaction, then its notifications, then the marker is done.
//!
//! A function that dies between transaction and notifications leaves a `PENDING` marker. The mapping hands the batch over
//! again, the transaction is refused by that marker, and only the notifications are repeated.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use shared::events::Unreadable;
use shared::log::Line;
use shared::tables::{MarkerRow, MarkerState, from_item, text, to_item};
use shared::time;
use shared::transaction::{self, Outcome, Refusal};

use crate::dead_letter::{self, Reason};
use crate::effects::{self, Rise};
use crate::event::Event;
use crate::function::Function;
use crate::notify;
use crate::record::{Origin, Record};

/// Markers outlive the longest retention of a topic (14 days), or a redelivery could act twice.
const MARKER_SECONDS: i64 = 30 * 24 * 60 * 60;
const _: () = assert!(MARKER_SECONDS > 14 * 24 * 60 * 60);

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// Its effects were written and its notifications sent.
    New,
    /// Its effects were there; its notifications were sent again.
    NotifiedAgain,
    /// Nothing was left to do.
    Before,
    /// It is a dead letter now.
    DeadLetter,
}

impl Handled {
    /// As a log line writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::NotifiedAgain => "notified_again",
            Self::Before => "before",
            Self::DeadLetter => "dead_letter",
        }
    }
}

/// Handles a record by what was read of it. An error is the infrastructure's: the record is worth another try.
pub async fn process(
    function: &Function,
    record: &Record,
    read: &Result<Event, Unreadable>,
) -> anyhow::Result<Handled> {
    match read {
        Ok(event) => handle(function, event, record).await,
        Err(unreadable) => {
            let reason = Reason { code: unreadable.code(), text: unreadable.to_string() };
            dead_letter::bury(function, record, &reason).await
        }
    }
}

async fn handle(function: &Function, event: &Event, record: &Record) -> anyhow::Result<Handled> {
    let mut rises = effects::rises(event)?;
    loop {
        let written = transaction::write(&function.dynamodb, writes(function, event, &rises, &record.origin)?).await;
        match written {
            Ok(Outcome::Written) => {
                finish(function, event, &event.envelope.event_id).await?;
                return Ok(Handled::New);
            }
            Ok(Outcome::Refused(refusals)) => match judge(refusals, rises.len())? {
                Refused::Marked(MarkerState::Done) => return Ok(Handled::Before),
                Refused::Marked(MarkerState::Pending) => {
                    finish(function, event, &event.envelope.event_id).await?;
                    return Ok(Handled::NotifiedAgain);
                }
                // A later event was here first, or the customer was deleted: the rest of the effects still holds.
                Refused::Rises(refused) => rises = without(rises, &refused),
            },
            Err(error) if transaction::is_permanent(&error) => {
                Line::error("the event's effects can't be written")
                    .trace(&event.envelope.trace_id)
                    .event(&event.envelope.event_id)
                    .customer(event.envelope.customer_id.as_deref())
                    .cause(&error)
                    .write();
                let reason = Reason { code: "NOT_WRITABLE", text: "the event's effects can't be written".into() };
                return dead_letter::bury(function, record, &reason).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Marker first, then the rises, so that a refusal's index says which it was.
fn writes(
    function: &Function,
    event: &Event,
    rises: &[Rise],
    origin: &Origin,
) -> anyhow::Result<Vec<TransactWriteItem>> {
    let marker = marker_row(&event.envelope.event_id, MarkerState::Pending, origin);
    let mut writes = vec![marker_write(function, &marker)?];
    for rise in rises {
        writes.push(rise.write(function)?);
    }
    writes.push(effects::put(&function.audit, &effects::audit(event, origin))?);
    if let Some(row) = effects::error_row(event) {
        writes.push(effects::put(&function.workflow_errors, &row)?);
    }
    Ok(writes)
}

/// The marker of an event, or of a record without one.
pub fn marker_row(id: &str, state: MarkerState, origin: &Origin) -> MarkerRow {
    MarkerRow {
        event_id: id.to_owned(),
        state,
        topic: origin.topic.clone(),
        partition: origin.partition,
        offset: origin.offset,
        mail_id: None,
        processed_at: time::text(time::now()),
        expires_at: time::seconds() + MARKER_SECONDS,
    }
}

/// The write of a marker, refused with the marker that is there.
pub fn marker_write(function: &Function, marker: &MarkerRow) -> anyhow::Result<TransactWriteItem> {
    let put = Put::builder()
        .table_name(&function.processed)
        .set_item(Some(to_item(marker)?))
        .condition_expression("attribute_not_exists(eventId)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// Sends an event's notifications; then nothing is left to do for its marker.
pub async fn finish(function: &Function, event: &Event, marker: &str) -> anyhow::Result<()> {
    let sent = notify::notify(function, event).await?;
    let mut update = function
        .dynamodb
        .update_item()
        .table_name(&function.processed)
        .key("eventId", text(marker))
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":done", text(MarkerState::Done.as_str()));
    let mut expression = "SET #state = :done".to_owned();
    if let Some(mail_id) = sent.mail_id {
        update = update.expression_attribute_values(":mail", text(mail_id));
        expression += ", mailId = :mail";
    }
    update.update_expression(expression).send().await.context("dynamodb:UpdateItem on the markers failed")?;
    Ok(())
}

/// What a refused transaction says.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// The record was handled before.
    Marked(MarkerState),
    /// These rows are beyond the event already.
    Rises(Vec<usize>),
}

fn judge(refusals: Vec<Refusal>, rises: usize) -> anyhow::Result<Refused> {
    let mut refused = Vec::new();
    for refusal in refusals {
        match refusal.index {
            0 => return Ok(Refused::Marked(state_of(refusal)?)),
            index if index <= rises => refused.push(index - 1),
            index => anyhow::bail!("write {index} of the transaction was refused, which has no condition"),
        }
    }
    Ok(Refused::Rises(refused))
}

/// The state of the marker that refused a transaction.
pub fn state_of(refusal: Refusal) -> anyhow::Result<MarkerState> {
    let marker: MarkerRow = from_item(refusal.item.context("a refused marker came back without its row")?)?;
    Ok(marker.state)
}

fn without(rises: Vec<Rise>, refused: &[usize]) -> Vec<Rise> {
    rises.into_iter().enumerate().filter(|(index, _)| !refused.contains(index)).map(|(_, rise)| rise).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::Row;

    fn refusal(index: usize, marker: Option<MarkerState>) -> Refusal {
        let origin = Origin { topic: "t".into(), partition: 0, offset: 1 };
        let item = marker.map(|state| to_item(&marker_row("e-1", state, &origin)).unwrap());
        Refusal { index, item }
    }

    #[test]
    fn a_refused_transaction_is_understood() {
        for (refusals, expected) in [
            (vec![refusal(0, Some(MarkerState::Pending))], Refused::Marked(MarkerState::Pending)),
            (vec![refusal(0, Some(MarkerState::Done)), refusal(1, None)], Refused::Marked(MarkerState::Done)),
            (vec![refusal(1, None), refusal(2, None)], Refused::Rises(vec![0, 1])),
            (vec![refusal(2, None)], Refused::Rises(vec![1])),
        ] {
            assert_eq!(judge(refusals, 2).unwrap(), expected);
        }
        assert!(judge(vec![refusal(0, None)], 2).is_err());
        assert!(judge(vec![refusal(3, None)], 2).is_err());
    }

    #[test]
    fn refused_rises_are_left_out() {
        let rise = |id: &str| Rise { row: Row::User(id.into()), sequence: 1, set: Vec::new() };
        assert_eq!(without(vec![rise("a"), rise("b")], &[0]), [rise("b")]);
    }
}
