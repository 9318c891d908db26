//! One view of the topics: shape, configuration and who reads them how far behind.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::cluster::require_cluster;
use super::observe::observe;
use crate::catalogue::{KafkaUser, TopicName};
use crate::context::Context;
use crate::error::Failure;
use crate::kafka::{Access, Reader};

/// How long the brokers have to answer; from outside the cluster's network they never do.
const PATIENCE: Duration = Duration::from_secs(5);

/// `topics list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TopicsReport {
    /// Topics of the catalogue that exist, sorted.
    pub topics: Vec<TopicRow>,
    /// Topics of the catalogue that do not exist.
    pub missing: Vec<String>,
}

/// One topic.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TopicRow {
    /// The topic as the broker knows it.
    pub topic: String,
    /// How many partitions.
    pub partitions: i32,
    /// Replication factor.
    pub replication: i32,
    /// Configuration, with the server's defaults among it.
    pub config: BTreeMap<String, String>,
    /// Who reads it.
    pub consumers: Vec<ConsumerLag>,
}

/// One consumer group on a topic.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConsumerLag {
    /// The group.
    pub group: String,
    /// How many records wait; absent: unknown, because the group never committed or the brokers do not answer.
    pub lag: Option<i64>,
}

/// Lists the topics. Brokers that cannot be reached leave the lag unknown and a warning.
pub async fn list(context: &Context) -> anyhow::Result<TopicsReport> {
    let settings = &context.settings;
    let cluster = require_cluster(context).await?;
    let mut observed = observe(context, &cluster).await?;
    let mut access = match Access::of(context, &cluster, KafkaUser::Operator).await {
        Ok(access) => Some(access),
        Err(error) => unknown(context, &error),
    };
    let (mut topics, mut missing) = (Vec::new(), Vec::new());
    for name in settings.catalogue.topics.keys() {
        let topic = settings.environment.topic(name);
        let Some(found) = observed.remove(&topic) else {
            missing.push(topic);
            continue;
        };
        let lag = match &access {
            Some(reachable) => lag(context, reachable, name, found.partitions).await.or_else(|error| {
                // One unreachable broker is enough to know: do not wait for it again for every topic.
                access = unknown(context, &error);
                anyhow::Ok(None)
            })?,
            None => None,
        };
        let consumers = vec![ConsumerLag { group: settings.environment.consumer_group(name), lag }];
        let (partitions, replication, config) = (found.partitions, found.replication, found.configs);
        topics.push(TopicRow { topic, partitions, replication, config, consumers });
    }
    Ok(TopicsReport { topics, missing })
}

fn unknown(context: &Context, error: &anyhow::Error) -> Option<Access> {
    let why = error.downcast_ref::<Failure>().map(|failure| failure.why.join("; ")).unwrap_or_default();
    context.events.warn(format!("lag is unknown: {error:#}: {why}"));
    None
}

/// How many records wait in all partitions; `None` where the group has not committed in every partition that holds any.
async fn lag(context: &Context, access: &Access, name: &TopicName, partitions: i32) -> anyhow::Result<Option<i64>> {
    let environment = &context.settings.environment;
    let topic = environment.topic(name);
    let group = environment.consumer_group(name);
    let reader = Reader::of_group(access, &group, PATIENCE)?;
    crate::kafka::explain::group(context, reader.bootstrap(), &group);
    let committed = reader.committed(&topic, partitions).await?;
    let mut total = 0;
    for (partition, committed) in (0..partitions).zip(committed) {
        let watermarks = reader.watermarks(&topic, partition).await?;
        match waiting(committed, watermarks.low, watermarks.high) {
            Some(waiting) => total += waiting,
            None => return Ok(None),
        }
    }
    Ok(Some(total))
}

/// Records that wait in a partition. A partition that holds none needs no commit to be caught up.
fn waiting(committed: Option<i64>, low: i64, high: i64) -> Option<i64> {
    match committed {
        Some(committed) => Some((high - committed.max(low)).max(0)),
        None if low == high => Some(0),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_never_committed_is_unknown_not_zero() {
        for (committed, low, high, expected) in [
            (Some(3), 0, 5, Some(2)),
            (Some(5), 0, 5, Some(0)),
            (Some(1), 4, 9, Some(5)),
            (None, 0, 0, Some(0)),
            (None, 7, 7, Some(0)),
            (None, 0, 5, None),
        ] {
            assert_eq!(waiting(committed, low, high), expected, "{committed:?} {low}..{high}");
        }
    }
}
