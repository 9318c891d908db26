//! Reading from the brokers: watermarks, committed offsets, one record at a known place.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Headers, Message};
use rdkafka::{Offset, TopicPartitionList};

use super::{Access, client_config};
use crate::error::{Failure, codes};

/// How long one poll waits, so that a deadline is noticed in time.
const SLICE: Duration = Duration::from_millis(100);

/// A record's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The topic as the broker knows it.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: Option<Vec<u8>>,
    /// Its value.
    pub value: Option<Vec<u8>>,
    /// Its headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Its time in milliseconds since the epoch.
    pub timestamp_ms: Option<i64>,
}

/// First and next offset of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermarks {
    /// The oldest offset that is still there.
    pub low: i64,
    /// The offset that the next record gets.
    pub high: i64,
}

/// Keeps what librdkafka said last, because its own errors only say that a wait ended.
#[derive(Clone, Default)]
struct Listener {
    reason: Arc<Mutex<Option<String>>>,
}

impl Listener {
    fn reason(&self) -> Option<String> {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ClientContext for Listener {
    fn error(&self, _error: KafkaError, reason: &str) {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
    }
}

impl ConsumerContext for Listener {}

/// Reads from the brokers, outside of any group. Cheap to clone; one connection is shared.
#[derive(Clone)]
pub struct Reader {
    consumer: Arc<BaseConsumer<Listener>>,
    /// Held while the consumer's assignment is ours, since clones share it.
    assignment: Arc<Mutex<()>>,
    timeout: Duration,
    bootstrap: String,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").field("bootstrap", &self.bootstrap).finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader whose every call ends within `timeout`. Nothing is connected yet.
    pub fn new(access: &Access, timeout: Duration) -> anyhow::Result<Self> {
        Self::of_group(access, "onboardctl-reader", timeout)
    }

    /// A reader that sees the committed offsets of `group`. It does not join it.
    pub fn of_group(access: &Access, group: &str, timeout: Duration) -> anyhow::Result<Self> {
        let mut config = client_config(access);
        config.set("group.id", group).set("enable.auto.commit", "false").set("enable.auto.offset.store", "false");
        let consumer: BaseConsumer<Listener> = config.create_with_context(Listener::default()).map_err(|error| {
            Failure::new(&codes::KAFKA_UNREACHABLE, "the Kafka client could not be made").why(error.to_string())
        })?;
        let bootstrap = access.bootstrap.clone();
        Ok(Self { consumer: Arc::new(consumer), assignment: Arc::default(), timeout, bootstrap })
    }

    /// `host:port` of the brokers, separated by commas.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// First and next offset of a partition.
    pub async fn watermarks(&self, topic: &str, partition: i32) -> anyhow::Result<Watermarks> {
        let topic = topic.to_owned();
        self.blocking(move |reader| reader.watermarks_now(&topic, partition)).await
    }

    /// The group's committed offsets of the partitions `0..partitions`; `None` where it never committed.
    pub async fn committed(&self, topic: &str, partitions: i32) -> anyhow::Result<Vec<Option<i64>>> {
        let topic = topic.to_owned();
        self.blocking(move |reader| reader.committed_now(&topic, partitions)).await
    }

    /// The record at this place; `None` when it is not there: compacted, expired, or not yet written.
    pub async fn record(&self, position: &Position) -> anyhow::Result<Option<Record>> {
        let position = position.clone();
        self.blocking(move |reader| reader.record_now(&position)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let reader = self.clone();
        tokio::task::spawn_blocking(move || work(&reader)).await?
    }

    fn watermarks_now(&self, topic: &str, partition: i32) -> anyhow::Result<Watermarks> {
        let (low, high) = self.consumer.fetch_watermarks(topic, partition, self.timeout).map_err(|error| {
            self.failure(&format!("{topic}/{partition} could not be asked for its offsets"), &error)
        })?;
        Ok(Watermarks { low, high })
    }

    fn committed_now(&self, topic: &str, partitions: i32) -> anyhow::Result<Vec<Option<i64>>> {
        let mut list = TopicPartitionList::new();
        list.add_partition_range(topic, 0, partitions - 1);
        let offsets = self
            .consumer
            .committed_offsets(list, self.timeout)
            .map_err(|error| self.failure(&format!("the offsets of {topic} could not be read"), &error))?;
        Ok((0..partitions)
            .map(|partition| match offsets.find_partition(topic, partition)?.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            })
            .collect())
    }

    fn record_now(&self, position: &Position) -> anyhow::Result<Option<Record>> {
        let deadline = Instant::now() + self.timeout;
        let watermarks = self.watermarks_now(&position.topic, position.partition)?;
        if position.offset < watermarks.low || position.offset >= watermarks.high {
            return Ok(None);
        }
        let place = format!("{}/{} at offset {}", position.topic, position.partition, position.offset);
        let _ours = self.assignment.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(&position.topic, position.partition, Offset::Offset(position.offset))
            .and_then(|()| self.consumer.assign(&list))
            .map_err(|error| self.failure(&format!("{place} could not be read"), &error))?;
        let result = self.poll_until(position.offset, deadline, &place);
        // The next read must not get records of this assignment.
        self.consumer.unassign().map_err(|error| self.failure(&format!("{place} could not be let go"), &error))?;
        result
    }

    fn poll_until(&self, offset: i64, deadline: Instant, place: &str) -> anyhow::Result<Option<Record>> {
        loop {
            match self.consumer.poll(SLICE) {
                Some(Ok(message)) if message.offset() == offset => return Ok(Some(record(&message))),
                // Reading begins at the next offset that exists, so a later one means that ours is gone.
                Some(Ok(_)) => return Ok(None),
                Some(Err(error)) if error.rdkafka_error_code().is_none_or(is_final) => {
                    return Err(self.failure(&format!("{place} could not be read"), &error));
                }
                Some(Err(_)) | None => {}
            }
            if Instant::now() >= deadline {
                let timed_out = KafkaError::MessageConsumption(RDKafkaErrorCode::OperationTimedOut);
                return Err(self.failure(&format!("{place} was not delivered in time"), &timed_out));
            }
        }
    }

    fn failure(&self, what: &str, error: &KafkaError) -> anyhow::Error {
        let reason = self.consumer.context().reason();
        let refused = reason.as_deref().is_some_and(|reason| reason.contains("authentication"));
        let code = if refused { &codes::KAFKA_LOGIN } else { &codes::KAFKA_UNREACHABLE };
        let failure = Failure::new(code, what).why(error.to_string()).why(format!("brokers {}", self.bootstrap));
        match reason {
            Some(reason) => failure.why(reason).retryable().into(),
            None => failure.retryable().into(),
        }
    }
}

/// Errors that waiting does not mend; librdkafka goes on by itself after the others.
fn is_final(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::Authentication | Code::TopicAuthorizationFailed | Code::UnknownTopicOrPartition | Code::UnknownPartition
    )
}

fn record(message: &rdkafka::message::BorrowedMessage<'_>) -> Record {
    let headers = message.headers().map(|headers| {
        headers.iter().map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec())).collect()
    });
    Record {
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
        timestamp_ms: message.timestamp().to_millis(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::Credentials;

    #[tokio::test]
    async fn brokers_that_are_away_are_told_within_the_timeout() {
        let access = Access {
            // Nobody listens on the discard port here.
            bootstrap: "127.0.0.1:9".into(),
            credentials: Credentials { username: "operator".into(), password: "canary".into() },
            certificate_authority: "probe".into(),
        };
        let reader = Reader::new(&access, Duration::from_millis(600)).unwrap();
        let began = Instant::now();
        let error = reader.watermarks("kyc-verified", 0).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(3));
        assert_eq!(error.downcast_ref::<Failure>().unwrap().code, &codes::KAFKA_UNREACHABLE);
        assert!(!format!("{error:?}").contains("canary"));
    }
}
