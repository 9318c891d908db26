//! What was released, newest first (`onboardctl history`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::ledger::{self, Ledger, Outcome, ReleaseRow};
use super::lock::LockRow;
use super::origin::Git;
use super::snapshot::Snapshot;
use crate::context::Context;
use crate::error::{Failure, codes};

/// `onboardctl history`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryReport {
    /// Newest first.
    pub releases: Vec<ReleaseEntry>,
}

/// One release.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReleaseEntry {
    /// Sorts by time.
    pub id: String,
    /// When it began, RFC 3339.
    pub at: String,
    /// The person, as their computer names them.
    pub who: String,
    /// The computer.
    pub host: String,
    /// The command.
    pub command: String,
    /// The source revision, where there was one.
    pub git: Option<Git>,
    /// `running`, `done`, `failed`, `partly` or `interrupted`.
    pub result: Outcome,
    /// Whether this is what serves now.
    pub live: bool,
    /// How long it took; absent when it never ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Why it was stopped, where it lost the lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The tool's version.
    pub tool: String,
    /// What it changed, by part and item.
    pub parts: BTreeMap<String, Vec<ItemChange>>,
}

/// One item that a release changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemChange {
    /// Physical name.
    pub item: String,
    /// What it was, shortest telling form; absent: it did not exist.
    pub from: Option<String>,
    /// What it became; absent: it is gone.
    pub to: Option<String>,
    /// What differs, for example `code`, `variables`, `template`.
    pub changed: Vec<&'static str>,
}

/// `onboardctl history show ID`: the entry with the whole state before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReleaseReport {
    /// The entry as `history` lists it.
    pub release: ReleaseEntry,
    /// What was there before.
    pub before: Snapshot,
    /// What was there after; absent when it was killed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Snapshot>,
}

/// The newest `limit` releases.
pub async fn history(context: &Context, limit: usize) -> anyhow::Result<HistoryReport> {
    let (rows, lock) =
        match tokio::try_join!(async { ledger(context).await?.newest(limit).await }, super::unlock::living(context)) {
            Err(error) if super::run::is_missing(&error) => (Vec::new(), None),
            read => read?,
        };
    Ok(report(&rows, lock.as_ref(), Timestamp::now()))
}

/// One release, whole. `id` may be the beginning of one, as long as it is the only one.
pub async fn show(context: &Context, id: &str) -> anyhow::Result<ReleaseReport> {
    let rows = ledger(context).await?.newest(1000).await?;
    let lock = super::unlock::living(context).await?;
    let mut matching = rows.iter().filter(|row| row.id.starts_with(id));
    let (Some(row), None) = (matching.next(), matching.next()) else {
        let environment = &context.settings.environment.name;
        return Err(Failure::new(
            &codes::RELEASE_UNKNOWN,
            format!("no release, or more than one, of {environment} begins with {id}"),
        )
        .fix(format!("onboardctl -e {environment} history"))
        .into());
    };
    let live = ledger::live(&rows).map(|row| row.id.as_str());
    Ok(ReleaseReport {
        release: entry(row, live, lock.as_ref(), Timestamp::now()),
        before: row.before.clone(),
        after: row.after.clone(),
    })
}

/// The release that serves now.
pub async fn live(context: &Context) -> anyhow::Result<Option<String>> {
    match ledger(context).await?.newest(50).await {
        Ok(rows) => Ok(ledger::live(&rows).map(|row| row.id.clone())),
        Err(error) if super::run::is_missing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn ledger(context: &Context) -> anyhow::Result<Ledger> {
    let environment = &context.settings.environment;
    Ok(Ledger::new(context.aws.dynamodb().await?, environment.releases_table()))
}

/// The report from rows, newest first.
fn report(rows: &[ReleaseRow], lock: Option<&LockRow>, now: Timestamp) -> HistoryReport {
    let live = ledger::live(rows).map(|row| row.id.as_str());
    HistoryReport { releases: rows.iter().map(|row| entry(row, live, lock, now)).collect() }
}

fn entry(row: &ReleaseRow, live: Option<&str>, lock: Option<&LockRow>, now: Timestamp) -> ReleaseEntry {
    ReleaseEntry {
        id: row.id.clone(),
        at: row.at.to_string(),
        who: row.who.clone(),
        host: row.host.clone(),
        command: row.command.clone(),
        git: row.git.clone(),
        result: row.result.read(&row.id, lock, now),
        live: live == Some(row.id.as_str()),
        duration_ms: row.duration_ms,
        reason: row.reason.clone(),
        tool: row.tool.clone(),
        parts: row.after.as_ref().map(|after| changes(&row.before, after)).unwrap_or_default(),
    }
}

/// What differs between two snapshots, by part.
pub fn changes(before: &Snapshot, after: &Snapshot) -> BTreeMap<String, Vec<ItemChange>> {
    let stacks = compare(
        &before.stacks,
        &after.stacks,
        |stack| short(&stack.template),
        |from, to| {
            differing([("template", from.template != to.template), ("parameters", from.parameters != to.parameters)])
        },
    );
    let topics = compare(
        &before.topics,
        &after.topics,
        |topic| format!("{} partitions", topic.partitions),
        |from, to| {
            differing([
                ("partitions", from.partitions != to.partitions),
                ("configuration", from.configuration != to.configuration),
            ])
        },
    );
    let functions = compare(
        &before.functions,
        &after.functions,
        |function| function.version.clone(),
        |from, to| {
            differing([
                ("code", from.code_sha256 != to.code_sha256),
                ("variables", from.variables != to.variables),
                ("version", from.version != to.version),
            ])
        },
    );
    [("stack", stacks), ("topics", topics), ("lambdas", functions)]
        .into_iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(part, items)| (part.to_owned(), items))
        .collect()
}

fn compare<T: PartialEq>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    word: impl Fn(&T) -> String,
    differing: impl Fn(&T, &T) -> Vec<&'static str>,
) -> Vec<ItemChange> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            let (from, to) = (before.get(name), after.get(name));
            let changed = match (from, to) {
                (Some(from), Some(to)) => differing(from, to),
                _ => Vec::new(),
            };
            ItemChange { item: name.clone(), from: from.map(&word), to: to.map(&word), changed }
        })
        .collect()
}

fn differing<const N: usize>(parts: [(&'static str, bool); N]) -> Vec<&'static str> {
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}

/// The beginning of a hash, enough to compare two by eye.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::snapshot::{FunctionState, TopicState};

    #[test]
    fn changes_name_what_was_made_changed_and_removed() {
        let function = |version: &str, code: &str, variables: &str| FunctionState {
            version: version.into(),
            code_sha256: code.into(),
            variables: variables.into(),
        };
        let before = Snapshot {
            functions: [
                ("a".to_owned(), function("1", "x", "v")),
                ("b".to_owned(), function("4", "x", "v")),
                ("c".to_owned(), function("2", "x", "v")),
            ]
            .into(),
            ..Snapshot::default()
        };
        let after = Snapshot {
            topics: [("t".to_owned(), TopicState { partitions: 3, replication: 1, configuration: "h".into() })].into(),
            functions: [
                ("a".to_owned(), function("2", "x", "w")),
                ("b".to_owned(), function("4", "x", "v")),
                ("d".to_owned(), function("1", "y", "v")),
            ]
            .into(),
            ..Snapshot::default()
        };
        let found = changes(&before, &after);
        let item = |item: &str, from: Option<&str>, to: Option<&str>, changed: &[&'static str]| ItemChange {
            item: item.into(),
            from: from.map(Into::into),
            to: to.map(Into::into),
            changed: changed.to_vec(),
        };
        assert_eq!(
            found["lambdas"],
            [
                item("a", Some("1"), Some("2"), &["variables", "version"]),
                item("c", Some("2"), None, &[]),
                item("d", None, Some("1"), &[])
            ]
        );
        assert_eq!(found["topics"], [item("t", None, Some("3 partitions"), &[])]);
        assert!(!found.contains_key("stack"));
    }
}
