//! The sole owner of stdout and stderr: reports in the chosen format, errors once, progress, warnings.
//!
//! Standard output carries the answer, standard error everything else. A closed pipe ends quietly: what is written
//! afterwards is dropped and the run goes on, because half a deployment is worse than an unread report.

mod envelope;
mod hint;
mod pipe;
mod progress;
pub mod render;
mod report;
mod screen;
pub mod terminal;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

pub use envelope::schema_id;
pub use report::Report;
pub use screen::{Cell, Mark, Screen, Tone, duration};
pub use terminal::Terminal;

use crate::error::Failure;
use crate::exit::Exit;
use crate::progress::{Event, Events};

/// What the answer looks like: `--output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For people, with more columns.
    Wide,
    /// One JSON document, also on failure.
    Json,
    /// One event a line as it happens, then one `result` line.
    Ndjson,
}

impl Format {
    /// Whether programs read it.
    pub fn is_machine(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// How a run speaks.
#[derive(Clone, Debug)]
pub struct OutputSettings {
    /// The answer's format.
    pub format: Format,
    /// What the terminal can do.
    pub terminal: Terminal,
    /// `--quiet`: no progress.
    pub quiet: bool,
    /// `--verbose`: notes too.
    pub verbose: bool,
    /// The environment, once it is known.
    pub environment: Option<String>,
    /// The kind of an answer that ends in an error before there is a report.
    pub kind: &'static str,
}

/// Where a run's answer, its progress and its error go. Cheap to clone.
#[derive(Clone)]
pub struct Output {
    inner: Arc<Inner>,
}

struct Inner {
    settings: OutputSettings,
    warnings: Mutex<Vec<String>>,
    answered: Mutex<bool>,
    ending: OnceLock<envelope::Ending>,
    progress: progress::Listener,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Output").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

impl Output {
    /// An output with these settings.
    pub fn new(settings: OutputSettings) -> Self {
        let progress = progress::Listener::new(&settings);
        let (warnings, answered, ending) = (Mutex::default(), Mutex::new(false), OnceLock::new());
        Self { inner: Arc::new(Inner { settings, warnings, answered, ending, progress }) }
    }

    /// The chosen format.
    pub fn format(&self) -> Format {
        self.inner.settings.format
    }

    /// What the terminal can do.
    pub fn terminal(&self) -> &Terminal {
        &self.inner.settings.terminal
    }

    /// Where the run's nouns send their events.
    pub fn events(&self) -> Events {
        let output = self.clone();
        Events::to(move |event| output.hear(&event))
    }

    fn hear(&self, event: &Event) {
        if self.format() == Format::Ndjson {
            pipe::stdout(&envelope::event_line(event));
        }
        if let Event::Warning { message } = event {
            let mut warnings = self.inner.warnings.lock().unwrap_or_else(PoisonError::into_inner);
            if warnings.contains(message) {
                return;
            }
            warnings.push(message.clone());
        }
        self.inner.progress.hear(event);
    }

    /// The run is told to end: because `--timeout` passed (with its limit), else by a signal. What fails from now on
    /// fails because of that, and its exit code says so. The first reason counts.
    pub fn ending(&self, limit: Option<Duration>) {
        let _the_first_counts = self.inner.ending.set(envelope::Ending { limit });
    }

    fn failure_of(&self, error: &anyhow::Error) -> Failure {
        let mut failure = envelope::failure_of(error);
        if let Some(environment) = &self.inner.settings.environment {
            let fixes = failure.fix.into_iter();
            failure.fix = fixes.map(|fix| hint::with_environment(fix, environment)).collect();
        }
        match self.inner.ending.get() {
            Some(ending) => ending.behind(failure),
            None => failure,
        }
    }

    /// Prints the command's answer.
    ///
    /// # Errors
    /// The report cannot be turned into JSON.
    pub fn report<R: Report>(&self, report: &R) -> anyhow::Result<()> {
        self.answer(R::KIND, &serde_json::to_value(report)?, |screen| report.render(screen), None);
        Ok(())
    }

    /// Prints what there is of an answer together with the error that ended it, and says how the run ended.
    ///
    /// # Errors
    /// The report cannot be turned into JSON.
    pub fn report_failure<R: Report>(&self, report: &R, error: &anyhow::Error) -> anyhow::Result<Exit> {
        let failure = self.failure_of(error);
        self.answer(R::KIND, &serde_json::to_value(report)?, |screen| report.render(screen), Some(&failure));
        if !self.format().is_machine() {
            self.print_failure(&failure);
        }
        Ok(failure.exit())
    }

    /// Prints an error that left no report, once, and says how the run ended.
    pub fn error(&self, error: &anyhow::Error) -> Exit {
        let failure = self.failure_of(error);
        if self.format().is_machine() {
            self.answer(self.inner.settings.kind, &Value::Null, |_| (), Some(&failure));
        } else {
            self.inner.progress.finish();
            self.print_failure(&failure);
        }
        failure.exit()
    }

    /// Prints text that is its own format: completions, the manual page, a schema, one output's value.
    pub fn text(&self, text: &str) {
        self.inner.progress.finish();
        self.set_answered();
        pipe::stdout(text);
    }

    /// Prints a line for the person, beside the answer: what a question shows before it is asked.
    pub fn aside(&self, render: impl FnOnce(&mut Screen)) {
        let mut screen = Screen::new(&self.inner.settings.terminal.stderr, self.format() == Format::Wide);
        render(&mut screen);
        self.inner.progress.suspend(|| pipe::stderr(screen.text()));
    }

    /// Prints the script of `--explain-aws` beside the answer, as it is: it is made to be copied.
    pub fn explain(&self, script: &str) {
        self.inner.progress.finish();
        pipe::stderr(script);
    }

    /// Prints one line at once, before anything is known; not with `--quiet` or `-o ndjson`.
    pub fn announce(&self, text: &str) {
        if !self.inner.settings.quiet && self.format() != Format::Ndjson {
            self.aside(|screen| screen.line(screen.styled(text, Tone::Dim)));
        }
    }

    /// Asks on the terminal and gives the answer's line.
    ///
    /// # Errors
    /// Standard input or standard error is no terminal, or the input ended.
    pub fn ask(&self, question: &str) -> std::io::Result<String> {
        self.inner.progress.suspend(|| pipe::ask(question))
    }

    fn set_answered(&self) {
        *self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    fn answer(&self, kind: &str, data: &Value, render: impl FnOnce(&mut Screen), failure: Option<&Failure>) {
        self.inner.progress.finish();
        let mut answered = self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *answered, true) && self.format().is_machine() {
            // Exactly one document: a command that already answered has nothing more to say to a program.
            return;
        }
        let warnings = self.inner.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let environment = self.inner.settings.environment.as_deref();
        match self.format() {
            Format::Json => {
                let document = envelope::document(kind, environment, data, &warnings, failure);
                pipe::stdout(&format!("{document:#}\n"));
            }
            Format::Ndjson => {
                let mut line = json!({"event": "result"});
                let document = envelope::document(kind, environment, data, &warnings, failure);
                if let (Value::Object(line), Value::Object(document)) = (&mut line, document) {
                    line.extend(document);
                }
                pipe::stdout(&format!("{line}\n"));
            }
            Format::Table | Format::Wide => {
                let mut screen = Screen::new(&self.inner.settings.terminal.stdout, self.format() == Format::Wide);
                render(&mut screen);
                pipe::stdout(screen.text());
            }
        }
    }

    fn print_failure(&self, failure: &Failure) {
        let mut screen = Screen::new(&self.inner.settings.terminal.stderr, false);
        render::failure(failure, &mut screen);
        pipe::stderr(screen.text());
    }
}
