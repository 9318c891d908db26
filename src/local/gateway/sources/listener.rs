//! The consumer of one mapping: how it is configured, and what it hears from librdkafka.

use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaResult;
use rdkafka::{ClientContext, Offset, TopicPartitionList};
use tokio::sync::mpsc::UnboundedSender;

use super::poller::SESSION;

/// What rebalances and workers tell a session.
pub enum Signal {
    /// Partitions were assigned.
    Assigned,
    /// These were taken away.
    Revoked(Vec<i32>),
    /// A paused partition may be resumed.
    Drained(i32),
}

/// A consumer of a group that hands records out the moment they are appended.
pub fn configure(mut config: rdkafka::ClientConfig, group: &str) -> rdkafka::ClientConfig {
    config
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        // Where the group has no offsets: the mapping's start was committed before (see `position`), so this is
        // for partitions that appear later and for records that retention removed.
        .set("auto.offset.reset", "earliest")
        .set("partition.assignment.strategy", "range")
        // A static member: after a kill or an outage of the broker the same poller takes its partitions back at
        // once, where a new member would wait until the broker has given the old one up.
        .set("group.instance.id", instance(group))
        .set("session.timeout.ms", SESSION.as_millis().to_string())
        .set("heartbeat.interval.ms", "1000")
        // Longer than any function may run.
        .set("max.poll.interval.ms", "960000")
        .set("topic.metadata.refresh.interval.ms", "5000")
        // A record is fetched the moment it is appended.
        .set("fetch.min.bytes", "1")
        .set("fetch.wait.max.ms", "500")
        .set("fetch.error.backoff.ms", "20")
        .set("fetch.queue.backoff.ms", "5")
        .set("queued.max.messages.kbytes", "16384")
        .set("socket.connection.setup.timeout.ms", "2000");
    config
}

/// One poller a group, so the group's name will do; Kafka allows fewer letters here.
fn instance(group: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    group.chars().map(|letter| if allowed(letter) { letter } else { '-' }).collect()
}

/// Hears of rebalances and commits from librdkafka.
pub struct Listener {
    /// Where they are told to.
    pub signals: UnboundedSender<Signal>,
    /// A commit failed since this was last looked at.
    pub commit_failed: AtomicBool,
}

impl ClientContext for Listener {}

impl ConsumerContext for Listener {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(list) = rebalance {
            let _ = self.signals.send(Signal::Revoked(numbers(list)));
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(_) = rebalance {
            let _ = self.signals.send(Signal::Assigned);
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        if result.is_err() {
            self.commit_failed.store(true, Ordering::Relaxed);
        }
    }
}

fn numbers(list: &TopicPartitionList) -> Vec<i32> {
    list.elements().iter().map(rdkafka::topic_partition_list::TopicPartitionListElem::partition).collect()
}

/// Partitions of a topic.
pub fn partitions(topic: &str, numbers: impl IntoIterator<Item = i32>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for number in numbers {
        list.add_partition(topic, number);
    }
    list
}

/// Offsets in partitions of a topic.
pub fn list(topic: &str, offsets: impl IntoIterator<Item = (i32, i64)>) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    for (partition, offset) in offsets {
        // Fails only for offsets that a broker never gives.
        let _ = list.add_partition_offset(topic, partition, Offset::Offset(offset));
    }
    list
}
