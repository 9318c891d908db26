//! The ledger: one row per run that changed something, written when it begins and completed when it ends.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lock::LockRow;
use super::origin::Git;
use super::snapshot::Snapshot;
use crate::aws::SendExt;
use crate::exit::Exit;

/// Partition key of ledger rows.
pub const RELEASE_KIND: &str = "release";

/// How a run stands or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is under way; in the table also: it was killed.
    Running,
    /// It did all that it planned.
    Done,
    /// It failed; `after` holds what it had changed by then.
    Failed,
    /// Its items ended differently.
    Partly,
    /// It was interrupted, or killed.
    Interrupted,
}

impl Outcome {
    /// How a run that ended with this exit code is recorded.
    pub fn of(exit: Exit) -> Self {
        match exit {
            // A failed check (verify) is an answer about the platform, not about the change.
            Exit::Done | Exit::Differences | Exit::CheckFailed => Self::Done,
            Exit::Partly => Self::Partly,
            Exit::Interrupted | Exit::TimedOut => Self::Interrupted,
            Exit::Failed | Exit::Usage | Exit::Refused | Exit::Permission | Exit::Locked => Self::Failed,
        }
    }

    /// The word that reports and the table use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Partly => "partly",
            Self::Interrupted => "interrupted",
        }
    }

    /// How the row reads: `running` is only believed of the run that holds the lock, alive.
    #[must_use]
    pub fn read(self, release: &str, lock: Option<&LockRow>, now: Timestamp) -> Self {
        let alive = lock.is_some_and(|lock| lock.holder == release && lock.expires_at() > now);
        if self == Self::Running && !alive { Self::Interrupted } else { self }
    }
}

/// One row of the ledger. The shape is final: `rollback` restores from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseRow {
    /// Partition key, always [`RELEASE_KIND`].
    pub kind: String,
    /// A `UUIDv7`: sorts by time.
    pub id: String,
    /// When it began.
    pub at: Timestamp,
    /// The person, as their computer names them.
    pub who: String,
    /// The computer's name.
    pub host: String,
    /// The command.
    pub command: String,
    /// The source revision, where there was one.
    pub git: Option<Git>,
    /// What was there before.
    pub before: Snapshot,
    /// What was there after; absent while it runs.
    pub after: Option<Snapshot>,
    /// How it stands or ended.
    pub result: Outcome,
    /// How long it took; absent while it runs.
    pub duration_ms: Option<u64>,
    /// Why it was stopped, where it lost the lock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The tool's version.
    pub tool: String,
}

/// The ledger of one environment.
#[derive(Clone, Debug)]
pub struct Ledger {
    client: Client,
    table: String,
}

impl Ledger {
    /// The ledger in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Writes a row, over what it held before.
    pub async fn write(&self, row: &ReleaseRow) -> anyhow::Result<()> {
        let item = serde_dynamo::to_item(row)?;
        self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await.called("dynamodb:PutItem")?;
        Ok(())
    }

    /// The newest rows first, at most `limit`.
    pub async fn newest(&self, limit: usize) -> anyhow::Result<Vec<ReleaseRow>> {
        let mut rows = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                // `kind` is no reserved word of DynamoDB; the value is a placeholder as always.
                .key_condition_expression("kind = :kind")
                .expression_attribute_values(":kind", AttributeValue::S(RELEASE_KIND.into()))
                .scan_index_forward(false)
                .consistent_read(true)
                .limit(i32::try_from(limit - rows.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(from)
                .send()
                .await
                .called("dynamodb:Query")?;
            rows.extend(serde_dynamo::from_items::<_, ReleaseRow>(page.items.unwrap_or_default())?);
            from = page.last_evaluated_key;
            if from.is_none() || rows.len() >= limit {
                return Ok(rows);
            }
        }
    }

    /// One row.
    pub async fn get(&self, id: &str) -> anyhow::Result<Option<ReleaseRow>> {
        let key: HashMap<_, _> = [
            ("kind".to_owned(), AttributeValue::S(RELEASE_KIND.into())),
            ("id".to_owned(), AttributeValue::S(id.into())),
        ]
        .into();
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key))
            .consistent_read(true)
            .send()
            .await
            .called("dynamodb:GetItem")?;
        Ok(answer.item.map(serde_dynamo::from_item).transpose()?)
    }
}

/// The release that serves now: the newest run about functions that ended well, or at least partly; none after one
/// that took the functions down.
pub fn live(newest_first: &[ReleaseRow]) -> Option<&ReleaseRow> {
    let functions = |row: &ReleaseRow| row.after.as_ref().is_some_and(|after| !after.functions.is_empty());
    let about_functions = |row: &&ReleaseRow| functions(row) || !row.before.functions.is_empty();
    let ended = |row: &&ReleaseRow| matches!(row.result, Outcome::Done | Outcome::Partly);
    newest_first.iter().filter(ended).find(about_functions).filter(|row| functions(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{keeper, origin::Origin};

    #[test]
    fn an_exit_code_becomes_an_outcome() {
        let cases = [
            (Exit::Done, Outcome::Done),
            (Exit::CheckFailed, Outcome::Done),
            (Exit::Partly, Outcome::Partly),
            (Exit::Interrupted, Outcome::Interrupted),
            (Exit::TimedOut, Outcome::Interrupted),
            (Exit::Permission, Outcome::Failed),
            (Exit::Failed, Outcome::Failed),
        ];
        for (exit, expected) in cases {
            assert_eq!(Outcome::of(exit), expected, "{exit:?}");
        }
    }

    #[test]
    fn running_is_believed_only_of_a_living_holder() {
        let now = Timestamp::now();
        let mut lock = keeper::row_of(&Origin::here(), "one", "up", now);
        assert_eq!(Outcome::Running.read("one", Some(&lock), now), Outcome::Running);
        assert_eq!(
            Outcome::Running.read("two", Some(&lock), now),
            Outcome::Interrupted,
            "somebody else holds the lock"
        );
        assert_eq!(Outcome::Running.read("one", None, now), Outcome::Interrupted, "nobody holds it");
        lock.renewed_at = now - super::super::lock::TERM;
        assert_eq!(Outcome::Running.read("one", Some(&lock), now), Outcome::Interrupted, "its term is over");
        assert_eq!(Outcome::Failed.read("one", None, now), Outcome::Failed);
    }

    #[test]
    fn a_row_survives_the_table() {
        let row = row("0190", Outcome::Running, false);
        let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(&row).unwrap();
        assert!(matches!(item.get("kind"), Some(AttributeValue::S(kind)) if kind == "release"));
        assert!(matches!(item.get("id"), Some(AttributeValue::S(_))));
        assert_eq!(serde_dynamo::from_item::<_, ReleaseRow>(item).unwrap(), row);
    }

    #[test]
    fn the_newest_good_release_with_functions_is_live() {
        let rows = [
            row("4", Outcome::Running, true),
            row("3", Outcome::Failed, true),
            row("2", Outcome::Done, false),
            row("1", Outcome::Done, true),
            row("0", Outcome::Done, true),
        ];
        assert_eq!(live(&rows).unwrap().id, "1");
        assert_eq!(live(&rows[..3]), None);
        let mut down = row("5", Outcome::Done, true);
        down.before = down.after.replace(Snapshot::default()).unwrap();
        let rows = [down, row("4", Outcome::Done, true)];
        assert_eq!(live(&rows), None, "what was taken down serves no more");
    }

    fn row(id: &str, result: Outcome, functions: bool) -> ReleaseRow {
        let mut after = Snapshot::default();
        if functions {
            after.functions.insert(
                "f".into(),
                crate::release::snapshot::FunctionState {
                    version: "1".into(),
                    code_sha256: "c".into(),
                    variables: "v".into(),
                },
            );
        }
        ReleaseRow {
            kind: RELEASE_KIND.into(),
            id: id.into(),
            at: Timestamp::now(),
            who: "ann".into(),
            host: "box".into(),
            command: "up".into(),
            git: Some(Git { sha: "abc".into(), dirty: true }),
            before: Snapshot::default(),
            after: Some(after),
            result,
            duration_ms: Some(12),
            reason: None,
            tool: "0.1.0".into(),
        }
    }
}
