//! The catalogue's shape, as `platform.toml` writes it. Typed ids are made only by parsing it, so a name that is
//! not in the catalogue cannot be asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::source::Source;

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub(in crate::catalogue) String);

        impl $name {
            /// The name as the catalogue writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(&self.0)
            }
        }
    )*};
}

id! {
    /// An environment: `local`, `dev`, `staging`, `production`.
    EnvironmentName,
    /// A stack's key: `bootstrap`, `kafka`, `platform`.
    StackKey,
    /// A topic as the domain names it: `kyc-verified`.
    TopicName,
    /// A function's key, which is its folder under `lambdas/` too: `submit-user-info`, `consumer`.
    FunctionKey
}

/// The whole of `platform.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The file format's version.
    pub schema: u32,
    /// What every physical name begins with.
    pub prefix: String,
    /// Environments by name.
    pub environments: BTreeMap<EnvironmentName, EnvironmentEntry>,
    /// Stacks by key.
    pub stacks: BTreeMap<StackKey, Stack>,
    /// Topics by domain name.
    pub topics: BTreeMap<TopicName, Topic>,
    /// Functions by key.
    pub functions: BTreeMap<FunctionKey, Function>,
    /// Alarms by name. `alarms apply` owns what they become.
    #[serde(default)]
    pub alarms: BTreeMap<String, Alarm>,
    /// Latency budgets in milliseconds by `verify` step.
    #[serde(default)]
    pub budgets: BTreeMap<String, u64>,
    /// The file that it was parsed from, with the place of every key.
    #[serde(skip)]
    pub source: Source,
}

/// What a change asks of the person (`contracts.md`, "Danger").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    /// Nothing is asked.
    Never,
    /// The plan is shown and asked about once; `--yes` answers.
    Ask,
    /// `--confirm NAME` or the name typed on a terminal; `--yes` never covers it.
    Typed,
}

/// How Lambda polls the topics (`aws-facts.md`, section 2, "Modes").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Poller {
    /// No fee; a failed batch is retried whole and partial failures are unknown.
    OnDemand,
    /// Dedicated pollers: `ReportBatchItemFailures` and retry limits are honoured.
    Provisioned,
}

/// One environment as the catalogue writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentEntry {
    /// The AWS account, 12 digits, compared before the first change.
    pub account: String,
    /// The region, compared before the first change.
    pub region: String,
    /// What a change asks.
    pub confirm: Confirm,
    /// Every AWS client's endpoint; absent: the SDK's own.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Name of a platform on this computer: endpoint, credentials, CA, cluster and site address come from
    /// `<state dir>/connection.json`, and only loopback addresses are accepted.
    #[serde(default)]
    pub connection: Option<String>,
    /// S3 path style.
    #[serde(default)]
    pub path_style: bool,
    /// The existing MSK cluster's ARN. Absent: the kafka stack makes one.
    #[serde(default)]
    pub cluster_arn: Option<String>,
    /// The id that the cluster must have, wherever its ARN comes from: the UUID at the ARN's end, compared before the
    /// first change. Absent: any cluster will do.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// What topics are prefixed with on a cluster that environments share.
    #[serde(default)]
    pub topic_prefix: String,
    /// `ssl.ca.location` of every Kafka client: `probe` or a PEM file.
    #[serde(default)]
    pub certificate_authority: Option<String>,
    /// `host`, or the Rust target that functions are built for.
    pub build_target: String,
    /// The cargo profile that functions are built in.
    pub profile: String,
    /// How the mappings poll.
    pub poller: Poller,
    /// Address pattern of the WebSocket management API: `{endpoint}`, `{api}`, `{region}`, `{stage}`.
    pub websocket_management: String,
    /// The MSK subnets, for an environment that brings its own network.
    #[serde(default)]
    pub subnets: Vec<String>,
    /// The security groups of functions in the cluster's network.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// Template parameters by stack key, over the template's defaults.
    #[serde(default)]
    pub parameters: BTreeMap<StackKey, BTreeMap<String, String>>,
}

/// Credentials that a connection file carries. `Debug` shows neither part of the secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct StaticCredentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
}

impl std::fmt::Debug for StaticCredentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("StaticCredentials").finish_non_exhaustive()
    }
}

/// `connection.json` in a state folder: how to reach a platform on this computer. Written by `local start` (mode 0600),
/// read when settings are resolved.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The AWS endpoint, `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// The edge, `http://127.0.0.1:PORT`.
    pub site: String,
    /// The cluster's ARN.
    pub cluster_arn: String,
    /// PEM file of the certificate authority that the brokers' certificates come from.
    pub certificate_authority: String,
    /// Credentials of the account.
    pub credentials: StaticCredentials,
}

/// One stack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// File under `templates/`, embedded in the binary.
    pub template: String,
    /// Not deployed where the environment names an existing cluster.
    #[serde(default)]
    pub skip_with_existing_cluster: bool,
}

/// One topic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The event type it carries.
    pub event: String,
    /// How many partitions.
    pub partitions: i32,
    /// Replication factor; absent: 3, or the number of brokers where there are fewer.
    #[serde(default)]
    pub replication: Option<i32>,
    /// `retention.ms` in words: `7d`.
    pub retention: Retention,
    /// More topic configuration, in Kafka's own keys.
    #[serde(default)]
    pub config: BTreeMap<String, String>,
}

/// How long a topic keeps its records, written in words: `7d`, `36h`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Retention {
    text: String,
    milliseconds: i64,
}

impl Retention {
    /// The value of `retention.ms`.
    pub fn milliseconds(&self) -> i64 {
        self.milliseconds
    }
}

impl TryFrom<String> for Retention {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let refused = || format!("`{text}` is not a retention; write for example `7d` or `36h`");
        let span: jiff::Span = text.parse().map_err(|_| refused())?;
        // Kafka knows milliseconds only, so a day is 24 hours; months and years have no such length.
        let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| refused())?;
        let milliseconds = i64::try_from(duration.as_millis()).map_err(|_| refused())?;
        if milliseconds < 1 {
            return Err(refused());
        }
        Ok(Self { text, milliseconds })
    }
}

impl std::fmt::Display for Retention {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// What calls a function besides an event source mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invoker {
    /// The HTTP API of the platform stack.
    HttpApi,
    /// The WebSocket API of the platform stack (routes or authorizer).
    WebsocketApi,
    /// An `EventBridge` Scheduler schedule of the platform stack.
    Schedule,
}

/// One function, or one per topic with `for_each = "topics"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// `topics`: one instance per topic, with an event source mapping on it.
    #[serde(default)]
    pub for_each: Option<ForEach>,
    /// The platform stack's output that holds the role's ARN. With `for_each`, `{Topic}` stands for the instance's topic
    /// (`UserInfoSubmitted`), so that each instance has a role of its own.
    pub role: String,
    /// Whether it sits in the cluster's subnets.
    #[serde(default)]
    pub vpc: bool,
    /// Timeout in seconds.
    pub timeout_seconds: i32,
    /// Memory in MB.
    pub memory_mb: i32,
    /// Who else may invoke its alias.
    #[serde(default)]
    pub invoked_by: Vec<Invoker>,
    /// Largest batch of the topic's mapping.
    #[serde(default)]
    pub batch_size: Option<i32>,
    /// Batching window of the topic's mapping in seconds.
    #[serde(default)]
    pub batching_window_seconds: Option<i32>,
    /// A `DynamoDB` stream that feeds it.
    #[serde(default)]
    pub stream: Option<Stream>,
    /// Its environment variables.
    #[serde(default)]
    pub variables: BTreeMap<String, Variable>,
}

impl Function {
    /// The output with the role's ARN of one instance.
    pub fn role_output(&self, topic: Option<&str>) -> String {
        let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
        let topic: String =
            topic.unwrap_or_default().split('-').filter(|word| !word.is_empty()).map(capitalised).collect();
        self.role.replace("{Topic}", &topic)
    }
}

/// What a function is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForEach {
    /// One instance per topic of the catalogue.
    Topics,
}

/// A `DynamoDB` stream as an event source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The stack output with the stream's ARN.
    pub output: String,
    /// The filter pattern.
    pub filter: String,
    /// Largest batch.
    pub batch_size: i32,
}

/// Where a variable's value comes from. Exactly one key is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Variable {
    /// An output of the bootstrap, kafka or platform stack.
    Output(String),
    /// `name`, `region`, `kafka_bootstrap`, `certificate_authority`, `topic_prefix`, `poller`, `websocket_management`, `websocket_url`.
    Environment(String),
    /// `topic`: the instance's topic.
    Each(String),
    /// The text itself.
    Value(String),
}

/// One alarm, or one per topic or function. `alarms apply` owns what it becomes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// What it is multiplied by; its dimensions follow from that.
    #[serde(default)]
    pub for_each: Option<AlarmSubject>,
    /// The metric's namespace: `AWS/Lambda`.
    pub namespace: String,
    /// The metric's name.
    pub metric: String,
    /// `Sum`, `Maximum`, `Minimum`, `Average` or a percentile such as `p99`.
    pub statistic: String,
    /// Length of one period in seconds.
    pub period_seconds: i32,
    /// How many periods in a row.
    pub evaluation_periods: i32,
    /// On which side of the threshold it is raised.
    pub comparison: Comparison,
    /// The threshold in the metric's unit.
    pub threshold: f64,
    /// What a period without data means.
    #[serde(default)]
    pub missing_data: MissingData,
}

/// What an alarm is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlarmSubject {
    /// One per topic, on its consumer group.
    Topics,
    /// One per deployed function.
    Functions,
}

/// On which side of its threshold an alarm is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comparison {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// What a period without data means to an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingData {
    /// The alarm becomes `INSUFFICIENT_DATA`.
    #[default]
    Missing,
    /// The alarm keeps its state.
    Ignore,
    /// As if it were on the wrong side.
    Breaching,
    /// As if it were on the right side.
    NotBreaching,
}
