//! What an answer does not wait for. It begins before the answer is sent and is awaited before the next event is asked
//! for: only then may an environment be frozen. Source: AWS Lambda Developer Guide, "Building a custom runtime",
//! processing tasks ("Cleanup").
//!
//! Only for what may be lost with the process: whoever was answered does not hear how it ended.

use std::cell::RefCell;
use std::future::Future;

use tokio::task::JoinSet;

thread_local! {
    /// A function runs on one thread.
    static UNDER_WAY: RefCell<JoinSet<()>> = RefCell::default();
}

/// Begins some work of which the answer says nothing. Failures are the work's own to tell.
pub fn begin(work: impl Future<Output = ()> + Send + 'static) {
    UNDER_WAY.with_borrow_mut(|under_way| under_way.spawn(work));
}

/// Waits until all of it is done.
pub async fn done() {
    let mut under_way = UNDER_WAY.take();
    // A panic has been printed, and ends with its work.
    while under_way.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn everything_that_was_begun_is_awaited_and_a_panic_ends_nothing_else() {
        let count = Arc::new(AtomicU32::new(0));
        for index in 0..3 {
            let count = Arc::clone(&count);
            begin(async move {
                tokio::task::yield_now().await;
                assert!(index != 1, "the second fails");
                count.fetch_add(1, Ordering::Relaxed);
            });
        }
        assert_eq!(count.load(Ordering::Relaxed), 0);
        done().await;
        assert_eq!(count.load(Ordering::Relaxed), 2);
        done().await;
    }
}
