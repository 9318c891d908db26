//! One partition of one mapping: collects batches, has one invocation under way, tells what is done. Records of a
//! partition are never out of order; other partitions go on meanwhile.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::batch::{Attempt, Next, Outcome, decide, measure};
use super::event::{Envelope, Record};
use super::invoke::invoke;
use super::poller::Session;

/// First pause after a failed invocation; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause: a mended function is noticed within it.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A running worker, as its session sees it.
pub struct Worker {
    sender: UnboundedSender<Record>,
    cancel: CancellationToken,
    waiting: Arc<AtomicUsize>,
    /// Ends with the offset after the last record that is done, where there is one.
    pub task: JoinHandle<Option<i64>>,
}

impl Worker {
    /// Starts a worker; `before` is the one that had the partition until it was reassigned.
    pub fn spawn(session: Arc<Session>, partition: i32, before: Option<JoinHandle<Option<i64>>>) -> Self {
        let (sender, receiver) = unbounded_channel();
        let cancel = session.cancel.child_token();
        let waiting = Arc::new(AtomicUsize::new(0));
        let mapping = &session.mapping;
        let envelope =
            Envelope::new(&session.shared.cluster.arn, &session.shared.kafka.bootstrap, &mapping.topic, partition);
        let run = Run {
            group: format!("{}-{partition}", mapping.topic),
            partition,
            session,
            envelope,
            receiver,
            cancel: cancel.clone(),
            waiting: waiting.clone(),
            queue: VecDeque::new(),
            next: None,
        };
        Self { sender, cancel, waiting, task: tokio::spawn(run.run(before)) }
    }

    /// Hands a record over; says how many bytes wait now.
    pub fn push(&self, record: Record) -> usize {
        let size = record.json.len();
        let waiting = self.waiting.fetch_add(size, Ordering::Relaxed) + size;
        // A worker that ended was cancelled; its records come again.
        let _ = self.sender.send(record);
        waiting
    }

    /// Lets the invocation under way end, and starts no other.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

struct Run {
    session: Arc<Session>,
    partition: i32,
    group: String,
    envelope: Envelope,
    receiver: UnboundedReceiver<Record>,
    cancel: CancellationToken,
    waiting: Arc<AtomicUsize>,
    queue: VecDeque<Record>,
    next: Option<i64>,
}

impl Run {
    async fn run(mut self, before: Option<JoinHandle<Option<i64>>>) -> Option<i64> {
        if let Some(before) = before {
            // Its last invocation must have ended before the same records could be sent again.
            self.next = before.await.ok().flatten();
        }
        while let Some(records) = self.collect().await {
            let Some(last) = records.last().map(|record| record.offset) else { continue };
            if !self.deliver(Attempt { records, failures: 0 }).await {
                break;
            }
            self.next = Some(last + 1);
            self.session.done(self.partition, last + 1);
        }
        self.next
    }

    /// The next batch; `None` when there will be none.
    async fn collect(&mut self) -> Option<Vec<Record>> {
        while self.queue.is_empty() {
            let record = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return None,
                record = self.receiver.recv() => record?,
            };
            self.enqueue(record);
        }
        let deadline = Instant::now() + self.session.mapping.window();
        loop {
            while let Ok(record) = self.receiver.try_recv() {
                self.enqueue(record);
            }
            let (count, full) = measure(&self.queue, self.session.mapping.batch_size, self.envelope.len());
            if full || Instant::now() >= deadline {
                return Some(self.take(count));
            }
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return None,
                () = tokio::time::sleep_until(deadline) => {}
                record = self.receiver.recv() => self.enqueue(record?),
            }
        }
    }

    /// After a reassignment the broker repeats what was not committed in time; what is done is not sent again.
    fn enqueue(&mut self, record: Record) {
        if self.next.is_some_and(|next| record.offset < next) {
            self.waiting.fetch_sub(record.json.len(), Ordering::Relaxed);
            return;
        }
        self.queue.push_back(record);
    }

    fn take(&mut self, count: usize) -> Vec<Record> {
        let records: Vec<Record> = self.queue.drain(..count).collect();
        let bytes: usize = records.iter().map(|record| record.json.len()).sum();
        let left = self.waiting.fetch_sub(bytes, Ordering::Relaxed) - bytes;
        self.session.drained(self.partition, left);
        records
    }

    /// Invokes until the records are done or given up; `false` when cancelled before that.
    async fn deliver(&self, batch: Attempt) -> bool {
        let mut attempts = VecDeque::from([batch]);
        let mut pause = FIRST_PAUSE;
        let mut repeated = false;
        let faults = &self.session.shared.faults;
        while let Some(attempt) = attempts.pop_front() {
            let event = self.envelope.event(&attempt.records);
            let outcome = invoke(&self.session.shared, &self.session.mapping.function, event).await;
            let failed = matches!(outcome, Outcome::Failed(_));
            self.session.report(&outcome);
            let first = attempt.records.first().map(|record| record.offset);
            // What a fault repeats is not repeated once more.
            let same = (!std::mem::take(&mut repeated) && !faults.is_quiet()).then(|| attempt.clone());
            match decide(attempt, &outcome, self.session.mapping.provisioned.as_ref(), &self.group, now_ms()) {
                Next::Done => {
                    pause = FIRST_PAUSE;
                    if let Some(same) = same.filter(|_| faults.delivers_twice(&self.session.mapping.function.name)) {
                        self.session.note(&format!("a fault repeats the batch at {} offset {first:?}", self.group));
                        repeated = true;
                        attempts.push_front(same);
                    }
                }
                Next::GiveUp => self.session.note(&format!("gave up the batch at {} offset {first:?}", self.group)),
                Next::Again(again) => {
                    let next = again.first().and_then(|attempt| attempt.records.first()).map(|record| record.offset);
                    // A failure that is told by its record is no reason to hold up what comes after a success.
                    let progressed = !failed && next > first;
                    if let Some(offset) = next.filter(|_| next > first) {
                        self.session.done(self.partition, offset);
                    }
                    again.into_iter().rev().for_each(|attempt| attempts.push_front(attempt));
                    if progressed {
                        pause = FIRST_PAUSE;
                    } else if !self.rest(&mut pause).await {
                        return false;
                    }
                }
            }
            if self.cancel.is_cancelled() && !attempts.is_empty() {
                return false;
            }
        }
        true
    }

    /// Waits before the next attempt; `false` when cancelled.
    async fn rest(&self, pause: &mut Duration) -> bool {
        let length = *pause;
        *pause = (length * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = self.cancel.cancelled() => false,
            () = tokio::time::sleep(length) => true,
        }
    }
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(i64::MAX)
}
