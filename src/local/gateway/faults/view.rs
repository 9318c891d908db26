//! A fault as it is shown: to the command line, and by it to people and programs.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plan::{Fault, State};
use super::spec::{Effect, What};

/// A fault and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FaultView {
    /// Its id: `f1`; empty for a fault that was only planned.
    pub id: String,
    /// What happens: `throttle`, `fail`, `delay`, `cut`, `lose-answer`, `kill`, `deliver-twice`, `stop-broker`,
    /// `fail-resource`.
    pub fault: String,
    /// What it happens to: an operation, functions, a resource, or `kafka`.
    pub target: String,
    /// Physical names of the functions whose calls or events it strikes, `root` or `poller`; empty: whoever calls.
    pub functions: Vec<String>,
    /// What exactly happens, in words.
    pub detail: String,
    /// `active`, `spent` when it struck as often as it should, `over` when its time has passed; `planned` when it was
    /// not added.
    pub state: String,
    /// The first match that it may strike.
    pub nth: u64,
    /// How often it may strike at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The probability of a strike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// What the decisions of `rate` follow from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How often what happened was what it is about.
    pub matched: u64,
    /// How often it struck.
    pub struck: u64,
    /// How often it may strike still; absent where there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ends_at: Option<Timestamp>,
}

impl FaultView {
    /// What is seen of a fault.
    pub fn new(fault: &Fault, state: State, ends_at: Option<Timestamp>) -> Self {
        let limits = &fault.spec.limits;
        let (word, target, functions, detail) = words(&fault.spec.what);
        Self {
            id: name(fault.id),
            fault: word.to_owned(),
            target,
            functions,
            detail,
            state: state.word().to_owned(),
            nth: limits.nth,
            count: limits.count,
            rate: limits.rate,
            seed: limits.rate.map(|_| limits.seed),
            matched: fault.matched,
            struck: fault.struck,
            left: limits.count.map(|count| count.saturating_sub(fault.struck)),
            ends_at,
        }
    }
}

/// The id of a fault; none is shown for one that does not exist yet.
pub fn name(id: u64) -> String {
    if id == 0 { String::new() } else { format!("f{id}") }
}

/// The fault that an id names.
pub fn number(id: &str) -> Option<u64> {
    id.strip_prefix('f')?.parse().ok().filter(|id| *id > 0)
}

fn words(what: &What) -> (&'static str, String, Vec<String>, String) {
    match what {
        What::Call { calls, effect } => {
            let (word, detail) = effect_words(effect);
            (word, calls.to_string(), calls.callers.clone(), detail)
        }
        What::Kill { functions, after_ms } => {
            let detail = format!("the process is killed {after_ms} ms after it got its event");
            ("kill", "an invocation".into(), functions.clone(), detail)
        }
        What::DeliverTwice { functions } => {
            let detail = "the batch is sent once more after it was handled".into();
            ("deliver-twice", "a batch".into(), functions.clone(), detail)
        }
        What::StopBroker => ("stop-broker", "kafka".into(), Vec::new(), "the broker stands still".into()),
        What::FailResource { logical_id } => {
            ("fail-resource", logical_id.clone(), Vec::new(), "it cannot be made or changed".into())
        }
    }
}

fn effect_words(effect: &Effect) -> (&'static str, String) {
    match effect {
        Effect::Throttle => ("throttle", "the service's throttling answer".into()),
        Effect::Fail { status, code } => {
            let code = code.as_deref().unwrap_or("the service's internal error");
            ("fail", format!("{status} {code}"))
        }
        Effect::Delay { by_ms } => ("delay", format!("{by_ms} ms later")),
        Effect::Cut => ("cut", "the connection ends before the call takes effect".into()),
        Effect::LoseAnswer => ("lose-answer", "the call takes effect, then the connection ends".into()),
        Effect::KillCaller { after: false } => ("kill", "the caller is killed before the call takes effect".into()),
        Effect::KillCaller { after: true } => ("kill", "the caller is killed after the call took effect".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        for (id, expected) in [("f1", Some(1)), ("f12", Some(12)), ("1", None), ("f0", None), ("f", None), ("fx", None)]
        {
            assert_eq!(number(id), expected, "{id}");
        }
        assert_eq!((name(3), name(0)), ("f3".into(), String::new()));
    }
}
