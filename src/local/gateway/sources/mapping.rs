//! One event source mapping: what it was asked to be, and how Lambda shows it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::function::Function;

/// Lambda's window for Kafka when none is given (API reference of `CreateEventSourceMapping`).
const DEFAULT_WINDOW: Duration = Duration::from_millis(500);

/// Where a consumer group without offsets begins.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub enum Start {
    /// With the oldest record.
    TrimHorizon,
    /// With the next record.
    Latest,
    /// With the first record of this time, in seconds since 1970.
    AtTimestamp(f64),
}

/// What only provisioned pollers do: error controls.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Provisioned {
    /// `ProvisionedPollerConfig` as it was given.
    pub pollers: Value,
    /// Retries of a failing batch; -1: without end.
    pub retries: i64,
    /// Records older than this many seconds are given up; -1: never.
    pub record_age: i64,
    /// Whether a failing batch is split in two.
    pub bisect: bool,
    /// Whether the function may name the records that failed.
    pub partial: bool,
}

/// One mapping, as it is remembered.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Mapping {
    /// Its id.
    pub uuid: String,
    /// What is invoked.
    pub function: Function,
    /// The topic it reads.
    pub topic: String,
    /// The consumer group it reads in.
    pub group: String,
    /// Most records of a batch.
    pub batch_size: usize,
    /// Longest wait for a batch to fill, in seconds; `None` is Lambda's default of 500 ms.
    pub window: Option<u64>,
    /// Where it began.
    pub start: Start,
    /// Whether the group's offsets were set to where it began.
    pub positioned: bool,
    /// The SCRAM secret it logs in with.
    pub secret: String,
    /// Present in provisioned mode.
    pub provisioned: Option<Provisioned>,
    /// Whether it is meant to run.
    pub enabled: bool,
    /// Seconds since 1970.
    pub last_modified: f64,
    /// Tags by key.
    pub tags: BTreeMap<String, String>,
}

impl Mapping {
    /// Longest wait for a batch to fill.
    pub fn window(&self) -> Duration {
        self.window.map_or(DEFAULT_WINDOW, Duration::from_secs)
    }
}

/// States of a mapping (API reference of `EventSourceMappingConfiguration`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Made, not polling yet.
    Creating,
    /// Asked to poll, not polling yet.
    Enabling,
    /// Polling.
    Enabled,
    /// Asked to stop; a batch is still under way.
    Disabling,
    /// Not polling.
    Disabled,
    /// Changed, not polling again yet.
    Updating,
    /// Asked to go; a batch is still under way.
    Deleting,
}

impl State {
    /// Whether nothing is under way that forbids a change.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Enabled | Self::Disabled)
    }
}

/// How a mapping is doing.
#[derive(Clone, Debug)]
pub struct Status {
    /// Its state.
    pub state: State,
    /// Lambda's `LastProcessingResult`.
    pub result: String,
}

/// A mapping as Lambda's answers show it.
pub fn show(mapping: &Mapping, status: &Status, source: &str, region: &str, account: &str) -> Value {
    let (start, timestamp) = match mapping.start {
        Start::TrimHorizon => ("TRIM_HORIZON", None),
        Start::Latest => ("LATEST", None),
        Start::AtTimestamp(seconds) => ("AT_TIMESTAMP", Some(seconds)),
    };
    let mut shown = json!({
        "UUID": mapping.uuid,
        "EventSourceMappingArn": format!("arn:aws:lambda:{region}:{account}:event-source-mapping:{}", mapping.uuid),
        "EventSourceArn": source,
        "FunctionArn": mapping.function.arn(region, account),
        "Topics": [mapping.topic],
        "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": mapping.group},
        "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": mapping.secret}],
        "BatchSize": mapping.batch_size,
        "StartingPosition": start,
        "State": format!("{:?}", status.state),
        "StateTransitionReason": "USER_INITIATED",
        "LastProcessingResult": status.result,
        "LastModified": mapping.last_modified,
        "DestinationConfig": {"OnFailure": {}},
    });
    let mut set = |key: &str, value: Value| shown[key] = value;
    if let Some(window) = mapping.window {
        set("MaximumBatchingWindowInSeconds", window.into());
    }
    if let Some(seconds) = timestamp {
        set("StartingPositionTimestamp", seconds.into());
    }
    if let Some(provisioned) = &mapping.provisioned {
        set("ProvisionedPollerConfig", provisioned.pollers.clone());
        set("MaximumRetryAttempts", provisioned.retries.into());
        set("MaximumRecordAgeInSeconds", provisioned.record_age.into());
        set("BisectBatchOnFunctionError", provisioned.bisect.into());
        let types: &[&str] = if provisioned.partial { &["ReportBatchItemFailures"] } else { &[] };
        set("FunctionResponseTypes", types.into());
    }
    shown
}
