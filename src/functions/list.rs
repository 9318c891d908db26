//! `lambdas list`: what takes traffic, and what feeds it.

use schemars::JsonSchema;
use serde::Serialize;

use super::desired::{self, Facts, Source};
use super::observe::{self, Observed};
use super::select;
use crate::context::Context;

/// `lambdas list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LambdasReport {
    /// Functions of the catalogue, sorted.
    pub functions: Vec<ListedFunction>,
}

/// One function.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ListedFunction {
    /// The physical name.
    pub function: String,
    /// The version that alias `live` names; absent: nothing is live.
    pub live_version: Option<String>,
    /// Base64 of its zip's SHA-256.
    pub code_sha256: Option<String>,
    /// When the live version was made.
    pub last_modified: Option<String>,
    /// Lambda's state of the live version; `absent` where there is no function.
    pub state: String,
    /// What feeds it besides APIs and schedules.
    pub sources: Vec<ListedSource>,
}

/// One event source mapping.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ListedSource {
    /// The topic as the broker knows it; of a stream, its ARN.
    pub topic: String,
    /// The mapping's state; `absent` where there is none.
    pub state: String,
    /// The consumer group; absent of a stream.
    pub group: Option<String>,
    /// How its last batch went, in Lambda's words.
    pub last_result: Option<String>,
}

/// Lists the functions of the catalogue, whether they exist or not.
pub async fn list(context: &Context, only: &[String]) -> anyhow::Result<LambdasReport> {
    let settings = &context.settings;
    let instances = select::instances(context, only)?;
    let facts = Facts::read(context).await?;
    let desired = desired::desired(&settings.catalogue, &settings.environment, &facts, &instances)?;
    let observed = observe::observe(context, &desired).await?;
    let mut functions: Vec<ListedFunction> = desired
        .iter()
        .zip(observed)
        .map(|(desired, observed)| listed(&desired.name, desired.source.as_ref(), observed))
        .collect();
    functions.sort_by(|one, other| one.function.cmp(&other.function));
    Ok(LambdasReport { functions })
}

fn listed(name: &str, source: Option<&Source>, observed: Observed) -> ListedFunction {
    let sources = source.map(|source| {
        let mapping = observed.mapping.as_ref();
        ListedSource {
            topic: match source {
                Source::Topic { topic, .. } => topic.clone(),
                Source::Stream { stream_arn, .. } => stream_arn.clone(),
            },
            state: mapping.map_or_else(|| "absent".into(), |mapping| mapping.state.clone()),
            group: mapping.and_then(|mapping| mapping.group.clone()),
            last_result: mapping.and_then(|mapping| mapping.last_result.clone()),
        }
    });
    let exists = observed.latest.is_some();
    let live = observed.live.map(|live| live.version);
    ListedFunction {
        function: name.into(),
        state: live
            .as_ref()
            .map_or_else(|| if exists { "no alias" } else { "absent" }.into(), |live| live.state.clone()),
        live_version: live.as_ref().map(|live| live.version.clone()),
        code_sha256: live.as_ref().map(|live| live.code_sha256.clone()),
        last_modified: live.map(|live| live.last_modified),
        sources: sources.into_iter().collect(),
    }
}
