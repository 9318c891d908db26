//! A fault as it is asked for: what happens, to whom, and how often.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::operations::{self, Unknown};

/// The caller that holds the account's root key: the command line, tests, the gateway itself.
pub const ROOT: &str = "root";
/// The caller that invokes functions with batches of Kafka records.
pub const POLLER: &str = "poller";

/// The longest delay.
pub const LONGEST_DELAY: Duration = Duration::from_mins(15);
/// The most names that a fault selects by, and the longest name.
const MOST_NAMES: usize = 100;

/// A fault as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// What happens.
    pub what: What,
    /// How often.
    pub limits: Limits,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// Something happens to a call of an operation.
    Call {
        /// Which calls.
        calls: Calls,
        /// What happens to them.
        effect: Effect,
    },
    /// A function's process is killed while it handles an event.
    Kill {
        /// Physical names of the functions.
        functions: Vec<String>,
        /// How long after the event was handed over.
        after_ms: u64,
    },
    /// A function gets a batch of Kafka records once more after it has handled it.
    DeliverTwice {
        /// Physical names of the functions.
        functions: Vec<String>,
    },
    /// The broker stands still.
    StopBroker,
    /// CloudFormation cannot make or change a resource.
    FailResource {
        /// Its logical id.
        logical_id: String,
    },
}

/// Which calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The service, by the name that it signs with.
    pub service: String,
    /// The operation; `None`: all of them.
    pub operation: Option<String>,
    /// Physical names of the functions that call, [`ROOT`] or [`POLLER`]; empty: whoever calls.
    pub callers: Vec<String>,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// The service's own throttling answer.
    Throttle,
    /// An error.
    Fail {
        /// Its HTTP status.
        status: u16,
        /// Its code; `None`: the service's own for an internal error.
        code: Option<String>,
    },
    /// It takes effect so much later.
    Delay {
        /// Milliseconds.
        by_ms: u64,
    },
    /// The connection ends; the call has no effect.
    Cut,
    /// The call takes effect, then the connection ends.
    LoseAnswer,
    /// The process that called is killed.
    KillCaller {
        /// Whether the call takes effect before that.
        after: bool,
    },
}

/// How often a fault strikes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The first match that it may strike, from 1.
    pub nth: u64,
    /// At most so often; `None`: without end.
    pub count: Option<u64>,
    /// With this probability; `None`: always.
    pub rate: Option<f64>,
    /// What the decisions of `rate` follow from.
    pub seed: u64,
    /// So long after it was added; `None`: until it is cleared.
    pub for_ms: Option<u64>,
}

impl Calls {
    /// Reads `service:Operation` or `service:*`.
    pub fn parse(text: &str, callers: Vec<String>) -> Result<Self, Unknown> {
        let Some((service, operation)) = text.split_once(':').filter(|(service, _)| !service.is_empty()) else {
            let what = format!("`{text}` is no operation: it is written like dynamodb:PutItem or sns:*");
            return Err(Unknown { what, meant: operations::nearest_service(text).map(|near| format!("{near}:*")) });
        };
        let operation = (operation != "*").then(|| operation.to_owned());
        operations::check(service, operation.as_deref())?;
        Ok(Self { service: service.to_owned(), operation, callers })
    }
}

impl std::fmt::Display for Calls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.service, self.operation.as_deref().unwrap_or("*"))
    }
}

impl Spec {
    /// What is wrong with it, if anything.
    pub fn problem(&self) -> Option<String> {
        let Limits { nth, count, rate, for_ms, .. } = &self.limits;
        let names = match &self.what {
            What::Call { calls, .. } => &calls.callers,
            What::Kill { functions, .. } | What::DeliverTwice { functions } => functions,
            What::StopBroker | What::FailResource { .. } => &Vec::new(),
        };
        if *nth == 0 || *count == Some(0) || *for_ms == Some(0) {
            return Some("nth, count and duration are at least 1".into());
        }
        if rate.is_some_and(|rate| !(rate > 0.0 && rate <= 1.0)) {
            return Some("a rate is above 0 and at most 1".into());
        }
        if names.len() > MOST_NAMES || names.iter().any(|name| name.is_empty() || name.len() > 256) {
            return Some(format!("a fault selects by {MOST_NAMES} names at most"));
        }
        match &self.what {
            What::Call { calls, effect } => call_problem(calls, effect),
            What::Kill { after_ms, .. } if too_long(*after_ms) => Some(longest()),
            What::Kill { functions, .. } | What::DeliverTwice { functions } if functions.is_empty() => {
                Some("a function is missing".into())
            }
            What::StopBroker if *nth > 1 || count.is_some() || rate.is_some() => {
                Some("the broker stops at once: only a duration limits that".into())
            }
            _ => None,
        }
    }
}

fn call_problem(calls: &Calls, effect: &Effect) -> Option<String> {
    if let Err(unknown) = operations::check(&calls.service, calls.operation.as_deref()) {
        return Some(unknown.what);
    }
    if let Some(caller) = calls.callers.iter().find(|caller| !may_call(caller, calls)) {
        return Some(format!("{calls} is never called by {caller}: this would strike nothing"));
    }
    match effect {
        Effect::Delay { by_ms } if too_long(*by_ms) => Some(longest()),
        Effect::Fail { status, .. } if !(400..600).contains(status) => {
            Some("an error's status is between 400 and 599".into())
        }
        Effect::Fail { code: Some(code), .. } if !is_code(code) => {
            Some("an error's code has 1 to 100 letters, digits and dots".into())
        }
        Effect::KillCaller { .. } if calls.callers.is_empty() => Some("a function is missing".into()),
        _ => None,
    }
}

/// Whether this caller can be seen at such a call: browsers say no name, and the poller does one thing only.
fn may_call(caller: &str, calls: &Calls) -> bool {
    let invokes = calls.service == "lambda" && calls.operation.as_ref().is_none_or(|operation| operation == "Invoke");
    calls.service != operations::EDGE && (caller != POLLER || invokes)
}

fn too_long(milliseconds: u64) -> bool {
    Duration::from_millis(milliseconds) > LONGEST_DELAY
}

fn longest() -> String {
    format!("a delay is {} s at most", LONGEST_DELAY.as_secs())
}

/// What may stand in a header and in XML as it is.
fn is_code(code: &str) -> bool {
    (1..=100).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(what: What) -> Spec {
        Spec { what, limits: Limits { nth: 1, count: Some(1), rate: None, seed: 0, for_ms: None } }
    }

    fn call(text: &str, effect: Effect) -> Spec {
        once(What::Call { calls: Calls::parse(text, vec![]).unwrap(), effect })
    }

    #[test]
    fn operations_are_read() {
        for (text, expected) in [
            ("dynamodb:PutItem", Ok("dynamodb:PutItem")),
            ("dynamodb:*", Ok("dynamodb:*")),
            ("dynamodb", Err(Some("dynamodb:*"))),
            (":PutItem", Err(None)),
            ("dynamodb:PutItm", Err(Some("dynamodb:PutItem"))),
        ] {
            let found = Calls::parse(text, vec![]).map(|calls| calls.to_string()).map_err(|unknown| unknown.meant);
            assert_eq!(found, expected.map(str::to_owned).map_err(|meant| meant.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn problems_are_named() {
        let fail = |status, code: Option<&str>| Effect::Fail { status, code: code.map(str::to_owned) };
        let kill = |functions: &[&str]| What::Kill {
            functions: functions.iter().map(ToString::to_string).collect(),
            after_ms: 0,
        };
        let by = |operation, caller: &str| {
            let calls = Calls::parse(operation, vec![caller.to_owned()]).unwrap();
            once(What::Call { calls, effect: Effect::Cut })
        };
        let limited = |change: &dyn Fn(&mut Limits)| {
            let mut spec = call("sns:*", Effect::Cut);
            change(&mut spec.limits);
            spec
        };
        for (spec, word) in [
            (call("sns:*", Effect::Throttle), None),
            (call("sns:*", fail(500, Some("Internal.Error"))), None),
            (call("sns:*", fail(200, None)), Some("between 400 and 599")),
            (call("sns:*", fail(500, Some("a b"))), Some("code")),
            (call("sns:*", Effect::Delay { by_ms: 900_001 }), Some("900 s")),
            (call("sns:*", Effect::KillCaller { after: true }), Some("function is missing")),
            (by("dynamodb:*", "f"), None),
            (by("dynamodb:*", ROOT), None),
            (by("lambda:Invoke", POLLER), None),
            (by("lambda:*", POLLER), None),
            (by("dynamodb:PutItem", POLLER), Some("never called by poller")),
            (by("lambda:GetFunction", POLLER), Some("never called by poller")),
            (by("edge:Api", "f"), Some("never called by f")),
            (once(kill(&["f"])), None),
            (once(kill(&[])), Some("function is missing")),
            (once(What::StopBroker), Some("only a duration")),
            (limited(&|limits| limits.rate = Some(0.0)), Some("rate")),
            (limited(&|limits| limits.rate = Some(f64::NAN)), Some("rate")),
            (limited(&|limits| limits.rate = Some(1.0)), None),
            (limited(&|limits| limits.nth = 0), Some("at least 1")),
            (limited(&|limits| limits.count = Some(0)), Some("at least 1")),
        ] {
            let problem = spec.problem();
            match word {
                None => assert_eq!(problem, None, "{spec:?}"),
                Some(word) => assert!(problem.as_ref().is_some_and(|it| it.contains(word)), "{spec:?}: {problem:?}"),
            }
        }
    }

    #[test]
    fn a_spec_travels_whole() {
        for spec in [
            call("dynamodb:PutItem", Effect::KillCaller { after: true }),
            once(What::DeliverTwice { functions: vec!["f".into()] }),
            once(What::FailResource { logical_id: "UsersTable".into() }),
        ] {
            let text = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<Spec>(&text).unwrap(), spec, "{text}");
        }
    }
}
