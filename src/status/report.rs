//! What `status` shows (`onboardctl schema status`).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::release::lock::LockRow;

/// `onboardctl status`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatusReport {
    /// The site's address, once there is one.
    pub site: Option<String>,
    /// The release that serves now.
    pub release: Option<String>,
    /// The parts of the platform on this computer; empty for an environment on AWS.
    pub platform: Vec<PlatformLine>,
    /// Stacks of the catalogue.
    pub stacks: Vec<StackLine>,
    /// Functions of the catalogue.
    pub functions: Vec<FunctionLine>,
    /// Topics of the catalogue.
    pub topics: Vec<TopicLine>,
    /// Consumer groups.
    pub lag: Vec<LagLine>,
    /// Alarms of the environment.
    pub alarms: Vec<AlarmLine>,
    /// The site's files.
    pub frontend: FrontendLine,
    /// The lock, when somebody holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<LockLine>,
    /// What could not be read, and why.
    pub unknown: Vec<Unknown>,
}

/// A part of the platform on this computer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlatformLine {
    /// For example `kafka`.
    pub part: String,
    /// For example `running`.
    pub state: String,
    /// Its address or process.
    pub detail: String,
}

/// One stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackLine {
    /// The catalogue's key.
    pub stack: String,
    /// Its physical name.
    pub name: String,
    /// `CloudFormation`'s status; `absent` without a stack; `skipped` where the environment brings its own.
    pub status: String,
}

/// One function.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FunctionLine {
    /// Its short name.
    pub function: String,
    /// The version behind the alias; absent: not deployed.
    pub live_version: Option<String>,
    /// Lambda's state of that version; `absent` without one.
    pub state: String,
}

/// One topic.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TopicLine {
    /// As the broker knows it.
    pub topic: String,
    /// How many partitions; absent: the topic does not exist.
    pub partitions: Option<i32>,
}

/// One consumer group.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LagLine {
    /// The group.
    pub group: String,
    /// What it reads.
    pub topic: String,
    /// How many records wait; absent: the group never committed, or the brokers cannot be reached.
    pub total_lag: Option<i64>,
    /// `caught_up`, or `unknown`: one look does not tell whether a lag shrinks.
    pub verdict: String,
}

/// One alarm.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlarmLine {
    /// Its name.
    pub name: String,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub state: String,
    /// Why, in `CloudWatch`'s words.
    pub reason: String,
}

/// The site's files.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FrontendLine {
    /// `deployed`, `not_deployed` or `unknown`.
    pub state: String,
}

/// The lock.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LockLine {
    /// The holder: what `unlock` takes.
    pub id: String,
    /// The person.
    pub who: String,
    /// Their computer.
    pub host: String,
    /// The command that runs.
    pub command: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// When it falls unless it is renewed, RFC 3339.
    pub expires_at: String,
    /// Whether that has passed: its holder is dead.
    pub expired: bool,
}

impl LockLine {
    /// The line of a row at a moment.
    pub fn of(row: &LockRow, now: Timestamp) -> Self {
        Self {
            id: row.holder.clone(),
            who: row.who.clone(),
            host: row.host.clone(),
            command: row.command.clone(),
            since: row.since.to_string(),
            expires_at: row.expires_at().to_string(),
            expired: row.expires_at() <= now,
        }
    }
}

/// A part that could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unknown {
    /// Which.
    pub part: String,
    /// Why.
    pub reason: String,
}
