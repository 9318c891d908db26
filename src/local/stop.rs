//! `local stop`: an orderly end, and a certain one.

use std::fs::File;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Serialize;
use sysinfo::Signal;
use tokio_util::sync::CancellationToken;

use super::layout::Layout;
use super::state::{self, Run};
use super::{LocalSettings, files, reap};
use crate::error::{Failure, codes};
use crate::progress::Events;

/// What `local stop` did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StopReport {
    /// Whether anything ran.
    pub changed: bool,
    /// How long it took.
    pub duration_ms: u64,
}

/// How long to wait for another command that starts or stops this platform.
const PATIENCE: Duration = Duration::from_mins(3);

/// Excludes other commands that start, stop or wipe the same platform.
pub async fn command_lock(layout: &Layout, cancel: &CancellationToken) -> anyhow::Result<File> {
    files::lock(&layout.command_lock(), PATIENCE, cancel).await?.ok_or_else(|| {
        Failure::new(&codes::LOCAL_BUSY, "another command starts or stops this platform")
            .why(format!("it has held {} for {} s", layout.command_lock().display(), PATIENCE.as_secs()))
            .fix("onboardctl local status")
            .retryable()
            .into()
    })
}

/// Ends the platform. Its state stays.
///
/// # Errors
/// The state folder cannot be used, or another command holds it.
pub async fn stop(settings: &LocalSettings, events: &Events, cancel: &CancellationToken) -> anyhow::Result<StopReport> {
    let begun = Instant::now();
    let layout = Layout::of(&settings.state_dir);
    let changed = if layout.platform().is_file() {
        let _lock = command_lock(&layout, cancel).await?;
        end(&layout, events).await?
    } else {
        false
    };
    Ok(StopReport { changed, duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX) })
}

/// Ends everything of a platform; the answer is whether there was anything. The caller holds the lock.
pub async fn end(layout: &Layout, events: &Events) -> anyhow::Result<bool> {
    let Some(platform) = state::read_platform(layout)? else { return Ok(false) };
    let run = state::read_run(layout)?;
    let running = run.as_ref().is_some_and(|run| run.supervisor.alive());
    if let Some(run) = run.as_ref().filter(|_| running) {
        events.item("local", "platform", "stopping", false);
        end_supervisor(run).await;
    }
    let left = reap::reap(&platform, run.as_ref()).await;
    files::remove(&layout.run())?;
    // What is not running cannot be reached: clients then say so instead of failing to connect.
    files::remove(&layout.connection())?;
    if running || left > 0 {
        events.item("local", "platform", "stopped", true);
    }
    Ok(running || left > 0)
}

/// Asks a supervisor to end and waits until it has.
pub async fn end_supervisor(run: &Run) {
    run.supervisor.signal(Signal::Term);
    // The gateway's and then the parts' own grace.
    reap::wait_for_end(&[run.supervisor], reap::GRACE * 2 + Duration::from_secs(5)).await;
}
