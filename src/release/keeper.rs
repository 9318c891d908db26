//! Takes the lock, keeps it alive while a run works, and gives it back.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::lock::{self, Claim, LOCK_ID, LOCK_KIND, LockRow, Sight, TERM};
use super::origin::Origin;
use crate::aws::{SendExt, error_code};
use crate::error::{Failure, codes};
use crate::progress::{Event, Events};

/// How often a lock that somebody holds is looked at while waiting for it.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What the service answers when the row is not as the condition says.
/// Source: `DynamoDB` API reference, `PutItem`, `UpdateItem`, `DeleteItem`, errors.
const NOT_AS_EXPECTED: &str = "ConditionalCheckFailedException";

/// The table that locks live in.
#[derive(Clone, Debug)]
pub struct Keeper {
    client: Client,
    table: String,
    environment: String,
}

/// A lock that this run holds. It is renewed in the background until [`Held::release`].
#[derive(Debug)]
pub struct Held {
    /// What steps ask before they change something.
    pub lease: Lease,
    renewing: JoinHandle<()>,
}

/// The claim to the lock, as the steps of a run have it.
#[derive(Clone, Debug)]
pub struct Lease {
    keeper: Keeper,
    holder: String,
    /// Cancelled when the lock was lost: somebody unlocked or overwrote it, or it could not be renewed in time.
    pub lost: CancellationToken,
}

impl Lease {
    /// Reads the lock before a change: a renewal would notice a lost lock only some seconds later.
    ///
    /// # Errors
    /// `E-RELEASE-002` when it is no longer ours; whatever reading it failed with.
    pub async fn expect(&self) -> anyhow::Result<()> {
        if !self.lost.is_cancelled() {
            if self.keeper.look().await?.is_some_and(|row| row.holder == self.holder) {
                return Ok(());
            }
            self.lost.cancel();
        }
        let environment = &self.keeper.environment;
        let what = format!("the lock of {environment} is no longer this run's");
        Err(Failure::new(&codes::LOCK_LOST, what)
            .why("the step that would have come next was not begun")
            .fix(format!("onboardctl -e {environment} status"))
            .retryable()
            .into())
    }

    /// What became of a lost lock, in a sentence.
    pub async fn fate(&self) -> String {
        match self.keeper.look().await {
            Ok(Some(row)) if row.holder == self.holder => "it could not be renewed in time".to_owned(),
            Ok(Some(row)) => format!("somebody else has it: {}", row.sentence()),
            Ok(None) => "it was taken away with unlock; nobody holds it now".to_owned(),
            Err(error) => format!("who holds it now could not be read: {error:#}"),
        }
    }
}

/// A fresh row for a run that starts now.
pub fn row_of(origin: &Origin, holder: &str, command: &str, now: Timestamp) -> LockRow {
    LockRow {
        kind: LOCK_KIND.into(),
        id: LOCK_ID.into(),
        holder: holder.into(),
        who: origin.who.clone(),
        host: origin.host.clone(),
        place: origin.place.clone(),
        pid: origin.pid,
        started: origin.started,
        command: command.into(),
        since: now,
        term_seconds: TERM.as_secs(),
        renewed_at: now,
        beat: 0,
    }
}

impl Keeper {
    /// The lock of `environment`, in `table`.
    pub fn new(client: Client, table: String, environment: String) -> Self {
        Self { client, table, environment }
    }

    /// The lock as it is, dead holder or not.
    pub async fn look(&self) -> anyhow::Result<Option<LockRow>> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key()))
            .consistent_read(true)
            .send()
            .await
            .called("dynamodb:GetItem")?;
        Ok(answer.item.map(serde_dynamo::from_item).transpose()?)
    }

    /// Takes the lock, waiting up to `patience` while somebody alive holds it.
    pub async fn acquire(
        &self,
        row: LockRow,
        origin: &Origin,
        patience: Duration,
        cancel: &CancellationToken,
        events: &Events,
    ) -> anyhow::Result<Held> {
        let begun = Instant::now();
        let mut told = false;
        let mut seen: Option<(LockRow, Instant)> = None;
        loop {
            let found = self.look().await?;
            // A write whose answer was lost is sent again by the client and then fails its own condition.
            if found.as_ref().is_some_and(|found| found.holder == row.holder) {
                return Ok(self.keep(row));
            }
            match (&found, &seen) {
                (Some(now), Some((before, _))) if now.beat == before.beat && now.holder == before.holder => {}
                (Some(now), _) => seen = Some((now.clone(), Instant::now())),
                (None, _) => seen = None,
            }
            let sight = seen.as_ref().map(|(row, since)| Sight {
                row,
                process: origin.process_of(row),
                unchanged_for: since.elapsed(),
            });
            match lock::decide(sight, Timestamp::now()) {
                Claim::Take if self.put(&row, found.as_ref()).await? => {
                    if let Some(dead) = &found {
                        events.note(format!(
                            "took over the lock of a run that ended without giving it back: {}",
                            dead.sentence()
                        ));
                    }
                    return Ok(self.keep(row));
                }
                Claim::Held if begun.elapsed() >= patience => {
                    return Err(self.held_by(found.as_ref(), &row.command).into());
                }
                Claim::Take => {}
                Claim::Watch | Claim::Held if told => {}
                Claim::Watch | Claim::Held => {
                    told = true;
                    let detail = found.as_ref().map(LockRow::sentence);
                    events.send(Event::Item {
                        part: "lock".into(),
                        item: self.environment.clone(),
                        state: "waiting".into(),
                        detail,
                        finished: false,
                    });
                }
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(Failure::new(&codes::INTERRUPTED, "interrupted while waiting for the environment's lock").why("nothing was changed").into()),
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Writes the row if the table still holds what was `found`; `false` when somebody was faster.
    async fn put(&self, row: &LockRow, found: Option<&LockRow>) -> anyhow::Result<bool> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(serde_dynamo::to_item(row)?));
        let put = match found {
            None => put.condition_expression("attribute_not_exists(id)"),
            Some(dead) => put
                .condition_expression("holder = :holder AND beat = :beat")
                .expression_attribute_values(":holder", AttributeValue::S(dead.holder.clone()))
                .expression_attribute_values(":beat", AttributeValue::N(dead.beat.to_string())),
        };
        as_expected(put.send().await.called("dynamodb:PutItem"))
    }

    /// Deletes the lock of `holder`; `false` when it is not (or no longer) theirs.
    pub async fn delete(&self, holder: &str) -> anyhow::Result<bool> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key()))
            .condition_expression("holder = :holder")
            .expression_attribute_values(":holder", AttributeValue::S(holder.into()));
        as_expected(delete.send().await.called("dynamodb:DeleteItem"))
    }

    /// Renews; `false` when the lock is no longer the holder's.
    async fn renew(&self, holder: &str, beat: u64) -> anyhow::Result<bool> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key()))
            .update_expression("SET renewedAt = :now, beat = :beat")
            .condition_expression("holder = :holder")
            .expression_attribute_values(":now", AttributeValue::S(Timestamp::now().to_string()))
            .expression_attribute_values(":beat", AttributeValue::N(beat.to_string()))
            .expression_attribute_values(":holder", AttributeValue::S(holder.into()));
        as_expected(update.send().await.called("dynamodb:UpdateItem"))
    }

    fn held_by(&self, found: Option<&LockRow>, command: &str) -> Failure {
        let Self { environment, .. } = self;
        let failure =
            Failure::new(&codes::LOCKED, format!("the environment {environment} is locked by another run")).retryable();
        let Some(row) = found else { return failure };
        failure
            .why(row.sentence())
            .why(format!(
                "it falls at {} unless it is renewed",
                row.expires_at().round(jiff::Unit::Second).unwrap_or(Timestamp::MAX)
            ))
            .fix(format!("onboardctl -e {environment} {command} --lock-timeout 10m"))
            .fix(format!("onboardctl -e {environment} unlock {}", row.holder))
    }

    fn keep(&self, row: LockRow) -> Held {
        let lost = CancellationToken::new();
        let renewing = tokio::spawn(renewing(self.clone(), row.holder.clone(), row.term(), lost.clone()));
        Held { lease: Lease { keeper: self.clone(), holder: row.holder, lost }, renewing }
    }
}

/// Renews until the lock is lost; the task is aborted on release.
async fn renewing(keeper: Keeper, holder: String, term: Duration, lost: CancellationToken) {
    let mut last = Instant::now();
    let mut beat = 0;
    let mut pause = lock::interval(term);
    loop {
        tokio::time::sleep(pause).await;
        let sent = Instant::now();
        beat += 1;
        match tokio::time::timeout(term / 6, keeper.renew(&holder, beat)).await {
            // The term counts from when the renewal was sent: when it was written is not known.
            Ok(Ok(true)) => {
                last = sent;
                pause = lock::interval(term);
            }
            Ok(Ok(false)) => return lost.cancel(),
            Ok(Err(_)) | Err(_) => pause = term / 30,
        }
        if lock::lost_by_silence(last.elapsed(), term) {
            return lost.cancel();
        }
    }
}

impl Held {
    /// Gives the lock back. A lock that was lost meanwhile is left to whoever has it.
    pub async fn release(self) -> anyhow::Result<()> {
        self.renewing.abort();
        self.lease.keeper.delete(&self.lease.holder).await.map(|_| ())
    }
}

fn key() -> std::collections::HashMap<String, AttributeValue> {
    [("kind".to_owned(), AttributeValue::S(LOCK_KIND.into())), ("id".to_owned(), AttributeValue::S(LOCK_ID.into()))]
        .into()
}

/// A failed condition is an answer, not an error.
fn as_expected<T>(sent: anyhow::Result<T>) -> anyhow::Result<bool> {
    match sent {
        Ok(_) => Ok(true),
        Err(error) if error_code(&error) == Some(NOT_AS_EXPECTED) => Ok(false),
        Err(error) => Err(error),
    }
}
