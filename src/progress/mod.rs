//! What runs tell while they run. Nouns send [`Event`]s; bars, CI lines and NDJSON are listeners of the same events.

use std::sync::Arc;

use serde::Serialize;

/// Something that happened during a run.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A part of a run began: `local`, `stack`, `topics`, `lambdas`, `verify`.
    PartStarted {
        /// The part.
        part: String,
    },
    /// A part of a run ended.
    PartFinished {
        /// The part.
        part: String,
        /// Whether it changed anything.
        changed: bool,
        /// One line for people, for example `6 created`.
        summary: String,
        /// How long it took.
        duration_ms: u64,
    },
    /// An item of a part changed its state: a stack resource, a function, a download, a topic.
    Item {
        /// The part it belongs to.
        part: String,
        /// The item's name.
        item: String,
        /// Its state in the field's own words, for example `CREATE_COMPLETE` or `publishing`.
        state: String,
        /// More, where there is more to say.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        /// Whether this is the item's last state.
        finished: bool,
    },
    /// Measurable progress of an item.
    Progress {
        /// The part it belongs to.
        part: String,
        /// The item's name.
        item: String,
        /// How far it is, in `unit`s.
        done: u64,
        /// How far it goes, where that is known.
        total: Option<u64>,
        /// `bytes` or `items`.
        unit: &'static str,
    },
    /// Something the person should know that does not end the run.
    Warning {
        /// One sentence.
        message: String,
    },
    /// Something worth a line, shown with `-v` only.
    Note {
        /// One sentence.
        message: String,
    },
}

/// A handle to send [`Event`]s with. Cheap to clone; sending never blocks and never fails.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl Events {
    /// Events go to `listener`.
    pub fn to(listener: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Events go nowhere.
    pub fn nowhere() -> Self {
        Self::to(|_| ())
    }

    /// Sends one event.
    pub fn send(&self, event: Event) {
        (self.0)(event);
    }

    /// Sends [`Event::Item`].
    pub fn item(&self, part: &str, item: &str, state: &str, finished: bool) {
        self.send(Event::Item { part: part.into(), item: item.into(), state: state.into(), detail: None, finished });
    }

    /// Sends [`Event::Warning`].
    pub fn warn(&self, message: impl Into<String>) {
        self.send(Event::Warning { message: message.into() });
    }

    /// Sends [`Event::Note`].
    pub fn note(&self, message: impl Into<String>) {
        self.send(Event::Note { message: message.into() });
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Events")
    }
}
