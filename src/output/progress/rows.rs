//! Progress on a terminal: rows that are redrawn, shown only once a run has lasted 250 ms.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::pipe;
use crate::output::screen::{Mark, Screen, Tone, duration};
use crate::output::terminal::Stream;
use crate::progress::Event;

/// A run that is over sooner shows no rows at all: they would only flicker.
const SHOW_AFTER: Duration = Duration::from_millis(250);
/// More open items than this are counted in their part's row only.
const MOST_ITEMS: usize = 8;

/// The listener.
pub struct Rows {
    stream: Stream,
    verbose: bool,
    answer_follows: bool,
    multi: MultiProgress,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    shown: bool,
    finished: bool,
    waking: bool,
    parts: BTreeMap<String, Part>,
    items: BTreeMap<(String, String), ProgressBar>,
}

struct Part {
    bar: ProgressBar,
    done: usize,
}

impl Rows {
    /// A listener that has shown nothing.
    /// `answer_follows`: the answer is shown on the same terminal.
    pub fn new(stream: Stream, verbose: bool, answer_follows: bool) -> Self {
        let multi = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        Self { stream, verbose, answer_follows, multi, state: Arc::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows one event.
    pub fn hear(&self, event: &Event) {
        let mut state = self.state();
        if state.finished {
            drop(state);
            match event {
                Event::Warning { message } => pipe::stderr(&format!("warning: {message}\n")),
                Event::Note { message } if self.verbose => pipe::stderr(&format!("{message}\n")),
                _ => {}
            }
            return;
        }
        self.wake(&mut state);
        let mut screen = Screen::new(&self.stream, false);
        match event {
            Event::Warning { message } => {
                let head = screen.styled("warning:", Tone::Warn);
                screen.paragraph(&format!("{head} "), message);
            }
            Event::Note { message } if self.verbose => screen.line(screen.styled(message, Tone::Dim)),
            Event::Note { .. } => {}
            Event::PartStarted { part } => {
                self.part(&mut state, part);
            }
            Event::PartFinished { part, changed, summary, duration_ms } => {
                self.close_part(&mut state, part);
                let mark = screen.mark(if *changed { Mark::Pass } else { Mark::Same });
                let took = screen.styled(&duration(*duration_ms), Tone::Dim);
                let name = screen.styled(&format!("{part:<10}"), Tone::Bold);
                let line = format!("{mark} {name} {summary}  {took}");
                if self.answer_follows {
                    self.keep(&mut state, part, line);
                } else {
                    screen.line(line);
                }
            }
            Event::Item { part, item, state: now, detail, finished } => {
                self.item(&mut state, part, item, now, detail.as_deref(), *finished);
                if super::failed(now) && (*finished || detail.is_some()) {
                    let detail = detail.as_deref().unwrap_or_default();
                    let mark = screen.mark(Mark::Fail);
                    screen.paragraph(&format!("{mark} {part}: "), &format!("{item} {now} {detail}"));
                }
            }
            Event::Progress { part, item, done, total, unit } => {
                self.measure(&mut state, part, item, *done, *total, *unit == "bytes");
            }
        }
        self.print(&state, &screen);
    }

    /// Lines above the rows stay; before the rows are shown they are written as they are.
    fn print(&self, state: &State, screen: &Screen) {
        if screen.text().is_empty() {
            return;
        }
        if state.shown {
            let _terminal_gone = self.multi.println(screen.text().trim_end_matches('\n'));
        } else {
            pipe::stderr(screen.text());
        }
    }

    /// Shows the rows once the run has lasted long enough.
    fn wake(&self, state: &mut State) {
        if std::mem::replace(&mut state.waking, true) {
            return;
        }
        let (shared, multi) = (Arc::clone(&self.state), self.multi.clone());
        std::thread::spawn(move || {
            std::thread::sleep(SHOW_AFTER);
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            if !state.finished {
                state.shown = true;
                multi.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            }
        });
    }

    fn style(&self, template: &str) -> ProgressStyle {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        if self.stream.unicode {
            style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ").progress_chars("━╸─")
        } else {
            style.tick_chars("-\\|/ ").progress_chars("##-")
        }
    }

    fn part<'a>(&self, state: &'a mut State, part: &str) -> &'a mut Part {
        state.parts.entry(part.to_owned()).or_insert_with(|| {
            let bar = self.multi.add(ProgressBar::new_spinner());
            bar.set_style(self.style("{spinner} {prefix:10} {wide_msg} {elapsed}"));
            bar.set_prefix(part.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            Part { bar, done: 0 }
        })
    }

    /// A part that has ended stays as a row: the answer on the same terminal tells it again, so that it is not left.
    fn keep(&self, state: &mut State, part: &str, line: String) {
        let bar = self.multi.add(ProgressBar::new_spinner());
        bar.set_style(self.style("{wide_msg}"));
        bar.set_message(line);
        bar.tick();
        state.parts.insert(format!("{part} ended"), Part { bar, done: 0 });
    }

    fn close_part(&self, state: &mut State, part: &str) {
        if let Some(closed) = state.parts.remove(part) {
            closed.bar.finish_and_clear();
            self.multi.remove(&closed.bar);
        }
        let gone: Vec<_> = state.items.keys().filter(|(of, _)| of == part).cloned().collect();
        for key in gone {
            if let Some(bar) = state.items.remove(&key) {
                bar.finish_and_clear();
                self.multi.remove(&bar);
            }
        }
    }

    fn item(&self, state: &mut State, part: &str, item: &str, now: &str, detail: Option<&str>, finished: bool) {
        let key = (part.to_owned(), item.to_owned());
        let row = self.part(state, part);
        if finished {
            row.done += 1;
            row.bar.set_message(format!("{} done, {item} {now}", row.done));
            if let Some(bar) = state.items.remove(&key) {
                bar.finish_and_clear();
                self.multi.remove(&bar);
            }
            return;
        }
        let after = row.bar.clone();
        if !state.items.contains_key(&key) && state.items.len() >= MOST_ITEMS {
            after.set_message(format!("{item} {now}"));
            return;
        }
        let bar = state.items.entry(key).or_insert_with(|| {
            let bar = self.multi.insert_after(&after, ProgressBar::new_spinner());
            bar.set_style(self.style("    {wide_msg}"));
            bar
        });
        bar.set_message(format!("{item} {now} {}", detail.unwrap_or_default()).trim_end().to_owned());
    }

    fn measure(&self, state: &mut State, part: &str, item: &str, done: u64, total: Option<u64>, bytes: bool) {
        let after = self.part(state, part).bar.clone();
        let key = (part.to_owned(), item.to_owned());
        let narrow = self.stream.width.is_some_and(|width| width < 60);
        let bar = state.items.entry(key.clone()).or_insert_with(|| {
            let bar = self.multi.insert_after(&after, ProgressBar::no_length());
            bar.set_style(self.style(match (bytes, narrow) {
                (true, false) => "    {prefix:18!} [{bar:16}] {bytes}/{total_bytes} {bytes_per_sec}",
                (true, true) => "  {prefix:14!} {bytes}/{total_bytes}",
                (false, false) => "    {prefix:18!} [{bar:16}] {pos}/{len}",
                (false, true) => "  {prefix:14!} {pos}/{len}",
            }));
            bar.set_prefix(item.to_owned());
            bar
        });
        if let Some(total) = total {
            bar.set_length(total);
        }
        bar.set_position(done);
        if total == Some(done) {
            bar.finish_and_clear();
            if let Some(bar) = state.items.remove(&key) {
                self.multi.remove(&bar);
            }
        }
    }

    /// Takes the rows away.
    pub fn finish(&self) {
        let mut state = self.state();
        if std::mem::replace(&mut state.finished, true) {
            return;
        }
        for (_, bar) in std::mem::take(&mut state.items) {
            bar.finish_and_clear();
        }
        for (_, part) in std::mem::take(&mut state.parts) {
            part.bar.finish_and_clear();
        }
        let _terminal_gone = self.multi.clear();
    }

    /// Runs something that writes to the terminal itself.
    pub fn suspend<T>(&self, work: impl FnOnce() -> T) -> T {
        // The lock is not held meanwhile: sending an event must never wait for a person's answer.
        let drawing = {
            let state = self.state();
            state.shown && !state.finished
        };
        if drawing { self.multi.suspend(work) } else { work() }
    }
}
