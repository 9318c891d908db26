//! A run that changes something: lock, row, work, row, unlock.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::keeper::{self, Held, Keeper};
use super::ledger::{Ledger, Outcome, RELEASE_KIND, ReleaseRow};
use super::origin::{self, Origin};
use super::snapshot::{self, Scope, Snapshot};
use crate::aws::{Call, Class, error_code};
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;

/// How long the work may take to end by itself after Ctrl-C. With twice [`FAREWELL`] it stays within the five seconds
/// that a run has before it is ended from outside.
const ENDING: Duration = Duration::from_millis(1500);

/// How long completing the row may take after Ctrl-C, and giving the lock back too.
const FAREWELL: Duration = Duration::from_millis(1500);

/// How long the same may take otherwise.
const COMPLETION: Duration = Duration::from_secs(30);

/// What a guarded run comes back with.
#[derive(Clone, Debug)]
pub struct Ended<T> {
    /// The id of its row in the ledger.
    pub release: String,
    /// What the work returned.
    pub value: T,
}

/// Does `work` under the environment's lock and records it in the ledger.
///
/// `work` is handed a context whose token is also cancelled when the lock is lost, and whose steps ask
/// [`Context::before_change`]; it must observe and plan again, since what was planned before the lock may be stale. It says how it ended beside its value, so that a run that was partly
/// done is recorded as such. Row and lock are completed and given back however it ends.
///
/// # Errors
/// [`codes::LOCKED`] when somebody holds the lock longer than `--lock-timeout`, [`codes::LEDGER_MISSING`] without a
/// bootstrap stack, [`codes::LOCK_LOST`] when the lock was taken away meanwhile; else what `work` failed with.
pub async fn guarded<T, F>(context: &Context, command: &str, scope: Scope, work: F) -> anyhow::Result<Ended<T>>
where
    F: AsyncFnOnce(&Context) -> anyhow::Result<(T, Exit)>,
{
    guarded_as(context, command, scope, async |context, _row| work(context).await).await
}

/// [`guarded`], for work that wants to know its row in the ledger: id, person, source revision.
///
/// # Errors
/// As of [`guarded`].
pub async fn guarded_as<T, F>(context: &Context, command: &str, scope: Scope, work: F) -> anyhow::Result<Ended<T>>
where
    F: AsyncFnOnce(&Context, &ReleaseRow) -> anyhow::Result<(T, Exit)>,
{
    let client = context.aws.dynamodb().await?;
    let table = context.settings.environment.releases_table();
    let environment = context.settings.environment.name.to_string();
    let origin = Origin::here();
    let id = uuid::Uuid::now_v7().to_string();
    let keeper = Keeper::new(client.clone(), table.clone(), environment.clone());
    let lock = keeper::row_of(&origin, &id, command, Timestamp::now());
    let held = keeper
        .acquire(lock, &origin, context.settings.lock_timeout, &context.cancel, &context.events)
        .await
        .map_err(|error| if is_missing(&error) { ledger_missing(&environment, error) } else { error })?;
    let ledger = Ledger::new(client, table);
    let begun = Instant::now();
    let worked = recorded(context, &ledger, &held, begin(&id, command, &origin).await, scope, begun, work).await;
    let lost = held.lease.lost.is_cancelled();
    let fate = if lost { Some(held.lease.fate().await) } else { None };
    if let Ok(Err(error)) | Err(error) =
        tokio::time::timeout(farewell(context), held.release()).await.map_err(anyhow::Error::from)
    {
        context.events.warn(format!(
            "the lock could not be given back; it falls by itself within {} s: {error:#}",
            super::lock::TERM.as_secs()
        ));
    }
    match fate {
        Some(fate) => Err(lock_lost(context, command, &id, fate, worked.err().as_ref()).into()),
        None => worked.map(|value| Ended { release: id, value }),
    }
}

/// Whether the releases table does not exist yet.
pub fn is_missing(error: &anyhow::Error) -> bool {
    error_code(error) == Some("ResourceNotFoundException")
}

async fn begin(id: &str, command: &str, origin: &Origin) -> ReleaseRow {
    let folder = std::env::current_dir().unwrap_or_default();
    ReleaseRow {
        kind: RELEASE_KIND.into(),
        id: id.into(),
        at: Timestamp::now(),
        who: origin.who.clone(),
        host: origin.host.clone(),
        command: command.into(),
        git: origin::git(&folder).await,
        before: Snapshot::default(),
        after: None,
        result: Outcome::Running,
        duration_ms: None,
        reason: None,
        tool: env!("CARGO_PKG_VERSION").into(),
    }
}

/// Writes the row, works, completes the row.
async fn recorded<T, F>(
    context: &Context,
    ledger: &Ledger,
    held: &Held,
    mut row: ReleaseRow,
    scope: Scope,
    begun: Instant,
    work: F,
) -> anyhow::Result<T>
where
    F: AsyncFnOnce(&Context, &ReleaseRow) -> anyhow::Result<(T, Exit)>,
{
    row.before = snapshot::take(context, scope).await?;
    ledger.write(&row).await?;
    let cancel = context.cancel.child_token();
    let inner = Context { cancel, lease: Some(held.lease.clone()), ..context.clone() };
    let watching = {
        let (lost, cancel) = (held.lease.lost.clone(), inner.cancel.clone());
        tokio::spawn(async move {
            lost.cancelled().await;
            cancel.cancel();
        })
    };
    let worked = tokio::select! {
        worked = work(&inner, &row) => worked,
        () = ended(&inner) => Err(context.ended("what AWS was asked to do goes on without this run", format!("onboardctl -e {} status", context.environment_name()))),
    };
    watching.abort();
    let lost = held.lease.expect().await.is_err() && held.lease.lost.is_cancelled();
    row.reason = if lost { Some(format!("lock lost: {}", held.lease.fate().await)) } else { None };
    row.result = match &worked {
        Ok((_, exit)) if *exit == Exit::Done || !lost => Outcome::of(*exit),
        Ok(_) => Outcome::Interrupted,
        Err(_) if lost || inner.cancel.is_cancelled() => Outcome::Interrupted,
        Err(error) => Outcome::of(error.downcast_ref::<Failure>().map_or(Exit::Failed, Failure::exit)),
    };
    row.duration_ms = Some(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
    let completed = tokio::time::timeout(farewell(context), async {
        row.after = snapshot::take(context, scope)
            .await
            .map(Some)
            .or_else(|error| if worked.is_ok() { Err(error) } else { Ok(None) })?;
        ledger.write(&row).await
    })
    .await;
    if let Ok(Err(error)) | Err(error) = completed.map_err(anyhow::Error::from) {
        context
            .events
            .warn(format!("the release's row could not be completed; it will read as interrupted: {error:#}"));
    }
    worked.map(|(value, _)| value)
}

/// Returns some time after the run was told to end.
async fn ended(context: &Context) {
    context.cancel.cancelled().await;
    tokio::time::sleep(ENDING).await;
}

fn farewell(context: &Context) -> Duration {
    if context.cancel.is_cancelled() { FAREWELL } else { COMPLETION }
}

fn ledger_missing(environment: &str, error: anyhow::Error) -> anyhow::Error {
    error.context(
        Failure::new(
            &codes::LEDGER_MISSING,
            format!("the environment {environment} has no release table yet, so its lock cannot be taken"),
        )
        .why("the bootstrap stack makes the table, and it does not exist")
        .fix(format!("onboardctl -e {environment} stack up bootstrap")),
    )
}

fn lock_lost(context: &Context, command: &str, release: &str, fate: String, error: Option<&anyhow::Error>) -> Failure {
    let environment = context.environment_name();
    let what = format!("the lock of {environment} was lost while `{command}` ran, so the run was stopped");
    let failure = Failure::new(&codes::LOCK_LOST, what).why(fate).why(done_so_far(&context.aws.calls()));
    let failure = match error.map(|error| (error, error.downcast_ref::<Failure>())) {
        Some((_, Some(own))) if own.code == &codes::LOCK_LOST || own.code == &codes::INTERRUPTED => failure,
        Some((error, _)) => failure.why(format!("{error:#}")),
        None => failure,
    };
    failure
        .fix(format!("onboardctl -e {environment} history show {release}"))
        .fix(format!("onboardctl -e {environment} {command}"))
        .retryable()
}

/// What the run had sent when it was stopped, by operation. Lock and ledger, the run's own rows, do not count.
fn done_so_far(calls: &[Call]) -> String {
    let mut sent = BTreeMap::<String, usize>::new();
    let counts = |call: &&Call| call.class == Class::Mutate && call.service != "DynamoDB" && call.error.is_none();
    for call in calls.iter().filter(counts) {
        *sent.entry(format!("{}:{}", call.service, call.operation)).or_default() += 1;
    }
    if sent.is_empty() {
        return "nothing had been changed by then".to_owned();
    }
    let words: Vec<String> = sent.iter().map(|(operation, count)| format!("{count} {operation}")).collect();
    format!("by then it had sent {}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_counted_without_lock_ledger_and_reads() {
        let call = |service: &str, operation: &str, class| Call {
            service: service.into(),
            operation: operation.into(),
            class,
            status: Some(200),
            error: None,
            ms: 1,
        };
        let lock = call("DynamoDB", "PutItem", Class::Mutate);
        let read = call("Lambda", "GetAlias", Class::Read);
        let failed = Call { error: Some("error".into()), ..call("Lambda", "UpdateAlias", Class::Mutate) };
        assert_eq!(done_so_far(&[lock.clone(), read, failed]), "nothing had been changed by then");
        let update = call("Lambda", "UpdateFunctionCode", Class::Mutate);
        let publish = call("Lambda", "PublishVersion", Class::Mutate);
        assert_eq!(
            done_so_far(&[lock, update.clone(), publish, update]),
            "by then it had sent 1 Lambda:PublishVersion, 2 Lambda:UpdateFunctionCode"
        );
    }
}
