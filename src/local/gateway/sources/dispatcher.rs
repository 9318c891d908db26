//! Routes what one session of a mapping receives: to the partitions' workers, and back to the consumer what they say.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::event::Record;
use super::listener::{Listener, Signal, partitions};
use super::permissions::Rights;
use super::poller::{AUTHENTICATION, CONNECTION, FUNCTION, IDLE, Session, lock, may_poll, settle};
use super::worker::Worker;

/// A partition with this many bytes waiting is paused, and resumed at half of it.
pub const MOST_WAITING: usize = 16 << 20;
/// How often a session looks at what is saved.
const TICK: Duration = Duration::from_millis(250);

/// A member that has had no partition for this long has fallen out of its group and does not find back by itself (seen
/// with librdkafka 2.12 after a broker that stood still for longer than the session): a new session takes its place.
const WITHOUT_PARTITIONS: Duration = Duration::from_secs(20);

/// How long a broker that was lost gets to answer.
const PROBE: Duration = Duration::from_secs(1);

/// Hands the records of one session to its workers, partition by partition, until the session ends.
pub struct Dispatcher {
    session: Arc<Session>,
    workers: HashMap<i32, Worker>,
    /// Workers whose partition was revoked while an invocation was under way.
    ended: HashMap<i32, JoinHandle<Option<i64>>>,
    paused: HashSet<i32>,
    asking: Option<JoinHandle<()>>,
    /// When it last had partitions, or began.
    held: Instant,
}

impl Dispatcher {
    /// Without workers; they begin with the first record of their partition.
    pub fn new(session: Arc<Session>) -> Self {
        let (workers, ended, paused) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { session, workers, ended, paused, asking: None, held: Instant::now() }
    }

    /// Runs until it is cancelled, or the AWS APIs were started anew; `Err` names the problem that ended it.
    pub async fn run(
        &mut self,
        consumer: &Arc<StreamConsumer<Listener>>,
        mut inbox: UnboundedReceiver<Signal>,
        rights: &Rights,
        cancel: &CancellationToken,
    ) -> Result<(), Cow<'static, str>> {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                Some(signal) = inbox.recv() => self.signal(consumer, signal),
                received = consumer.recv() => {
                    // Rebalances that were served by the same call come first.
                    while let Ok(signal) = inbox.try_recv() {
                        self.signal(consumer, signal);
                    }
                    match received {
                        Ok(message) => {
                            let partition = rdkafka::Message::partition(&message);
                            self.route(consumer, partition, Record::copy(&message));
                        }
                        Err(error) => self.failed(&error)?,
                    }
                }
                _ = tick.tick() => {
                    if consumer.context().commit_failed.swap(false, Ordering::Relaxed) {
                        self.session.commit_again(consumer, CommitMode::Async);
                    }
                    if !self.session.commit_saved(consumer) {
                        return Ok(());
                    }
                    self.recovered(consumer);
                    self.is_member(consumer)?;
                    may_poll(rights, &self.session.shared, &self.session.mapping).await?;
                }
            }
        }
    }

    fn route(&mut self, consumer: &StreamConsumer<Listener>, partition: i32, record: Record) {
        let waiting = self.worker(partition).push(record);
        if waiting > MOST_WAITING && self.paused.insert(partition) {
            let _ = consumer.pause(&partitions(&self.session.mapping.topic, [partition]));
        }
    }

    fn worker(&mut self, partition: i32) -> &Worker {
        let (session, ended) = (&self.session, &mut self.ended);
        self.workers
            .entry(partition)
            .or_insert_with(|| Worker::spawn(session.clone(), partition, ended.remove(&partition)))
    }

    fn signal(&mut self, consumer: &StreamConsumer<Listener>, signal: Signal) {
        match signal {
            Signal::Assigned => {
                let mut status = lock(&self.session.status);
                if status.result.starts_with("PROBLEM") && status.result != FUNCTION {
                    status.result = IDLE.into();
                }
                drop(status);
                settle(&self.session.status);
            }
            Signal::Revoked(partitions) => {
                for partition in partitions {
                    self.paused.remove(&partition);
                    if let Some(worker) = self.workers.remove(&partition) {
                        worker.cancel();
                        self.ended.insert(partition, worker.task);
                    }
                }
            }
            Signal::Drained(partition) => {
                if self.paused.remove(&partition) {
                    let _ = consumer.resume(&partitions(&self.session.mapping.topic, [partition]));
                }
            }
        }
    }

    /// Most errors pass by themselves; those that do not end the session.
    fn failed(&self, error: &KafkaError) -> Result<(), &'static str> {
        match error.rdkafka_error_code() {
            Some(Code::Authentication | Code::SaslAuthenticationFailed) => return Err(AUTHENTICATION),
            Some(Code::Fatal) => return Err(CONNECTION),
            _ => {}
        }
        if matches!(error, KafkaError::MessageConsumptionFatal(_)) {
            return Err(CONNECTION);
        }
        if matches!(
            error.rdkafka_error_code(),
            Some(Code::AllBrokersDown | Code::UnknownTopicOrPartition | Code::UnknownTopic)
        ) {
            lock(&self.session.status).result = CONNECTION.into();
        }
        Ok(())
    }

    /// Whether the group still counts on this member.
    fn is_member(&mut self, consumer: &StreamConsumer<Listener>) -> Result<(), &'static str> {
        if consumer.assignment().is_ok_and(|held| held.count() > 0) {
            self.held = Instant::now();
        }
        if self.held.elapsed() < WITHOUT_PARTITIONS { Ok(()) } else { Err(CONNECTION) }
    }

    /// librdkafka tells when the broker is lost, not when it is found again; so a mapping with that problem asks.
    fn recovered(&mut self, consumer: &Arc<StreamConsumer<Listener>>) {
        let asking = self.asking.as_ref().is_some_and(|task| !task.is_finished());
        if asking || lock(&self.session.status).result != CONNECTION {
            return;
        }
        let (consumer, status) = (Arc::downgrade(consumer), self.session.status.clone());
        let topic = self.session.mapping.topic.clone();
        self.asking = Some(tokio::task::spawn_blocking(move || {
            let metadata = consumer.upgrade().and_then(|consumer| consumer.fetch_metadata(None, PROBE).ok());
            let found = metadata.is_some_and(|all| all.topics().iter().any(|each| each.name() == topic));
            let mut status = lock(&status);
            if found && status.result == CONNECTION {
                status.result = IDLE.into();
            }
        }));
    }

    /// Ends all workers, and waits for the invocations under way.
    pub async fn drain(&mut self) {
        self.session.cancel.cancel();
        let running =
            self.workers.drain().map(|(_, worker)| worker.task).chain(self.ended.drain().map(|(_, task)| task));
        futures::future::join_all(running).await;
    }
}
