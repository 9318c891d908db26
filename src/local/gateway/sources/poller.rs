//! Polls the broker for one mapping, in the mapping's consumer group, and hands each partition's records to a worker.
//! Whatever ends a session but being stopped starts another one soon.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::super::saved::Saved;
use super::super::secrets::{self, ScramSecret};
use super::super::{Shared, client};
use super::batch::Outcome;
use super::event::Record;
use super::listener::{Listener, Signal, configure, list, partitions};
use super::mapping::{Mapping, State, Status};
use super::offsets::Offsets;
use super::permissions::Rights;
use super::position;
use super::worker::Worker;

/// A partition with this many bytes waiting is paused, and resumed at half of it.
const MOST_WAITING: usize = 16 << 20;
/// Pause between two sessions.
const RESTART: Duration = Duration::from_millis(300);
/// A mapping that cannot reach its broker counts as enabled after this long; its last result names the problem.
const GRACE: Duration = Duration::from_secs(10);

/// How long the broker keeps a member that is silent. A static member does not leave its group by itself, so a
/// disabled mapping is reported as such after this long: then the group has no member and its offsets may be set.
pub const SESSION: Duration = Duration::from_secs(6);

/// How often a session looks at what is saved.
const TICK: Duration = Duration::from_millis(250);
/// What is done is saved within this long, unless something is wrong (`EVERY_SECONDS` in `scripts/saving.py`, twice).
const SAVE: Duration = Duration::from_secs(3);

/// A member that has had no partition for this long has fallen out of its group and does not find back by itself (seen
/// with librdkafka 2.12 after a broker that stood still for longer than the session): a new session takes its place.
const WITHOUT_PARTITIONS: Duration = Duration::from_secs(20);

/// How long a broker that was lost gets to answer.
const PROBE: Duration = Duration::from_secs(1);

/// `LastProcessingResult` before the first batch.
pub const IDLE: &str = "No records processed";
const CONNECTION: &str = "PROBLEM: Connection error. Please check your event source connection configuration.";
const AUTHENTICATION: &str = "PROBLEM: SASL authentication failed.";
const SECRET: &str = "PROBLEM: The secret of the source access configuration could not be read.";
const DENIED: &str = "PROBLEM: The function's execution role is not allowed to call ";
const FUNCTION: &str = "PROBLEM: Function call failed";

/// A running poller.
pub struct Poller {
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

impl Poller {
    /// Starts polling.
    pub fn spawn(shared: &Arc<Shared>, mapping: Mapping, status: Arc<Mutex<Status>>) -> Self {
        let cancel = shared.cancel.child_token();
        let task = shared.tasks.spawn(run(shared.clone(), Arc::new(mapping), status, cancel.clone()));
        Self { cancel, task }
    }

    /// Stops polling; returns when the invocations under way have ended, and are saved and committed.
    pub async fn stop(self) {
        self.cancel.cancel();
        let _ = self.task.await;
    }
}

async fn run(shared: Arc<Shared>, mapping: Arc<Mapping>, status: Arc<Mutex<Status>>, cancel: CancellationToken) {
    let patience = async {
        tokio::time::sleep(GRACE).await;
        settle(&status);
        std::future::pending::<()>().await;
    };
    let sessions = async {
        while !cancel.is_cancelled() {
            let ended = session(&shared, &mapping, &status, &cancel).await;
            if let Err(problem) = ended {
                lock(&status).result = problem.into_owned();
            }
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(RESTART) => {}
            }
        }
    };
    tokio::select! {
        () = sessions => {}
        () = patience => {}
    }
}

/// From login to logout; `Err` names the problem that ended it.
async fn session(
    shared: &Arc<Shared>,
    mapping: &Arc<Mapping>,
    status: &Arc<Mutex<Status>>,
    cancel: &CancellationToken,
) -> Result<(), Cow<'static, str>> {
    let (secret, rights) = tokio::select! {
        () = cancel.cancelled() => return Ok(()),
        login = login(shared, mapping) => login?,
    };
    let aws = Saved::read(&shared.aws_as_of).map(|saved| saved.process);
    let (signals, inbox) = unbounded_channel();
    let context = Listener { signals: signals.clone(), commit_failed: AtomicBool::new(false) };
    let config = configure(client::config(&shared.kafka, &secret.username, &secret.password), &mapping.group);
    let consumer: Arc<StreamConsumer<Listener>> =
        Arc::new(config.create_with_context(context).map_err(|_| CONNECTION)?);
    if !position::is_settled(shared, mapping) {
        let (consumer, wanted) = (consumer.clone(), mapping.clone());
        let placed = tokio::task::spawn_blocking(move || position::place(&consumer, &wanted)).await;
        placed.map_err(|_| CONNECTION)?.map_err(|_| CONNECTION)?;
        position::remember(shared, mapping);
    }
    consumer.subscribe(&[&mapping.topic]).map_err(|_| CONNECTION)?;
    let session = Arc::new(Session {
        shared: shared.clone(),
        mapping: mapping.clone(),
        status: status.clone(),
        offsets: Mutex::default(),
        aws,
        signals,
        cancel: cancel.child_token(),
    });
    let mut dispatcher = Dispatcher::new(session.clone());
    let result = dispatcher.run(&consumer, inbox, &rights, cancel).await;
    dispatcher.drain().await;
    session.wait_for_save(&consumer).await;
    let _ = tokio::task::spawn_blocking(move || {
        session.commit_again(&consumer, CommitMode::Sync);
        // Leaves the group; may wait for the broker, so not on a thread that others need.
        drop(consumer);
    })
    .await;
    result
}

/// The login, if the function's role may have it.
async fn login(shared: &Shared, mapping: &Mapping) -> Result<(ScramSecret, Rights), Cow<'static, str>> {
    let secret = secrets::scram(&shared.upstream, &mapping.secret).await.map_err(|_| SECRET)?;
    let rights = Rights::of(shared, mapping).await.map_err(|_| CONNECTION)?;
    may_poll(&rights, shared, mapping).await?;
    Ok((secret, rights))
}

async fn may_poll(rights: &Rights, shared: &Shared, mapping: &Mapping) -> Result<(), Cow<'static, str>> {
    match rights.denied(shared, mapping).await {
        Ok(None) => Ok(()),
        Ok(Some(denied)) => Err(format!("{DENIED}{denied}").into()),
        Err(_) => Err(CONNECTION.into()),
    }
}

/// What the workers of one session share.
pub struct Session {
    /// The gateway.
    pub shared: Arc<Shared>,
    /// What is polled for.
    pub mapping: Arc<Mapping>,
    /// Cancelled when the session ends.
    pub cancel: CancellationToken,
    status: Arc<Mutex<Status>>,
    offsets: Mutex<Offsets>,
    /// Which process of the AWS APIs the session began with.
    aws: Option<String>,
    signals: UnboundedSender<Signal>,
}

impl Session {
    /// Everything before `offset` is done; it is committed when that is saved.
    pub fn done(&self, partition: i32, offset: i64) {
        self.offsets().done(partition, offset, Timestamp::now());
    }

    fn offsets(&self) -> MutexGuard<'_, Offsets> {
        self.offsets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits what was saved since the last time; `false` when the AWS APIs were started anew, so that what was done
    /// and not saved is gone and has to be handed over again.
    fn commit_saved(&self, consumer: &StreamConsumer<Listener>) -> bool {
        let Some(saved) = Saved::read(&self.shared.aws_as_of) else { return true };
        if Some(&saved.process) != self.aws.as_ref() {
            return false;
        }
        let news = saved.as_of.map(|as_of| self.offsets().save(as_of)).unwrap_or_default();
        if !news.is_empty() {
            // A commit that fails is repeated by the session, which hears of it in `commit_callback`.
            let _ = consumer.commit(&list(&self.mapping.topic, news), CommitMode::Async);
        }
        true
    }

    /// Before a session ends: what is done becomes saved in a moment, and then need not be handed over again.
    async fn wait_for_save(&self, consumer: &StreamConsumer<Listener>) {
        let deadline = Instant::now() + SAVE;
        while self.commit_saved(consumer) && self.offsets().is_waiting() && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A worker took records; `left` bytes still wait.
    pub fn drained(&self, partition: i32, left: usize) {
        if left < MOST_WAITING / 2 {
            let _ = self.signals.send(Signal::Drained(partition));
        }
    }

    /// An invocation ended.
    pub fn report(&self, outcome: &Outcome) {
        lock(&self.status).result = match outcome {
            Outcome::Returned(_) => "OK".into(),
            Outcome::Failed(why) => {
                self.note(why);
                FUNCTION.into()
            }
        };
    }

    /// Something worth a line in the gateway's log.
    pub fn note(&self, what: &str) {
        self.shared.events.note(format!("event source mapping of {}: {what}", self.mapping.topic));
    }

    fn commit_again(&self, consumer: &StreamConsumer<Listener>, mode: CommitMode) {
        let saved = self.offsets().saved();
        if !saved.is_empty() {
            let _ = consumer.commit(&list(&self.mapping.topic, saved), mode);
        }
    }
}

struct Dispatcher {
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
    fn new(session: Arc<Session>) -> Self {
        let (workers, ended, paused) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { session, workers, ended, paused, asking: None, held: Instant::now() }
    }

    async fn run(
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

    async fn drain(&mut self) {
        self.session.cancel.cancel();
        let running =
            self.workers.drain().map(|(_, worker)| worker.task).chain(self.ended.drain().map(|(_, task)| task));
        futures::future::join_all(running).await;
    }
}

/// A mapping that polls, or has tried for long enough, is enabled.
fn settle(status: &Mutex<Status>) {
    let mut status = lock(status);
    if matches!(status.state, State::Creating | State::Enabling | State::Updating) {
        status.state = State::Enabled;
    }
}

/// Locks a status; a panic elsewhere cannot leave it half written.
pub fn lock(status: &Mutex<Status>) -> std::sync::MutexGuard<'_, Status> {
    status.lock().unwrap_or_else(PoisonError::into_inner)
}
