//! What is there: each function's `$LATEST`, what its alias serves, who may invoke it, what feeds it.

use std::collections::BTreeMap;

use aws_sdk_lambda::operation::get_event_source_mapping::GetEventSourceMappingOutput;
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::types::{EventSourceMappingConfiguration, LastUpdateStatus, SourceAccessType, State};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::AT_ONCE;
use super::desired::{Configuration, Desired, Source};
use crate::aws::{SendExt, error_code};
use crate::context::Context;

/// A function, or one of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// `$LATEST` or a number.
    pub version: String,
    /// Base64 of the zip's SHA-256.
    pub code_sha256: String,
    /// `x86_64` or `arm64`.
    pub architecture: String,
    /// The zip's size.
    pub bytes: u64,
    /// Its configuration, with every variable.
    pub configuration: Configuration,
    /// Sent with the next write, so that a write in between is noticed.
    pub revision: String,
    /// `Active`, `Pending`, `Failed`.
    pub state: String,
    /// Whether it can be invoked and changed.
    pub settled: Settled,
    /// When it was changed last.
    pub last_modified: String,
}

/// How far Lambda is with the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Done.
    Yes,
    /// Under way.
    NotYet,
    /// It failed, with Lambda's reason.
    Failed(String),
}

/// The alias that takes traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Sent with the next move.
    pub revision: String,
    /// Whether a part of the traffic goes to another version.
    pub weighted: bool,
    /// What it serves.
    pub version: Version,
}

/// One event source mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Its id.
    pub uuid: String,
    /// What it invokes.
    pub function_arn: String,
    /// The cluster or the stream.
    pub source_arn: String,
    /// The topic, of a cluster.
    pub topic: Option<String>,
    /// The consumer group, of a cluster.
    pub group: Option<String>,
    /// `Enabled`, `Disabled`, or on its way.
    pub state: String,
    /// Largest batch.
    pub batch_size: i32,
    /// Batching window.
    pub window_seconds: i32,
    /// The SCRAM secret.
    pub secret_arn: Option<String>,
    /// The first filter pattern.
    pub filter: Option<String>,
    /// Whether pollers are dedicated.
    pub provisioned: bool,
    /// Whether partial failures are honoured.
    pub partial_failures: bool,
    /// How its last batch went, in Lambda's words.
    pub last_result: Option<String>,
}

/// What there is of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// `$LATEST`; absent: the function does not exist.
    pub latest: Option<Version>,
    /// The alias that takes traffic.
    pub live: Option<Alias>,
    /// Source ARN by statement id, of the alias's policy.
    pub permissions: BTreeMap<String, String>,
    /// The mapping of its source, whatever function it invokes.
    pub mapping: Option<Mapping>,
}

/// Observes these functions, a few at a time.
pub async fn observe(context: &Context, desired: &[Desired]) -> anyhow::Result<Vec<Observed>> {
    let mappings = mappings(context, desired).await?;
    let mappings = &mappings;
    stream::iter(desired)
        .map(|desired| async move {
            let mut observed = function(context, desired).await?;
            observed.mapping = desired.source.as_ref().and_then(|source| find(mappings, source)).cloned();
            anyhow::Ok(observed)
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn function(context: &Context, desired: &Desired) -> anyhow::Result<Observed> {
    let alias = context.settings.environment.alias();
    let (latest, live) = tokio::try_join!(version(context, &desired.name, None), live(context, &desired.name, alias))?;
    let permissions = match &live {
        Some(_) if !desired.permissions.is_empty() => permissions(context, &desired.name, alias).await?.statements,
        _ => BTreeMap::new(),
    };
    Ok(Observed { latest, live, permissions, mapping: None })
}

/// A function's version, alias or `$LATEST`; `None` where there is none.
pub async fn version(context: &Context, name: &str, qualifier: Option<&str>) -> anyhow::Result<Option<Version>> {
    let client = context.aws.lambda().await?;
    let request = client.get_function_configuration().function_name(name).set_qualifier(qualifier.map(str::to_owned));
    Ok(present(request.send().await.called("lambda:GetFunctionConfiguration"))?.map(Version::from))
}

async fn live(context: &Context, name: &str, alias: &str) -> anyhow::Result<Option<Alias>> {
    let client = context.aws.lambda().await?;
    let request = client.get_alias().function_name(name).name(alias);
    let Some(found) = present(request.send().await.called("lambda:GetAlias"))? else { return Ok(None) };
    // Asked by number: the answer for an alias need not say which version it is.
    let Some(version) = version(context, name, found.function_version()).await? else { return Ok(None) };
    let weighted = found
        .routing_config()
        .and_then(|routing| routing.additional_version_weights())
        .is_some_and(|weights| !weights.is_empty());
    Ok(Some(Alias { revision: found.revision_id.unwrap_or_default(), weighted, version }))
}

/// The alias's policy.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Source ARN by statement id.
    pub statements: BTreeMap<String, String>,
    /// Sent with the next statement.
    pub revision: Option<String>,
}

/// Who may invoke the alias.
pub async fn permissions(context: &Context, name: &str, alias: &str) -> anyhow::Result<Policy> {
    let client = context.aws.lambda().await?;
    let request = client.get_policy().function_name(name).qualifier(alias);
    let Some(answer) = present(request.send().await.called("lambda:GetPolicy"))? else { return Ok(Policy::default()) };
    let policy: Value = serde_json::from_str(answer.policy().unwrap_or("{}"))?;
    let statements = policy["Statement"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(|statement| {
        // Lambda answers `AWS:SourceArn`; condition keys know no case, so any spelling is read.
        let like = statement["Condition"]["ArnLike"].as_object();
        let source = like.into_iter().flatten().find(|(key, _)| key.eq_ignore_ascii_case("aws:SourceArn"));
        let source = source.and_then(|(_, value)| value.as_str()).unwrap_or_default();
        Some((statement["Sid"].as_str()?.to_owned(), source.to_owned()))
    });
    Ok(Policy { statements: statements.collect(), revision: answer.revision_id })
}

/// Every mapping of every source, asked by source: a mapping on our topic that invokes another function shows too.
pub async fn mappings(context: &Context, desired: &[Desired]) -> anyhow::Result<Vec<Mapping>> {
    let mut sources: Vec<&str> =
        desired.iter().filter_map(|desired| desired.source.as_ref()).map(Source::arn).collect();
    sources.sort_unstable();
    sources.dedup();
    let client = context.aws.lambda().await?;
    let mut found = Vec::new();
    for source in sources {
        let mut pages = client.list_event_source_mappings().event_source_arn(source).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.called("lambda:ListEventSourceMappings")?;
            found.extend(page.event_source_mappings.unwrap_or_default().into_iter().map(Mapping::from));
        }
    }
    Ok(found)
}

/// The mapping of this source. On a cluster that is its topic: Lambda takes exactly one per mapping.
pub fn find<'a>(mappings: &'a [Mapping], source: &Source) -> Option<&'a Mapping> {
    mappings.iter().filter(|mapping| mapping.state != "Deleting").find(|mapping| match source {
        Source::Topic { cluster_arn, topic, .. } => {
            mapping.source_arn == *cluster_arn && mapping.topic.as_deref() == Some(topic)
        }
        Source::Stream { stream_arn, .. } => mapping.source_arn == *stream_arn,
    })
}

fn present<T>(answer: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error_code(&error) == Some("ResourceNotFoundException") => Ok(None),
        Err(error) => Err(error),
    }
}

impl Source {
    /// The cluster or the stream.
    pub fn arn(&self) -> &str {
        match self {
            Self::Topic { cluster_arn, .. } => cluster_arn,
            Self::Stream { stream_arn, .. } => stream_arn,
        }
    }
}

impl From<GetFunctionConfigurationOutput> for Version {
    fn from(answer: GetFunctionConfigurationOutput) -> Self {
        let settled = settled(&answer);
        let network = answer.vpc_config.unwrap_or_else(|| aws_sdk_lambda::types::VpcConfigResponse::builder().build());
        let architecture = answer.architectures.unwrap_or_default().into_iter().next();
        Self {
            version: answer.version.unwrap_or_default(),
            code_sha256: answer.code_sha256.unwrap_or_default(),
            architecture: architecture.map_or_else(|| "x86_64".into(), |architecture| architecture.as_str().to_owned()),
            bytes: u64::try_from(answer.code_size).unwrap_or_default(),
            configuration: Configuration {
                role: answer.role.unwrap_or_default(),
                memory_mb: answer.memory_size.unwrap_or_default(),
                timeout_seconds: answer.timeout.unwrap_or_default(),
                runtime: answer.runtime.map(|runtime| runtime.as_str().to_owned()).unwrap_or_default(),
                handler: answer.handler.unwrap_or_default(),
                subnets: network.subnet_ids.unwrap_or_default().into_iter().collect(),
                security_groups: network.security_group_ids.unwrap_or_default().into_iter().collect(),
                log_group: answer.logging_config.and_then(|logging| logging.log_group).unwrap_or_default(),
                variables: answer
                    .environment
                    .and_then(|environment| environment.variables)
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
            },
            revision: answer.revision_id.unwrap_or_default(),
            state: answer.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
            settled,
            last_modified: answer.last_modified.unwrap_or_default(),
        }
    }
}

/// `State` after a create, `LastUpdateStatus` after an update; both have to be right before the next step
/// (`aws-facts.md`, section 3, "Flow").
fn settled(answer: &GetFunctionConfigurationOutput) -> Settled {
    let reason = |reason: Option<&str>| Settled::Failed(reason.unwrap_or("Lambda gives no reason").to_owned());
    match (answer.state(), answer.last_update_status()) {
        (Some(State::Failed), _) => reason(answer.state_reason()),
        (_, Some(LastUpdateStatus::Failed)) => reason(answer.last_update_status_reason()),
        (Some(State::Pending), _) | (_, Some(LastUpdateStatus::InProgress)) => Settled::NotYet,
        // A function that was not used for long is `Inactive` until the next invocation; it can be changed.
        _ => Settled::Yes,
    }
}

/// Listing and getting answer the same fields in two types.
macro_rules! mapping_from {
    ($($answer:ty),*) => {$(
        impl From<$answer> for Mapping {
            fn from(answer: $answer) -> Self {
                let secret = answer.source_access_configurations.unwrap_or_default().into_iter();
                let mut secret = secret.filter(|access| access.r#type == Some(SourceAccessType::SaslScram512Auth));
                let filters = answer.filter_criteria.and_then(|criteria| criteria.filters).unwrap_or_default();
                Self {
                    uuid: answer.uuid.unwrap_or_default(),
                    function_arn: answer.function_arn.unwrap_or_default(),
                    source_arn: answer.event_source_arn.unwrap_or_default(),
                    topic: answer.topics.unwrap_or_default().into_iter().next(),
                    group: answer.amazon_managed_kafka_event_source_config.and_then(|config| config.consumer_group_id),
                    state: answer.state.unwrap_or_default(),
                    batch_size: answer.batch_size.unwrap_or_default(),
                    window_seconds: answer.maximum_batching_window_in_seconds.unwrap_or_default(),
                    secret_arn: secret.next().and_then(|access| access.uri),
                    filter: filters.into_iter().next().and_then(|filter| filter.pattern),
                    provisioned: answer.provisioned_poller_config.is_some(),
                    partial_failures: !answer.function_response_types.unwrap_or_default().is_empty(),
                    last_result: answer.last_processing_result,
                }
            }
        }
    )*};
}

mapping_from!(EventSourceMappingConfiguration, GetEventSourceMappingOutput);
