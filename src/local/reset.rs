//! `local reset`: stops the platform and forgets everything it knew.

use schemars::JsonSchema;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::layout::Layout;
use super::stop::{self, command_lock};
use super::{LocalSettings, files};
use crate::error::{Failure, codes};
use crate::progress::Events;

/// What `local reset` did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResetReport {
    /// Whether there was anything.
    pub changed: bool,
    /// The folder that was emptied.
    pub state_dir: String,
}

/// Stops the platform and removes its state. Only what is a platform's is removed, whatever else the folder holds.
///
/// # Errors
/// Something cannot be removed, or another command holds the folder.
pub async fn reset(
    settings: &LocalSettings,
    events: &Events,
    cancel: &CancellationToken,
) -> anyhow::Result<ResetReport> {
    let layout = Layout::of(&settings.state_dir);
    let state_dir = layout.root().display().to_string();
    let there = layout.everything().into_iter().any(|path| path.exists());
    if !there {
        return Ok(ResetReport { changed: false, state_dir });
    }
    let _lock = command_lock(&layout, cancel).await?;
    if let Err(error) = stop::end(&layout, events).await {
        // A file that cannot be read is what a reset is for; its processes are then found by nobody but themselves.
        events.warn(format!("what still runs cannot be told: {error:#}"));
    }
    for path in layout.everything() {
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        if let Err(error) = removed
            && error.kind() != std::io::ErrorKind::NotFound
        {
            let failure = Failure::new(&codes::LOCAL_STATE, format!("{} cannot be removed", path.display()));
            return Err(failure.why(error.to_string()).into());
        }
    }
    files::remove(&layout.supervisor_lock())?;
    files::remove(&layout.command_lock())?;
    Ok(ResetReport { changed: true, state_dir })
}
