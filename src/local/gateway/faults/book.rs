//! The faults of a running platform. They are kept in memory only: a platform that is started again has none, so that
//! nobody has to look for a fault that a test left behind last week.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::plan::{Fault, Hit, Occasion, State, is_of, plan};
use super::spec::{Effect, Spec, What};
use super::view::FaultView;

/// The most faults at once.
pub const MOST: usize = 100;

/// The faults, and when they began to count time.
pub struct Book {
    born: Instant,
    /// Whether there is any fault: every call looks at this, and at nothing else while there is none.
    any: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    faults: Vec<Fault>,
    last: u64,
}

impl Default for Book {
    fn default() -> Self {
        Self { born: Instant::now(), any: AtomicBool::new(false), inner: Mutex::default() }
    }
}

impl Book {
    /// Adds a fault; `None` when there are too many.
    pub fn add(&self, spec: Spec) -> Option<FaultView> {
        let now = self.now();
        let mut inner = self.lock();
        if inner.faults.len() >= MOST {
            return None;
        }
        inner.last += 1;
        let stops = matches!(spec.what, What::StopBroker);
        let fault = Fault {
            id: inner.last,
            ends_ms: spec.limits.for_ms.map(|length| now.saturating_add(length)),
            spec,
            // A broker that stops has been struck by that.
            matched: u64::from(stops),
            struck: u64::from(stops),
        };
        let view = Self::view(&fault, now);
        inner.faults.push(fault);
        self.any.store(true, Ordering::Release);
        Some(view)
    }

    /// All faults, oldest first.
    pub fn list(&self) -> Vec<FaultView> {
        let now = self.now();
        self.lock().faults.iter().map(|fault| Self::view(fault, now)).collect()
    }

    /// Removes one fault, or all; the answer is what was removed.
    pub fn clear(&self, id: Option<u64>) -> Vec<FaultView> {
        let now = self.now();
        let mut inner = self.lock();
        let is_meant = |fault: &Fault| id.is_none_or(|id| fault.id == id);
        let (removed, kept): (Vec<_>, Vec<_>) = inner.faults.drain(..).partition(is_meant);
        self.any.store(!kept.is_empty(), Ordering::Release);
        inner.faults = kept;
        removed.iter().map(|fault| Self::view(fault, now)).collect()
    }

    /// The faults that strike this. One lock decides for all callers, so that a count is never exceeded.
    pub fn strike(&self, occasion: &Occasion<'_>) -> Vec<Hit> {
        if self.is_empty() {
            return Vec::new();
        }
        let now = self.now();
        plan(&mut self.lock().faults, occasion, now)
    }

    /// Takes a strike back that hit nobody; whether there is such a fault.
    pub fn missed(&self, id: u64) -> bool {
        let mut inner = self.lock();
        let fault = inner.faults.iter_mut().find(|fault| fault.id == id && fault.struck > 0);
        fault.map(|fault| fault.struck -= 1).is_some()
    }

    /// Whether there is no fault at all.
    pub fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// Whether a fault may strike calls of this service.
    pub fn is_about(&self, service: &str) -> bool {
        self.any_active(|what| matches!(what, What::Call { calls, .. } if calls.service == service))
    }

    /// Whether it matters who calls this operation.
    pub fn needs_caller(&self, service: &str, operation: Option<&str>) -> bool {
        let needs = |what: &What| match what {
            What::Call { calls, effect } => {
                is_of(calls, service, operation)
                    && (!calls.callers.is_empty() || matches!(effect, Effect::KillCaller { .. }))
            }
            _ => false,
        };
        self.any_active(needs)
    }

    /// Whether the AWS APIs must ask before they invoke functions or change resources.
    pub fn is_asked(&self) -> bool {
        self.any_active(|what| matches!(what, What::Kill { .. } | What::FailResource { .. }))
    }

    /// How long the broker is to stand still from now on, if at all; without end while a fault waits to be cleared.
    pub fn broker_stops(&self) -> Option<Duration> {
        let now = self.now();
        let inner = self.lock();
        let stops = |fault: &&Fault| matches!(fault.spec.what, What::StopBroker) && is_on(fault, now);
        let left = |fault: &Fault| match fault.ends_ms {
            Some(end) => Duration::from_millis(end.saturating_sub(now)),
            None => Duration::MAX,
        };
        inner.faults.iter().filter(stops).map(left).max()
    }

    fn any_active(&self, is_meant: impl Fn(&What) -> bool) -> bool {
        if self.is_empty() {
            return false;
        }
        let now = self.now();
        self.lock().faults.iter().any(|fault| is_on(fault, now) && is_meant(&fault.spec.what))
    }

    fn view(fault: &Fault, now: u64) -> FaultView {
        let until = |end: u64| {
            let left = jiff::SignedDuration::from_millis(i64::try_from(end).unwrap_or(i64::MAX))
                - jiff::SignedDuration::from_millis(i64::try_from(now).unwrap_or(i64::MAX));
            Timestamp::now().checked_add(left).ok()
        };
        FaultView::new(fault, fault.state(now), fault.ends_ms.and_then(until))
    }

    /// Milliseconds since the book was opened: a clock that nobody sets.
    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic cannot leave half a fault: each is changed by adding to its counters.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_on(fault: &Fault, now: u64) -> bool {
    fault.state(now) == State::Active
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::spec::{Calls, Limits};
    use super::*;

    fn spec(operation: &str, effect: Effect, count: Option<u64>) -> Spec {
        let calls = Calls::parse(operation, vec![]).unwrap();
        let limits = Limits { nth: 1, count, rate: None, seed: 0, for_ms: None };
        Spec { what: What::Call { calls, effect }, limits }
    }

    fn publish<'a>() -> Occasion<'a> {
        Occasion::Call { service: "sns", operation: Some("Publish"), caller: None }
    }

    #[test]
    fn a_count_holds_however_many_ask_at_once() {
        let book = Arc::new(Book::default());
        book.add(spec("sns:Publish", Effect::Cut, Some(50))).unwrap();
        let asks = (0..8).map(|_| {
            let book = book.clone();
            std::thread::spawn(move || (0..500).map(|_| book.strike(&publish()).len()).sum::<usize>())
        });
        let struck: usize = asks.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(struck, 50);
        let view = &book.list()[0];
        assert_eq!((view.struck, view.left, view.state.as_str()), (50, Some(0), "spent"));
    }

    #[test]
    fn what_is_added_is_listed_until_it_is_cleared() {
        let book = Book::default();
        assert!(book.is_empty() && book.strike(&publish()).is_empty());
        let first = book.add(spec("sns:*", Effect::Throttle, Some(1))).unwrap();
        let second = book.add(spec("dynamodb:PutItem", Effect::Cut, None)).unwrap();
        assert_eq!((first.id.as_str(), second.id.as_str()), ("f1", "f2"));
        assert!(book.is_about("sns") && book.is_about("dynamodb") && !book.is_about("sqs"));
        assert!(!book.needs_caller("sns", None) && !book.is_asked());
        assert_eq!(book.strike(&publish()).len(), 1);
        assert!(!book.is_about("sns"), "it is spent");
        assert!(!book.missed(9) && !book.missed(2), "these struck nobody");
        assert!(book.missed(1) && book.is_about("sns"), "it may strike once more");
        assert_eq!(book.strike(&publish()).len(), 1);
        assert_eq!(book.clear(Some(9)).len(), 0);
        assert_eq!(book.clear(Some(1))[0].struck, 1);
        assert_eq!(book.list().len(), 1);
        assert_eq!(book.clear(None).len(), 1);
        assert!(book.is_empty());
        assert_eq!(book.add(spec("sns:*", Effect::Cut, None)).unwrap().id, "f3", "an id is never used again");
    }

    #[test]
    fn only_so_many_are_kept() {
        let book = Book::default();
        for _ in 0..MOST {
            book.add(spec("sns:*", Effect::Cut, None)).unwrap();
        }
        assert_eq!(book.add(spec("sns:*", Effect::Cut, None)), None);
    }

    #[test]
    fn the_broker_stops_until_the_last_fault_of_it_ends() {
        let book = Book::default();
        let stop = |for_ms| Spec {
            what: What::StopBroker,
            limits: Limits { nth: 1, count: None, rate: None, seed: 0, for_ms },
        };
        assert_eq!(book.broker_stops(), None);
        book.add(stop(Some(60_000))).unwrap();
        let left = book.broker_stops().unwrap();
        assert!((50..=60).contains(&left.as_secs()), "{left:?}");
        let view = book.add(stop(None)).unwrap();
        assert_eq!((view.struck, view.state.as_str()), (1, "active"));
        assert_eq!(book.broker_stops(), Some(Duration::MAX));
        book.clear(None);
        assert_eq!(book.broker_stops(), None);
    }
}
