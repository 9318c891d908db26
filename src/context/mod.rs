//! What a command is handed: resolved settings, lazily built clients, output, events, cancellation.

mod resolve;

pub use resolve::{resolve, user_file};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::{Clients, Mode};
use crate::catalogue::{Catalogue, Environment, UserFile};
use crate::cli::Globals;
use crate::error::{Failure, codes};
use crate::progress::Events;
use crate::release::Lease;

/// Settings after flags, variables, the catalogue and the user's own file were laid over each other.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// The global flags as they were given, for `config show --origin`.
    pub globals: Globals,
    /// The user's own file, for `config show --origin`.
    pub user_file: UserFile,
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
    /// The environment's lock, in a run that holds it.
    pub lease: Option<Lease>,
}

impl Context {
    /// A context of resolved settings; nothing is connected yet.
    pub fn new(settings: Settings, events: Events) -> Self {
        let mode = match (settings.read_only, settings.dry_run) {
            (true, _) => Mode::ReadOnly,
            (false, true) => Mode::DryRun,
            (false, false) => Mode::Change,
        };
        Self {
            aws: Arc::new(Clients::new(Arc::clone(&settings.environment), mode, settings.globals.explain_aws)),
            settings: Arc::new(settings),
            events,
            cancel: CancellationToken::new(),
            lease: None,
        }
    }

    /// Called before each step that changes something: refuses it when the run's lock was lost. Without a lock (making
    /// the bootstrap stack, which holds the table that locks live in) there is nothing to lose.
    ///
    /// # Errors
    /// `E-RELEASE-002`, or the error of reading the lock.
    pub async fn before_change(&self) -> anyhow::Result<()> {
        match &self.lease {
            Some(lease) => lease.expect().await,
            None => Ok(()),
        }
    }

    /// The same run with settings that were resolved again.
    #[must_use]
    pub fn again(&self, settings: Settings) -> Self {
        Self {
            aws: Arc::new(self.aws.again(Arc::clone(&settings.environment))),
            settings: Arc::new(settings),
            events: self.events.clone(),
            cancel: self.cancel.clone(),
            lease: self.lease.clone(),
        }
    }

    /// The same run, unheard: what is only rehearsed is no progress.
    #[must_use]
    pub fn unheard(&self) -> Self {
        Self { events: Events::nowhere(), ..self.clone() }
    }

    /// The environment's name, for messages and commands to run next.
    pub fn environment_name(&self) -> &str {
        self.settings.environment.name.as_str()
    }

    /// Refuses the first change where account, region or cluster are not those of the catalogue.
    ///
    /// # Errors
    /// `E-AWS-003` on a mismatch, or the error of asking.
    pub async fn guard_change(&self) -> anyhow::Result<()> {
        let environment = &self.settings.environment;
        crate::aws::guard::expect_region(environment)?;
        crate::aws::guard::expect_account(&self.aws, environment).await?;
        crate::topics::expect_cluster(self).await
    }

    /// The error of a command that was told to end: what goes on without it, and how to look at it again.
    /// The run gives it the exit code of `--timeout` or of the signal.
    pub fn ended(&self, goes_on: impl Into<String>, look_again: impl Into<String>) -> anyhow::Error {
        Failure::new(&codes::INTERRUPTED, "the run was ended").why(goes_on).fix(look_again).into()
    }
}
