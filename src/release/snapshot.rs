//! What is there, in the few hashes and versions that a ledger row keeps: read before and after a change.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::aws::{SendExt, error_code};
use crate::context::Context;

/// How many functions are read at once: Lambda's control plane allows about 15 requests a second
/// (`aws-facts.md`, section 3).
const AT_ONCE: usize = 4;

/// The platform's state as a ledger row keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// Stacks by physical name.
    #[serde(default)]
    pub stacks: BTreeMap<String, StackState>,
    /// Topics by physical name.
    #[serde(default)]
    pub topics: BTreeMap<String, TopicState>,
    /// Functions by physical name.
    #[serde(default)]
    pub functions: BTreeMap<String, FunctionState>,
}

/// One stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StackState {
    /// SHA-256 of the template as it was sent.
    pub template: String,
    /// SHA-256 of its parameters, sorted.
    pub parameters: String,
}

/// One topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TopicState {
    /// How many partitions.
    pub partitions: i32,
    /// Replication factor.
    pub replication: i32,
    /// SHA-256 of its configuration as the service tells it.
    pub configuration: String,
}

/// One function behind its alias.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionState {
    /// The version that alias `live` names.
    pub version: String,
    /// SHA-256 of its code, as Lambda tells it.
    pub code_sha256: String,
    /// SHA-256 of its variables, sorted. Values appear nowhere.
    pub variables: String,
}

/// Which parts a run is about; only those are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Stacks.
    pub stacks: bool,
    /// Topics.
    pub topics: bool,
    /// Functions.
    pub functions: bool,
}

impl Scope {
    /// Everything.
    pub const ALL: Self = Self { stacks: true, topics: true, functions: true };
    /// Stacks only.
    pub const STACKS: Self = Self { stacks: true, topics: false, functions: false };
    /// Topics only.
    pub const TOPICS: Self = Self { stacks: false, topics: true, functions: false };
    /// Functions only.
    pub const FUNCTIONS: Self = Self { stacks: false, topics: false, functions: true };
}

/// Reads what is there. What does not exist is absent from the snapshot; what cannot be read is an error.
pub async fn take(context: &Context, scope: Scope) -> anyhow::Result<Snapshot> {
    let (stacks, topics, functions) = tokio::try_join!(
        async { if scope.stacks { stacks(context).await } else { Ok(BTreeMap::new()) } },
        async { if scope.topics { topics(context).await } else { Ok(BTreeMap::new()) } },
        async { if scope.functions { functions(context).await } else { Ok(BTreeMap::new()) } },
    )?;
    Ok(Snapshot { stacks, topics, functions })
}

async fn stacks(context: &Context) -> anyhow::Result<BTreeMap<String, StackState>> {
    let client = context.aws.cloudformation().await?;
    let mut states = BTreeMap::new();
    for key in context.settings.catalogue.stacks.keys() {
        let name = context.settings.environment.stack(key);
        let described =
            match client.describe_stacks().stack_name(&name).send().await.called("cloudformation:DescribeStacks") {
                Ok(described) => described,
                // A missing stack is a ValidationError, not a typed error (`aws-facts.md`, section 4).
                Err(error) if error_code(&error) == Some("ValidationError") => continue,
                Err(error) => return Err(error),
            };
        let Some(stack) = described.stacks.unwrap_or_default().into_iter().next() else { continue };
        let template = client.get_template().stack_name(&name).send().await.called("cloudformation:GetTemplate")?;
        let mut parameters: Vec<String> = stack
            .parameters
            .unwrap_or_default()
            .iter()
            .map(|parameter| {
                format!(
                    "{}={}",
                    parameter.parameter_key().unwrap_or_default(),
                    parameter.parameter_value().unwrap_or_default()
                )
            })
            .collect();
        parameters.sort();
        states.insert(
            name,
            StackState {
                template: hash(template.template_body().unwrap_or_default()),
                parameters: hash(&parameters.join("\n")),
            },
        );
    }
    Ok(states)
}

async fn topics(context: &Context) -> anyhow::Result<BTreeMap<String, TopicState>> {
    let Some(cluster) = crate::topics::cluster_arn(context).await? else { return Ok(BTreeMap::new()) };
    let observed = crate::topics::observe(context, &cluster).await?;
    let state = |topic: crate::topics::Observed| {
        let configuration: Vec<String> = topic.configs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        TopicState {
            partitions: topic.partitions,
            replication: topic.replication,
            configuration: hash(&configuration.join("\n")),
        }
    };
    Ok(observed.into_iter().map(|(name, topic)| (name, state(topic))).collect())
}

async fn functions(context: &Context) -> anyhow::Result<BTreeMap<String, FunctionState>> {
    let client = context.aws.lambda().await?;
    let environment = &context.settings.environment;
    let catalogue = &context.settings.catalogue;
    let alias = environment.alias();
    let names: Vec<String> = catalogue.instances().iter().map(|instance| environment.function_name(instance)).collect();
    stream::iter(names)
        .map(|name| {
            let client = client.clone();
            async move {
                match client
                    .get_function_configuration()
                    .function_name(&name)
                    .qualifier(alias)
                    .send()
                    .await
                    .called("lambda:GetFunctionConfiguration")
                {
                    Ok(function) => Ok(Some((name, function_state(&function)))),
                    Err(error) if error_code(&error) == Some("ResourceNotFoundException") => Ok(None),
                    Err(error) => Err(error),
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|found| async move { Ok(found) })
        .try_collect()
        .await
}

fn function_state(
    function: &aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput,
) -> FunctionState {
    let mut variables: Vec<String> = function
        .environment()
        .and_then(|environment| environment.variables())
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    variables.sort();
    FunctionState {
        version: function.version().unwrap_or_default().into(),
        code_sha256: function.code_sha256().unwrap_or_default().into(),
        variables: hash(&variables.join("\n")),
    }
}

/// SHA-256 in hexadecimal.
fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
