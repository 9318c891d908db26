//! What is on the cluster.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};

use super::configs;
use crate::aws::{SendExt, error_code};
use crate::context::Context;

/// How many topics are asked for at once.
pub const AT_ONCE: usize = 4;

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
