//! Takes a lock away from its holder.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::keeper::Keeper;
use super::lock::{LockRow, Process};
use super::origin::Origin;
use crate::context::Context;
use crate::error::{Failure, codes};

/// What `unlock` did (`onboardctl schema unlock`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnlockReport {
    /// The holder that lost it: the id of its release.
    pub id: String,
    /// The person.
    pub who: String,
    /// Their computer.
    pub host: String,
    /// The command it was held for.
    pub command: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Whether the lock had expired anyway.
    pub expired: bool,
    /// Whether it was taken away; not with `--dry-run`.
    pub unlocked: bool,
}

impl UnlockReport {
    /// A report about this lock.
    pub fn of(row: LockRow, unlocked: bool) -> Self {
        let expired = row.expires_at() <= Timestamp::now();
        Self {
            id: row.holder,
            who: row.who,
            host: row.host,
            command: row.command,
            since: row.since.to_string(),
            expired,
            unlocked,
        }
    }
}

/// The lock of this environment, if there is one.
pub async fn look(context: &Context) -> anyhow::Result<Option<LockRow>> {
    match keeper(context).await?.look().await {
        Err(error) if super::run::is_missing(&error) => Ok(None),
        looked => looked,
    }
}

/// The lock of this environment if its holder may be alive: one whose process is gone from this computer holds nothing.
pub async fn living(context: &Context) -> anyhow::Result<Option<LockRow>> {
    Ok(look(context).await?.filter(|row| Origin::here().process_of(row) != Process::Gone))
}

/// Finds the lock that `id` holds; refuses when somebody else does, or nobody.
pub async fn find(context: &Context, id: &str) -> anyhow::Result<LockRow> {
    let environment = &context.settings.environment.name;
    match look(context).await? {
        Some(row) if row.holder == id => Ok(row),
        Some(row) => Err(Failure::new(&codes::NOT_THE_HOLDER, format!("{id} does not hold the lock of {environment}"))
            .why(row.sentence())
            .fix(format!("onboardctl -e {environment} unlock {}", row.holder))
            .into()),
        None => Err(Failure::new(&codes::NOT_THE_HOLDER, format!("nobody holds the lock of {environment}"))
            .why("there is no lock row in the release table")
            .fix(format!("onboardctl -e {environment} status"))
            .into()),
    }
}

/// Takes the lock away. Its holder notices at its next renewal and stops.
pub async fn take_away(context: &Context, row: LockRow) -> anyhow::Result<UnlockReport> {
    if !keeper(context).await?.delete(&row.holder).await? {
        let environment = &context.settings.environment.name;
        return Err(Failure::new(
            &codes::NOT_THE_HOLDER,
            format!("{} no longer holds the lock of {environment}", row.holder),
        )
        .why("it was given back or taken over meanwhile")
        .fix(format!("onboardctl -e {environment} status"))
        .into());
    }
    Ok(UnlockReport::of(row, true))
}

async fn keeper(context: &Context) -> anyhow::Result<Keeper> {
    let environment = &context.settings.environment;
    Ok(Keeper::new(context.aws.dynamodb().await?, environment.releases_table(), environment.name.to_string()))
}
