//! The listeners of [`crate::progress::Event`]: redrawn rows on a terminal, appended lines elsewhere.

mod lines;
mod rows;

use crate::progress::Event;

use super::{Format, OutputSettings};

/// Shows events on standard error.
pub enum Listener {
    /// One appended line per change, and a heartbeat.
    Lines(lines::Lines),
    /// Redrawn rows.
    Rows(rows::Rows),
}

impl Listener {
    /// The listener that fits the terminal.
    pub fn new(settings: &OutputSettings) -> Self {
        // The lines of `-o ndjson` are the progress.
        let quiet = settings.quiet || settings.format == Format::Ndjson;
        if settings.terminal.stderr.redraws && !quiet {
            let answer_follows = settings.terminal.stdout.is_terminal && !settings.format.is_machine();
            Self::Rows(rows::Rows::new(settings.terminal.stderr, settings.verbose, answer_follows))
        } else {
            Self::Lines(lines::Lines::new(settings.terminal.stderr, quiet, settings.verbose))
        }
    }

    /// Shows one event.
    pub fn hear(&self, event: &Event) {
        match self {
            Self::Lines(lines) => lines.hear(event),
            Self::Rows(rows) => rows.hear(event),
        }
    }

    /// Takes away what is redrawn and ends the heartbeat; later events show as lines.
    pub fn finish(&self) {
        match self {
            Self::Lines(lines) => lines.finish(),
            Self::Rows(rows) => rows.finish(),
        }
    }

    /// Runs something that writes to the terminal itself.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        match self {
            Self::Lines(_) => work(),
            Self::Rows(rows) => rows.suspend(work),
        }
    }
}

/// Whether an item's state says that it failed: the words of CloudFormation and of our own nouns.
fn failed(state: &str) -> bool {
    let state = state.to_ascii_lowercase();
    state.contains("fail") || state.contains("error") || state.contains("rollback")
}
