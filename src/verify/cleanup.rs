//! Removes what runs leave: this one's always, killed ones' when they are found.

use std::time::Duration;

use futures::future::try_join_all;

use super::notices::{self, NoticeQueue, Topics};
use super::site;
use super::tables::Rows;
use crate::context::Context;

/// How long cleaning up may take, also after Ctrl-C.
const LIMIT: Duration = Duration::from_secs(20);

/// Removes this run's queue and its customers' rows. What could not be removed is told as a warning: the tagged queue
/// goes last, so that a later run finds what is left. `unfinished`: an event is still on its way and will write rows
/// again when its consumer is mended, so the queue stays for a later run, without its subscriptions.
pub async fn own(
    context: &Context,
    run: &str,
    rows: &Rows,
    queue: Option<&NoticeQueue>,
    customers: &[String],
    unfinished: bool,
) {
    let route = format!("POST {}", site::SUBMIT);
    let removing = async {
        try_join_all(customers.iter().map(async |customer| {
            rows.purge(customer).await?;
            rows.forget_key(customer, &route, run).await
        }))
        .await?;
        match queue {
            Some(queue) if unfinished => queue.unsubscribe().await,
            Some(queue) => queue.close().await,
            None => Ok(()),
        }
    };
    if let Ok(Err(error)) | Err(error) = tokio::time::timeout(LIMIT, removing).await.map_err(anyhow::Error::from) {
        context.events.warn(format!(
            "verify could not clean up after itself; a run after {} minutes tries again: {error:#}",
            notices::LEFT_OVER_AFTER.as_secs() / 60
        ));
    }
}

/// Removes what killed runs left.
pub async fn left_over(context: &Context, rows: &Rows, topics: &Topics) -> anyhow::Result<()> {
    for left in notices::left_over(context).await? {
        for customer in &left.customers {
            rows.purge(customer).await?;
        }
        notices::remove(context, &left, topics).await?;
        context.events.note(format!("removed what a verify run that was killed had left: {}", left.url));
    }
    Ok(())
}
