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
    let marker = marker_row(&event.envelope.event_id, MarkerState::Pending, &record.origin);
    let mut rises = effects::rises(event)?;
    loop {
        let writes = writes(function, event, &marker, &rises, &record.origin)?;
        match transaction::write(&function.dynamodb, writes).await {
            Ok(Outcome::Written) => {
                finish(function, event, &marker).await?;
                return Ok(Handled::New);
            }
            Ok(Outcome::Refused(refusals)) => match judge(refusals, rises.len())? {
                Refused::Marked(marker) if marker.state == MarkerState::Done => return Ok(Handled::Before),
                Refused::Marked(marker) => {
                    finish(function, event, &marker).await?;
                    return Ok(Handled::NotifiedAgain);
                }
                // A later event was here first, or the row is gone: the rest of the effects still holds.
                Refused::Rises(refused) => rises = instead(rises, &refused),
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
    marker: &MarkerRow,
    rises: &[Rise],
    origin: &Origin,
) -> anyhow::Result<Vec<TransactWriteItem>> {
    let mut writes = vec![marker_write(function, marker)?];
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
pub async fn finish(function: &Function, event: &Event, marker: &MarkerRow) -> anyhow::Result<()> {
    notify::notify(function, event, marker).await?;
    set_on_marker(function, marker, "state", MarkerState::Done.as_str()).await
}

/// Notes what became of an event on its marker.
pub async fn set_on_marker(function: &Function, marker: &MarkerRow, name: &str, value: &str) -> anyhow::Result<()> {
    let update = function.dynamodb.update_item().table_name(&function.processed);
    update
        .key("eventId", text(&marker.event_id))
        .update_expression("SET #name = :value")
        .expression_attribute_names("#name", name)
        .expression_attribute_values(":value", text(value))
        .send()
        .await
        .context("dynamodb:UpdateItem on the markers failed")?;
    Ok(())
}

/// What a refused transaction says.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// The record was handled before, as far as this says.
    Marked(MarkerRow),
    /// These rows are beyond the event already.
    Rises(Vec<usize>),
}

fn judge(refusals: Vec<Refusal>, rises: usize) -> anyhow::Result<Refused> {
    let mut refused = Vec::new();
    for refusal in refusals {
        match refusal.index {
            0 => return Ok(Refused::Marked(marker_of(refusal)?)),
            index if index <= rises => refused.push(index - 1),
            index => anyhow::bail!("write {index} of the transaction was refused, which has no condition"),
        }
    }
    Ok(Refused::Rises(refused))
}

/// The marker that refused a transaction.
pub fn marker_of(refusal: Refusal) -> anyhow::Result<MarkerRow> {
    from_item(refusal.item.context("a refused marker came back without its row")?)
}

/// What is still to be written where these were refused.
fn instead(rises: Vec<Rise>, refused: &[usize]) -> Vec<Rise> {
    let indexed = rises.into_iter().enumerate();
    indexed
        .filter_map(|(index, rise)| if refused.contains(&index) { rise.instead.map(|rise| *rise) } else { Some(rise) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::Row;

    fn refusal(index: usize, marker: Option<&MarkerRow>) -> Refusal {
        Refusal { index, item: marker.map(|marker| to_item(marker).unwrap()) }
    }

    #[test]
    fn a_refused_transaction_is_understood() {
        let origin = Origin { topic: "t".into(), partition: 0, offset: 1 };
        let done = marker_row("e-1", MarkerState::Done, &origin);
        // It was mailed, and then a push failed.
        let mut mailed = marker_row("e-1", MarkerState::Pending, &origin);
        mailed.mail_id = Some("m-1".into());
        for (refusals, expected) in [
            (vec![refusal(0, Some(&mailed))], Refused::Marked(mailed.clone())),
            (vec![refusal(0, Some(&done)), refusal(1, None)], Refused::Marked(done.clone())),
            (vec![refusal(1, None), refusal(2, None)], Refused::Rises(vec![0, 1])),
            (vec![refusal(2, None)], Refused::Rises(vec![1])),
        ] {
            assert_eq!(judge(refusals, 2).unwrap(), expected);
        }
        assert!(judge(vec![refusal(0, None)], 2).is_err());
        assert!(judge(vec![refusal(3, None)], 2).is_err());
    }

    #[test]
    fn of_a_refused_rise_only_what_is_its_own_is_left() {
        let rise = |id: &str| Rise {
            row: Row::User(id.into()),
            highest: "eventSequence",
            sequence: 1,
            set: Vec::new(),
            instead: None,
        };
        let mut with_own = rise("c");
        with_own.instead = Some(Box::new(rise("own")));
        assert_eq!(instead(vec![rise("a"), rise("b"), with_own.clone()], &[0]), [rise("b"), with_own.clone()]);
        assert_eq!(instead(vec![rise("a"), with_own], &[0, 1]), [rise("own")]);
        assert_eq!(instead(vec![rise("own")], &[0]), []);
    }
}
