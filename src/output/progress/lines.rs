//! Progress in a log: one appended line per change, without control characters, and a heartbeat every 30 seconds.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::output::pipe;
use crate::output::screen::{Mark, Screen, duration};
use crate::output::terminal::Stream;
use crate::progress::Event;

const HEARTBEAT: Duration = Duration::from_secs(30);

/// The listener.
pub struct Lines {
    stream: Stream,
    quiet: bool,
    verbose: bool,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Last state of every item that is not finished, by part and item.
    open: BTreeMap<(String, String), String>,
    last_line: Option<Instant>,
    beating: bool,
    finished: bool,
}

impl Lines {
    /// A listener that has shown nothing.
    pub fn new(stream: Stream, quiet: bool, verbose: bool) -> Self {
        Self { stream, quiet, verbose, shared: Arc::default() }
    }

    /// Shows one event.
    pub fn hear(&self, event: &Event) {
        let Some(line) = self.line(event) else { return };
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.last_line = Some(Instant::now());
        if !state.beating && !state.finished && !self.quiet {
            state.beating = true;
            let shared = Arc::clone(&self.shared);
            std::thread::spawn(move || shared.beat());
        }
        drop(state);
        pipe::stderr(&line);
    }

    /// The line of an event; none where it says nothing new.
    fn line(&self, event: &Event) -> Option<String> {
        let mut screen = Screen::new(&self.stream, false);
        match event {
            Event::Warning { message } => screen.line(format!("warning: {message}")),
            _ if self.quiet => return None,
            Event::Note { message } if self.verbose => screen.line(message),
            Event::Note { .. } => return None,
            Event::PartStarted { part } => {
                self.open(part, "", "started", false);
                screen.line(format!("{part}: started"));
            }
            Event::PartFinished { part, changed, summary, duration_ms } => {
                let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.open.retain(|(open, _), _| open != part);
                let mark = screen.mark(if *changed { Mark::Pass } else { Mark::Same });
                screen.line(format!("{mark} {part}: {summary} ({})", duration(*duration_ms)));
            }
            Event::Item { part, item, state, detail, finished } => {
                if !self.open(part, item, state, *finished) {
                    return None;
                }
                let detail = detail.as_ref().map(|detail| format!(": {detail}")).unwrap_or_default();
                let mark = if super::failed(state) { format!("{} ", screen.mark(Mark::Fail)) } else { String::new() };
                screen.line(format!("{mark}{part}: {item} {state}{detail}"));
            }
            Event::Progress { part, item, done, total, unit } => {
                // A log wants to know that it began and that it ended, not how it went on.
                let finished = *total == Some(*done);
                if !self.open(part, item, if finished { "done" } else { "working" }, finished) {
                    return None;
                }
                let amount = total.map(|total| format!(" {total} {unit}")).unwrap_or_default();
                screen.line(format!("{part}: {item}{amount}{}", if finished { " done" } else { "" }));
            }
        }
        Some(screen.text().to_owned())
    }

    /// Remembers an item's state and says whether it is new.
    fn open(&self, part: &str, item: &str, now: &str, finished: bool) -> bool {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (part.to_owned(), item.to_owned());
        if finished {
            return state.open.remove(&key).is_none_or(|before| before != now);
        }
        state.open.insert(key, now.to_owned()).is_none_or(|before| before != now)
    }

    /// Ends the heartbeat.
    pub fn finish(&self) {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).finished = true;
        self.shared.changed.notify_all();
    }
}

impl State {
    /// What a heartbeat names: at most three items, and parts of which no item is under way.
    fn under_way(&self) -> Vec<String> {
        let has_items = |part: &str| self.open.keys().any(|(of, item)| of == part && !item.is_empty());
        let open = self.open.iter().filter(|((part, item), _)| !item.is_empty() || !has_items(part));
        open.take(3)
            .map(|((part, item), now)| if item.is_empty() { part.clone() } else { format!("{part}: {item} {now}") })
            .collect()
    }
}

impl Shared {
    fn beat(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let began = Instant::now();
        while !state.finished {
            let quiet_for = state.last_line.map_or(Duration::ZERO, |at| at.elapsed());
            if quiet_for >= HEARTBEAT && !state.open.is_empty() {
                let open = state.under_way();
                let elapsed = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                pipe::stderr(&format!("still working after {}: {}\n", duration(elapsed), open.join(", ")));
                state.last_line = Some(Instant::now());
            }
            let wait = HEARTBEAT.saturating_sub(quiet_for).max(Duration::from_millis(100));
            state = self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_names_items_and_parts_without_any() {
        let open = [("lambdas", "", "started"), ("lambdas", "functions", "building"), ("topics", "", "started")];
        let open = open.map(|(part, item, now)| ((part.to_owned(), item.to_owned()), now.to_owned()));
        let state = State { open: open.into(), ..State::default() };
        assert_eq!(state.under_way(), ["lambdas: functions building", "topics"]);
    }

    fn lines(events: &[Event]) -> Vec<String> {
        let stream = Stream { is_terminal: false, width: None, color: false, unicode: true, redraws: false };
        let lines = Lines::new(stream, false, false);
        events.iter().filter_map(|event| lines.line(event)).collect()
    }

    #[test]
    fn a_state_is_told_once() {
        let item = |state: &str, finished| Event::Item {
            part: "stack".into(),
            item: "UsersTable".into(),
            state: state.into(),
            detail: None,
            finished,
        };
        let told = lines(&[
            item("CREATE_IN_PROGRESS", false),
            item("CREATE_IN_PROGRESS", false),
            item("CREATE_COMPLETE", true),
        ]);
        assert_eq!(told, ["stack: UsersTable CREATE_IN_PROGRESS\n", "stack: UsersTable CREATE_COMPLETE\n"]);
    }

    #[test]
    fn a_download_is_two_lines() {
        let at =
            |done| Event::Progress { part: "local".into(), item: "jre".into(), done, total: Some(100), unit: "bytes" };
        assert_eq!(lines(&[at(1), at(50), at(100)]), ["local: jre 100 bytes\n", "local: jre 100 bytes done\n"]);
    }
}
