//! Removes what runs leave: this one's always, killed ones' when they are found.

use std::time::Duration;

use super::alerts::{self, AlertQueue};
use super::tables::Rows;
use crate::context::Context;

/// How long cleaning up may take, also after Ctrl-C.
const LIMIT: Duration = Duration::from_secs(20);

/// Removes this run's queue and its customers' rows. What could not be removed is told as a warning: the tagged queue
/// goes last, so that a later run finds what is left.
pub async fn own(context: &Context, rows: &Rows, queue: Option<&AlertQueue>, customers: &[String]) {
    let removing = async {
        for customer in customers {
            rows.purge(customer).await?;
        }
        if let Some(queue) = queue {
            queue.close().await?;
        }
        anyhow::Ok(())
    };
    if let Ok(Err(error)) | Err(error) = tokio::time::timeout(LIMIT, removing).await.map_err(anyhow::Error::from) {
        context.events.warn(format!(
            "verify could not clean up after itself; a run after {} minutes tries again: {error:#}",
            alerts::LEFT_OVER_AFTER.as_secs() / 60
        ));
    }
}

/// Removes what killed runs left.
pub async fn left_over(context: &Context, rows: &Rows, topic_arn: &str) -> anyhow::Result<()> {
    for left in alerts::left_over(context).await? {
        for customer in &left.customers {
            rows.purge(customer).await?;
        }
        alerts::remove(context, &left, topic_arn).await?;
        context.events.note(format!("removed what a verify run that was killed had left: {}", left.url));
    }
    Ok(())
}
