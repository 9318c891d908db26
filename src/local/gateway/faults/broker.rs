//! The broker stands still while a fault says so, and goes on when the last such fault ends.

use std::sync::Arc;
use std::time::Duration;

use super::super::Shared;

/// A broker that was started again meanwhile is held within this time.
const AGAIN: Duration = Duration::from_millis(500);

/// Makes the broker what the faults say. Returns when it is so.
pub async fn settle(shared: &Shared) {
    let faults = &shared.faults;
    // Held until the broker is what it should be: two that settle at once would otherwise undo each other.
    let mut still = faults.still.lock().await;
    let wanted = faults.book.broker_stops().is_some() && !shared.cancel.is_cancelled();
    if !wanted && !*still {
        return;
    }
    if wanted != *still {
        shared.events.note(if wanted { "fault: the broker is held" } else { "fault: the broker goes on" });
    }
    *still = wanted;
    // A thread that could not be waited for has panicked; the next look tries again.
    let _ = faults.with_hands(move |hands| hands.hold_broker(wanted)).await;
}

/// Keeps the broker still until the faults that want it have ended, or the gateway does.
pub fn hold(shared: &Arc<Shared>) {
    let shared = shared.clone();
    let tasks = shared.tasks.clone();
    tasks.spawn(async move {
        while let Some(left) = shared.faults.book.broker_stops() {
            let wait = left.min(AGAIN);
            tokio::select! {
                () = shared.cancel.cancelled() => break,
                () = tokio::time::sleep(wait) => settle(&shared).await,
            }
        }
        settle(&shared).await;
    });
}
