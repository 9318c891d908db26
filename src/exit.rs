//! The exit codes that scripts build on (`contracts.md`, "Exit codes"): the one place where they are numbers.

/// How a run ended, as the process tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Failed.
    Failed = 1,
    /// Wrong usage, or a question that has no terminal to be asked on.
    Usage = 2,
    /// Refused by a safety rule, or the person declined.
    Refused = 3,
    /// Credentials or permission.
    Permission = 4,
    /// Differences found; only with `--exit-code`.
    Differences = 5,
    /// A check failed: verify, a doctor finding, lag over its limit.
    CheckFailed = 6,
    /// Locked, or busy with someone else's change.
    Locked = 7,
    /// Timed out; the operation goes on.
    TimedOut = 8,
    /// Partly done; the report says what.
    Partly = 9,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
