//! What every function has to be: catalogue, environment and stack outputs put together.

use std::collections::BTreeSet;

use crate::aws::SendExt;
use crate::catalogue::{Catalogue, Environment, Function, Instance, Invoker, KafkaUser, Poller, TopicName};
use crate::context::Context;
use crate::environment::{self, Outputs, Sources, Variables};
use crate::error::Failure;
use crate::kafka;

/// Deprecated on 2029-06-30 (`aws-facts.md`, section 3).
pub const RUNTIME: &str = "provided.al2023";
/// Any text will do for this runtime; this one says what is started.
pub const HANDLER: &str = "bootstrap";

/// The part of a function that `UpdateFunctionConfiguration` sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The execution role's ARN.
    pub role: String,
    /// Memory in MB.
    pub memory_mb: i32,
    /// Timeout in seconds.
    pub timeout_seconds: i32,
    /// The runtime.
    pub runtime: String,
    /// The handler.
    pub handler: String,
    /// Subnets; none: outside of any network.
    pub subnets: BTreeSet<String>,
    /// Security groups.
    pub security_groups: BTreeSet<String>,
    /// The log group.
    pub log_group: String,
    /// Variables: here the wanted ones, in an observed function all of them.
    pub variables: Variables,
}

/// Who may invoke the alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The statement's id, by which it is found again.
    pub statement_id: String,
    /// The service.
    pub principal: String,
    /// Which of its resources.
    pub source_arn: String,
}

/// What feeds the alias.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A topic of the cluster.
    Topic {
        /// The cluster.
        cluster_arn: String,
        /// The topic as the broker knows it.
        topic: String,
        /// The consumer group; it cannot be changed once the mapping exists.
        group: String,
        /// The consumer's SCRAM secret.
        secret_arn: String,
        /// Largest batch.
        batch_size: i32,
        /// Batching window.
        window_seconds: i32,
        /// Whether pollers are dedicated, which partial failures need (`aws-facts.md`, section 2, "Modes").
        provisioned: bool,
    },
    /// A table's stream.
    Stream {
        /// The stream.
        stream_arn: String,
        /// The filter pattern.
        filter: String,
        /// Largest batch.
        batch_size: i32,
    },
}

/// What one function has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// Its place in the catalogue.
    pub instance: Instance,
    /// The physical name.
    pub name: String,
    /// The alias that takes traffic.
    pub alias_arn: String,
    /// Its configuration, with the wanted variables.
    pub configuration: Configuration,
    /// Who may invoke the alias.
    pub permissions: Vec<Permission>,
    /// What feeds the alias.
    pub source: Option<Source>,
}

/// Facts beside the catalogue that functions are made from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The stacks' outputs.
    pub outputs: Outputs,
    /// The cluster.
    pub cluster_arn: Option<String>,
    /// The brokers' SCRAM listeners.
    pub bootstrap: Option<String>,
    /// The ARN of the consumer's secret: a mapping takes no name.
    pub consumer_secret_arn: Option<String>,
}

impl Facts {
    /// Reads them.
    pub async fn read(context: &Context) -> anyhow::Result<Self> {
        let outputs = Outputs::read(context).await?;
        let Some(cluster_arn) = crate::topics::cluster_arn(context).await? else {
            return Ok(Self { outputs, ..Self::default() });
        };
        let (bootstrap, secret) = tokio::try_join!(kafka::bootstrap(context, &cluster_arn), consumer_secret(context))?;
        Ok(Self {
            outputs,
            cluster_arn: Some(cluster_arn),
            bootstrap: Some(bootstrap),
            consumer_secret_arn: Some(secret),
        })
    }
}

async fn consumer_secret(context: &Context) -> anyhow::Result<String> {
    let name = context.settings.environment.kafka_secret(KafkaUser::Consumer);
    let client = context.aws.secretsmanager().await?;
    let answer = client.describe_secret().secret_id(&name).send().await.called("secretsmanager:DescribeSecret")?;
    Ok(answer.arn.unwrap_or(name))
}

/// Everything that these functions have to be.
pub fn desired(
    catalogue: &Catalogue,
    environment: &Environment,
    facts: &Facts,
    instances: &[Instance],
) -> anyhow::Result<Vec<Desired>> {
    instances.iter().map(|instance| of_instance(catalogue, environment, facts, instance)).collect()
}

fn of_instance(
    catalogue: &Catalogue,
    environment: &Environment,
    facts: &Facts,
    instance: &Instance,
) -> anyhow::Result<Desired> {
    let function = &catalogue.functions[&instance.key];
    let name = environment.function_name(instance);
    let sources = Sources { environment, outputs: &facts.outputs, bootstrap: facts.bootstrap.as_deref() };
    let variables = environment::resolve(instance, function, &sources)?;
    environment::check(&name, &environment::merge(&variables, &Variables::new()))?;
    let network = |given: &[String], output: &str| network(function, given, facts.outputs.get(output));
    let configuration = Configuration {
        role: facts
            .outputs
            .require(&function.role_output(instance.topic.as_ref().map(TopicName::as_str)), environment)?
            .to_owned(),
        memory_mb: function.memory_mb,
        timeout_seconds: function.timeout_seconds,
        runtime: RUNTIME.into(),
        handler: HANDLER.into(),
        subnets: network(&environment.entry.subnets, "FunctionSubnets"),
        security_groups: network(&environment.entry.security_groups, "FunctionSecurityGroups"),
        log_group: environment.log_group(instance),
        variables,
    };
    let permissions =
        function.invoked_by.iter().filter_map(|invoker| permission(environment, facts, *invoker).transpose());
    Ok(Desired {
        alias_arn: environment.alias_arn(instance),
        configuration,
        permissions: permissions.collect::<Result<_, _>>()?,
        source: source(environment, facts, function, instance)?,
        instance: instance.clone(),
        name,
    })
}

/// The environment's own network, or the kafka stack's; neither: the function stays outside.
fn network(function: &Function, given: &[String], output: Option<&str>) -> BTreeSet<String> {
    match (function.vpc, given.is_empty()) {
        (false, _) => BTreeSet::new(),
        (true, false) => given.iter().cloned().collect(),
        (true, true) => output.into_iter().flat_map(|ids| ids.split(',')).map(str::to_owned).collect(),
    }
}

/// `EventBridge` Scheduler invokes with the schedule's own role, so it needs no statement on the function
/// (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html>, "Execution role").
fn permission(environment: &Environment, facts: &Facts, invoker: Invoker) -> Result<Option<Permission>, Failure> {
    let (statement_id, output) = match invoker {
        Invoker::HttpApi => ("onboardctl-http-api", "HttpApiId"),
        Invoker::WebsocketApi => ("onboardctl-websocket-api", "WebsocketApiId"),
        Invoker::Schedule => return Ok(None),
    };
    let api = facts.outputs.require(output, environment)?;
    Ok(Some(Permission {
        statement_id: statement_id.into(),
        principal: "apigateway.amazonaws.com".into(),
        // Routes are `…:API/STAGE/…`, authorizers `…:API/authorizers/ID` (`aws-facts.md`, section 5).
        source_arn: environment.api_arn(api),
    }))
}

fn source(
    environment: &Environment,
    facts: &Facts,
    function: &Function,
    instance: &Instance,
) -> anyhow::Result<Option<Source>> {
    if let Some(topic) = &instance.topic {
        let missing = || {
            Failure::new(
                &crate::error::codes::CLUSTER_MISSING,
                format!("environment {} has no Kafka cluster yet", environment.name),
            )
        };
        return Ok(Some(Source::Topic {
            cluster_arn: facts.cluster_arn.clone().ok_or_else(missing)?,
            topic: environment.topic(topic),
            group: environment.consumer_group(topic),
            secret_arn: facts.consumer_secret_arn.clone().ok_or_else(missing)?,
            // Lambda's own defaults, named so that they are compared (`aws-facts.md`, section 2).
            batch_size: function.batch_size.unwrap_or(100),
            window_seconds: function.batching_window_seconds.unwrap_or(0),
            provisioned: environment.entry.poller == Poller::Provisioned,
        }));
    }
    let Some(stream) = &function.stream else { return Ok(None) };
    Ok(Some(Source::Stream {
        stream_arn: facts.outputs.require(&stream.output, environment)?.to_owned(),
        filter: stream.filter.clone(),
        batch_size: stream.batch_size,
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::{Overrides, Variable};

    fn facts(catalogue: &Catalogue) -> Facts {
        let of_variables =
            catalogue.functions.values().flat_map(|function| function.variables.values()).filter_map(|variable| {
                match variable {
                    Variable::Output(key) => Some(key.clone()),
                    _ => None,
                }
            });
        let roles = catalogue.instances().into_iter().map(|instance| {
            catalogue.functions[&instance.key].role_output(instance.topic.as_ref().map(TopicName::as_str))
        });
        let others = ["HttpApiId", "WebsocketApiId", "WebsocketStage", "SiteUrl", "OutboxStreamArn"].map(str::to_owned);
        let named = of_variables.chain(roles).chain(others).map(|key| (key.clone(), format!("the-{key}")));
        let network = [("FunctionSubnets", "subnet-2,subnet-1"), ("FunctionSecurityGroups", "sg-1")];
        let network = network.map(|(key, value)| (key.to_owned(), value.to_owned()));
        Facts {
            outputs: named.chain(network).collect(),
            cluster_arn: Some("arn:cluster".into()),
            bootstrap: Some("b-1:9096".into()),
            consumer_secret_arn: Some("arn:secret".into()),
        }
    }

    fn all(environment: &str) -> Vec<Desired> {
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment(environment, &Overrides::default(), Path::new("/nowhere")).unwrap();
        desired(&catalogue, &environment, &facts(&catalogue), &catalogue.instances()).unwrap()
    }

    fn one(environment: &str, label: &str) -> Desired {
        all(environment).into_iter().find(|desired| desired.instance.label() == label).unwrap()
    }

    #[test]
    fn consumers_are_fed_by_their_topic_and_sit_outside_the_network() {
        let consumer = one("production", "consumer-kyc_verified");
        assert!(consumer.configuration.subnets.is_empty());
        let Some(Source::Topic { topic, group, provisioned, window_seconds, .. }) = consumer.source else { panic!() };
        assert_eq!((topic.as_str(), group.as_str()), ("kyc-verified", "onboard-ai-consumer-kyc-verified-production"));
        assert!(provisioned && window_seconds == 0);
    }

    #[test]
    fn producers_sit_in_the_clusters_network_and_are_invoked_by_the_api() {
        let submit = one("dev", "submit-user-info");
        assert_eq!(submit.configuration.subnets.into_iter().collect::<Vec<_>>(), ["subnet-1", "subnet-2"]);
        assert_eq!(submit.permissions.len(), 1);
        assert_eq!(submit.permissions[0].source_arn, "arn:aws:execute-api:us-east-1:111111111111:the-HttpApiId/*");
        assert_eq!(one("dev", "websocket-authorizer").permissions.len(), 2);
        assert!(one("dev", "outbox-relay").permissions.is_empty());
        assert!(matches!(one("dev", "outbox-relay").source, Some(Source::Stream { .. })));
    }
}
