//! What is on the cluster.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};

use super::configs;
use crate::aws::{SendExt, error_code};
use crate::context::Context;
use crate::environment::Outputs;
use crate::error::{Failure, codes};

/// How many topics are asked for at once.
pub const AT_ONCE: usize = 4;

/// The kafka stack's output that holds the cluster's ARN. An ARN is never built: it ends in a UUID.
const CLUSTER_OUTPUT: &str = "ClusterArn";

/// A topic as the service tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// How many partitions.
    pub partitions: i32,
    /// Replication factor.
    pub replication: i32,
    /// Configuration, with the server's defaults among it.
    pub configs: BTreeMap<String, String>,
    /// Whether it is ready for the next change.
    pub is_active: bool,
}

/// The environment's cluster: the existing one that it names, or the kafka stack's; `None` while there is none.
pub async fn cluster_arn(context: &Context) -> anyhow::Result<Option<String>> {
    if let Some(arn) = context.settings.environment.cluster_arn()? {
        return Ok(Some(arn.to_owned()));
    }
    Ok(Outputs::read(context).await?.get(CLUSTER_OUTPUT).map(str::to_owned))
}

/// The environment's cluster, or the failure that says how to get one.
pub async fn require_cluster(context: &Context) -> anyhow::Result<String> {
    let name = context.environment_name();
    cluster_arn(context).await?.ok_or_else(|| {
        Failure::new(&codes::CLUSTER_MISSING, format!("environment {name} has no Kafka cluster yet"))
            .fix(format!("onboardctl stack up --env {name}"))
            .into()
    })
}

/// Every topic of the cluster that the catalogue names, by physical name.
pub async fn observe(context: &Context, cluster_arn: &str) -> anyhow::Result<BTreeMap<String, Observed>> {
    let client = context.aws.kafka().await?;
    let mut pages = client.list_topics().cluster_arn(cluster_arn).into_paginator().send();
    let mut there = Vec::new();
    while let Some(page) = pages.next().await {
        there.extend(
            page.called("kafka:ListTopics")?
                .topics
                .unwrap_or_default()
                .into_iter()
                .filter_map(|topic| topic.topic_name),
        );
    }
    let settings = &context.settings;
    let ours: Vec<String> = settings
        .catalogue
        .topics
        .keys()
        .map(|name| settings.environment.topic(name))
        .filter(|name| there.contains(name))
        .collect();
    stream::iter(ours)
        .map(|name| async move { anyhow::Ok(describe(context, cluster_arn, &name).await?.map(|topic| (name, topic))) })
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|found| async move { Ok(found) })
        .try_collect()
        .await
}

/// One topic; `None` when the service does not know it, which is normal for about a minute after it was made
/// (`aws-facts.md`, section 1, "Topics").
pub async fn describe(context: &Context, cluster_arn: &str, name: &str) -> anyhow::Result<Option<Observed>> {
    let client = context.aws.kafka().await?;
    let answer = client.describe_topic().cluster_arn(cluster_arn).topic_name(name).send().await;
    let topic = match answer.called("kafka:DescribeTopic") {
        Ok(topic) => topic,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(Observed {
        partitions: topic.partition_count().unwrap_or_default(),
        replication: topic.replication_factor().unwrap_or_default(),
        configs: topic.configs().map(configs::decode).transpose()?.unwrap_or_default(),
        is_active: topic.status() == Some(&aws_sdk_kafka::types::TopicState::Active),
    }))
}

/// How many brokers the cluster has.
pub async fn brokers(context: &Context, cluster_arn: &str) -> anyhow::Result<i32> {
    let client = context.aws.kafka().await?;
    let answer =
        client.describe_cluster_v2().cluster_arn(cluster_arn).send().await.called("kafka:DescribeClusterV2")?;
    let provisioned = answer.cluster_info().and_then(|cluster| cluster.provisioned());
    Ok(provisioned.and_then(aws_sdk_kafka::types::Provisioned::number_of_broker_nodes).unwrap_or(1))
}

/// The service's two ways of saying that a topic is not there.
pub fn is_missing(error: &anyhow::Error) -> bool {
    matches!(error_code(error), Some("NotFoundException" | "UnknownTopicOrPartitionException"))
}
