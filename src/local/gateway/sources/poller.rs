//! Polls the broker for one mapping, in the mapping's consumer group, and has each partition's records handed to a worker.
//! Whatever ends a session but being stopped starts another one soon.

use std::borrow::Cow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::super::saved::Saved;
use super::super::secrets::{self, ScramSecret};
use super::super::{Shared, client};
use super::batch::Outcome;
use super::dispatcher::{Dispatcher, MOST_WAITING};
use super::listener::{Listener, Signal, configure, list};
use super::mapping::{Mapping, State, Status};
use super::offsets::Offsets;
use super::permissions::Rights;
use super::position;

/// Pause between two sessions.
const RESTART: Duration = Duration::from_millis(300);
/// A mapping that cannot reach its broker counts as enabled after this long; its last result names the problem.
const GRACE: Duration = Duration::from_secs(10);

/// How long the broker keeps a member that is silent. A static member does not leave its group by itself, so a
/// disabled mapping is reported as such after this long: then the group has no member and its offsets may be set.
pub const SESSION: Duration = Duration::from_secs(6);

/// What is done is saved within this long, unless something is wrong (`EVERY_SECONDS` in `scripts/saving.py`, twice).
const SAVE: Duration = Duration::from_secs(3);

/// `LastProcessingResult` before the first batch.
pub const IDLE: &str = "No records processed";
pub(super) const CONNECTION: &str =
    "PROBLEM: Connection error. Please check your event source connection configuration.";
pub(super) const AUTHENTICATION: &str = "PROBLEM: SASL authentication failed.";
const SECRET: &str = "PROBLEM: The secret of the source access configuration could not be read.";
const DENIED: &str = "PROBLEM: The function's execution role is not allowed to call ";
pub(super) const FUNCTION: &str = "PROBLEM: Function call failed";

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

pub(super) async fn may_poll(rights: &Rights, shared: &Shared, mapping: &Mapping) -> Result<(), Cow<'static, str>> {
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
    pub(super) status: Arc<Mutex<Status>>,
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
    pub(super) fn commit_saved(&self, consumer: &StreamConsumer<Listener>) -> bool {
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

    pub(super) fn commit_again(&self, consumer: &StreamConsumer<Listener>, mode: CommitMode) {
        let saved = self.offsets().saved();
        if !saved.is_empty() {
            let _ = consumer.commit(&list(&self.mapping.topic, saved), mode);
        }
    }
}

/// A mapping that polls, or has tried for long enough, is enabled.
pub(super) fn settle(status: &Mutex<Status>) {
    let mut status = lock(status);
    if matches!(status.state, State::Creating | State::Enabling | State::Updating) {
        status.state = State::Enabled;
    }
}

/// Locks a status; a panic elsewhere cannot leave it half written.
pub fn lock(status: &Mutex<Status>) -> std::sync::MutexGuard<'_, Status> {
    status.lock().unwrap_or_else(PoisonError::into_inner)
}
