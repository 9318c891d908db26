//! One part of a run: its events, its time, its line in the report.

use std::time::{Duration, Instant};

use super::report::PartReport;
use crate::progress::{Event, Events};

/// The parts of a run as they end.
#[derive(Debug)]
pub struct Parts<'a> {
    events: &'a Events,
    done: Vec<PartReport>,
}

impl<'a> Parts<'a> {
    /// No part has begun yet.
    pub fn new(events: &'a Events) -> Self {
        Self { events, done: Vec::new() }
    }

    /// Runs a part and tells how it ended. Its work says whether anything changed, and what in one line.
    ///
    /// # Errors
    /// The work's own.
    pub async fn run<T>(
        &mut self,
        part: &str,
        work: impl Future<Output = anyhow::Result<(bool, String, T)>>,
    ) -> anyhow::Result<T> {
        self.events.send(Event::PartStarted { part: part.into() });
        let begun = Instant::now();
        let (changed, summary, value) = work.await?;
        self.ended(part, changed, summary, begun.elapsed());
        Ok(value)
    }

    /// Tells of a part that had nothing to do.
    pub fn unchanged(&mut self, part: &str, took: Duration) {
        self.ended(part, false, "no changes".into(), took);
    }

    /// Tells of a part that a run which only plans would change.
    pub fn would_change(&mut self, part: &str, summary: String, took: Duration) {
        self.ended(part, true, summary, took);
    }

    fn ended(&mut self, part: &str, changed: bool, summary: String, took: Duration) {
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.events.send(Event::PartFinished { part: part.into(), changed, summary: summary.clone(), duration_ms });
        self.done.push(PartReport { part: part.into(), changed, duration_ms, summary });
    }

    /// The lines of the report.
    pub fn reports(&self) -> Vec<PartReport> {
        self.done.clone()
    }
}
