//! Errors as people and programs read them: what happened, why we think so, what to run next.
//!
//! Everything travels as [`anyhow::Error`]; where the cause is understood it carries a [`Failure`], which
//! `run` finds again with `downcast_ref` and prints once. Codes live in [`codes`], with the texts of `explain`.

pub mod codes;

use crate::exit::Exit;
pub use codes::Code;

/// An error with a stable code, its evidence and the next command.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The stable code, for example `E-STACK-012`.
    pub code: &'static Code,
    /// What happened, in one sentence without a full stop.
    pub what: String,
    /// Evidence, most telling first.
    pub why: Vec<String>,
    /// Commands to run next, with the user's own values filled in.
    pub fix: Vec<String>,
    /// Whether the same command may succeed when it is run again unchanged.
    pub retryable: bool,
}

impl Failure {
    /// A failure with this code and sentence; evidence and fixes are added by [`Failure::why`] and [`Failure::fix`].
    pub fn new(code: &'static Code, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), why: Vec::new(), fix: Vec::new(), retryable: false }
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// Adds a command to run next.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix.push(fix.into());
        self
    }

    /// Marks the failure as one that may pass when tried again.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The failure in one line: what happened and its most telling evidence.
    pub fn in_a_line(&self) -> String {
        self.why.first().map_or_else(|| self.what.clone(), |why| format!("{}: {why}", self.what))
    }

    /// The exit code of a run that ends with this failure.
    pub fn exit(&self) -> Exit {
        self.code.exit
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// An error in one line, for a report that goes on without what could not be read.
pub fn in_a_line(error: &anyhow::Error) -> String {
    error.downcast_ref::<Failure>().map_or_else(|| format!("{error:#}"), Failure::in_a_line)
}
