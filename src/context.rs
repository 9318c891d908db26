//! What a command is handed: resolved settings, lazily built clients, output, events, cancellation.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::Clients;
use crate::catalogue::{Catalogue, Environment};
use crate::progress::Events;

/// Settings after flags, variables, the catalogue and the user's own file were laid over each other.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The whole catalogue.
    pub catalogue: Arc<Catalogue>,
    /// The chosen environment, with its connection file merged in where it names one.
    pub environment: Arc<Environment>,
    /// Where state of platforms on this computer lives: `ONBOARDCTL_STATE_DIR`, `--state-dir`.
    pub state_dir: PathBuf,
    /// Where fetched parts live: `ONBOARDCTL_CACHE_DIR`.
    pub cache_dir: PathBuf,
    /// `--dry-run`.
    pub dry_run: bool,
    /// `--read-only`.
    pub read_only: bool,
    /// `--yes`.
    pub yes: bool,
    /// `--confirm NAME`.
    pub confirm: Option<String>,
    /// `--no-input`, or no terminal.
    pub no_input: bool,
    /// `--timeout`; every wait ends with it.
    pub timeout: Option<Duration>,
    /// `--lock-timeout`: how long to wait for the environment's lock; zero: do not wait.
    pub lock_timeout: Duration,
}

/// What a command is handed.
#[derive(Clone, Debug)]
pub struct Context {
    /// Resolved settings.
    pub settings: Arc<Settings>,
    /// Where events go.
    pub events: Events,
    /// Cancelled by the first Ctrl-C, SIGTERM or `--timeout`; the second Ctrl-C ends the process.
    pub cancel: CancellationToken,
    /// AWS clients of the environment, built on first use.
    pub aws: Arc<Clients>,
}
