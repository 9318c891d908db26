//! Faults that are asked for with `local fault`: calls of AWS operations that are throttled, fail, come late or lose
//! their answer, functions that are killed, batches that come twice, a broker that stands still, a resource that cannot
//! be made. `plan` decides, everything else carries out.
//!
//! Deliberately absent: faults of single Kafka requests. Functions speak to the broker without us in between, so it can
//! only be stopped as a whole.

mod answers;
mod book;
mod broker;
mod call;
mod callers;
pub(super) mod control;
pub(super) mod gate;
pub mod operations;
mod plan;
pub mod spec;
mod view;

use std::sync::Arc;

use tokio::sync::Mutex;

pub use control::{ASK, PATH, SERVICE, TOKEN};
pub use plan::Occasion;
pub use view::{FaultView, number};

use book::Book;
use callers::Callers;
use plan::Fault;
use spec::{Spec, What};

/// What faults do outside the gateway. Everything here may block.
pub trait Hands: Send + Sync {
    /// Makes the broker stand still, or go on.
    fn hold_broker(&self, still: bool);
    /// The physical name of the function whose process holds this access key.
    fn function_with(&self, access_key: &str) -> Option<String>;
    /// Kills the function's process whose connection to us comes from this port; where that cannot be told, all of the
    /// function's processes.
    fn kill(&self, function: &str, port: Option<u16>);
    /// Makes the AWS APIs ask, with this token, before they invoke functions or change resources; `None`: no more.
    fn ask(&self, token: Option<&str>) -> anyhow::Result<()>;
}

/// The faults of a platform and what carries them out.
pub struct Faults {
    book: Book,
    callers: Callers,
    hands: Arc<dyn Hands>,
    /// Whether the broker stands still. Whoever changes that holds this.
    still: Mutex<bool>,
    /// What the AWS APIs show when they ask.
    token: String,
}

impl Faults {
    /// No faults yet.
    pub fn new(hands: Arc<dyn Hands>) -> Self {
        Self {
            book: Book::default(),
            callers: Callers::default(),
            hands,
            still: Mutex::new(false),
            token: format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple()),
        }
    }

    /// Whether there is no fault at all.
    pub fn is_quiet(&self) -> bool {
        self.book.is_empty()
    }

    /// Whether a batch that this function handled is to be sent once more.
    pub fn delivers_twice(&self, function: &str) -> bool {
        let hits = self.book.strike(&Occasion::Delivery { function });
        hits.iter().any(|hit| matches!(hit.what, What::DeliverTwice { .. }))
    }

    /// What the hands do, on a thread that may wait.
    async fn with_hands<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Hands) -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let hands = self.hands.clone();
        Ok(tokio::task::spawn_blocking(move || work(hands.as_ref())).await?)
    }
}

/// What would be shown of a fault that is only planned.
pub fn planned(spec: Spec) -> FaultView {
    let fault = Fault { id: 0, spec, ends_ms: None, matched: 0, struck: 0 };
    FaultView { state: "planned".into(), ..FaultView::new(&fault, fault.state(0), None) }
}
