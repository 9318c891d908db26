//! What an event leads to: its audit row, its consumer's marker, and its record on the topic.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::record::{self, Place};
use super::report::{Findings, StepResult};
use super::sockets::{Flow, LIMIT};
use super::tables::AuditRow;
use super::wait::{Look, Waited, until};

impl Flow<'_> {
    /// The audit row of a customer's event.
    pub async fn audit(
        &self,
        customer: &str,
        event_type: &str,
        start: Instant,
        stop: &CancellationToken,
    ) -> Waited<AuditRow> {
        until(start, LIMIT, stop, async || {
            let row = self.rows.audit(customer).await?.into_iter().find(|row| row.event_type == event_type);
            Ok(row.map_or_else(|| Look::NotYet("no audit row".into()), Look::Found))
        })
        .await
    }

    /// The marker that the consumer sets when nothing is left to do for the event.
    pub async fn consumed(&self, row: &AuditRow, start: Instant, stop: &CancellationToken) -> Waited<()> {
        until(start, LIMIT, stop, async || {
            Ok(match self.rows.marker(&row.event_id).await?.as_deref() {
                Some("DONE") => Look::Found(()),
                Some(state) => Look::NotYet(format!("its marker stays {state}")),
                None => Look::NotYet("no marker in processed-events".into()),
            })
        })
        .await
    }

    /// All of it as one step: the record on its topic, handled by its consumer.
    pub async fn handled(&self, step: &str, customer: &str, event_type: &str, start: Instant, findings: &Findings) {
        let stop = &self.context.cancel;
        let (reader, audit) = tokio::join!(record::reader(self.context), self.audit(customer, event_type, start, stop));
        let Waited::Seen(row, _) = &audit else {
            return findings.waited(step, &audit, |_| String::new());
        };
        let (consumed, found) =
            tokio::join!(self.consumed(row, start, stop), record::look_with(self.context, reader, row));
        match found {
            Place::NotOurs(why) => {
                findings.add(step, StepResult::Fail, Some(start.elapsed()), format!("{why}: {}", place(row)));
            }
            Place::Unreadable(why) => findings.add(step, StepResult::Unknown, None, why),
            Place::Ours => findings.waited(step, &consumed, |()| format!("{}, audited, DONE", place(row))),
        }
    }
}

/// Where the record of an audit row is.
pub fn place(row: &AuditRow) -> String {
    format!("{}/{} at offset {}", row.topic, row.partition, row.offset)
}
