//! What `verify` found (`onboardctl schema verify`), and how a step's result is told from what was seen.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::wait::Waited;
use crate::catalogue::Catalogue;
use crate::error::{Failure, codes};
use crate::progress::{Event, Events};

/// A step's answer. Unknown is not healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepResult {
    /// Seen as it should be.
    Pass,
    /// Seen as it should not be, or not seen in time.
    Fail,
    /// Could not be looked at; `detail` says why.
    Unknown,
}

impl StepResult {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// One station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// For example `outbox`.
    pub name: String,
    /// Its answer.
    pub result: StepResult,
    /// When it was seen, in milliseconds: of the flow's stations since the customer was submitted, else of the step alone.
    pub ms: Option<u64>,
    /// The catalogue's budget for it.
    pub budget_ms: Option<u64>,
    /// What was seen, or why not.
    pub detail: String,
}

/// `onboardctl verify`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerifyReport {
    /// This run's own id: part of the synthetic customer's address and of the temporary queue's name.
    pub run: String,
    /// In the order of the flow.
    pub steps: Vec<Step>,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many could not be looked at.
    pub unknown: usize,
}

/// The steps in the order of the flow; a report has each of them, whatever happened.
pub const STEPS: [&str; 37] = [
    "session",
    "socket",
    "ticket-missing",
    "ticket-reused",
    "submit",
    "outbox",
    "record",
    "consumer",
    "row",
    "alert",
    "audit",
    "push",
    "others",
    "repeat",
    "upload",
    "documents",
    "documents-event",
    "documents-push",
    "documents-row",
    "kyc",
    "kyc-event",
    "kyc-push",
    "kyc-row",
    "recommend",
    "recommend-event",
    "recommend-push",
    "recommend-row",
    "select",
    "select-event",
    "select-push",
    "select-row",
    "archive-date",
    "mail",
    "review",
    "review-notice",
    "negative",
    "negative-event",
];

/// Steps as they are found, each told at once. Stations are looked at side by side, so any of them may add its own.
#[derive(Debug)]
pub struct Findings {
    steps: Mutex<Vec<Step>>,
    events: Events,
}

impl Findings {
    /// Nothing found yet.
    pub fn new(events: Events) -> Self {
        Self { steps: Mutex::default(), events }
    }

    fn steps(&self) -> MutexGuard<'_, Vec<Step>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, step: &Step) {
        self.events.send(Event::Item {
            part: "verify".into(),
            item: step.name.clone(),
            state: step.result.as_str().into(),
            detail: Some(step.detail.clone()).filter(|detail| !detail.is_empty()),
            finished: true,
        });
    }

    /// Adds a step.
    pub fn add(&self, name: &str, result: StepResult, took: Option<Duration>, detail: impl Into<String>) {
        let ms = took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let step = Step { name: name.into(), result, ms, budget_ms: None, detail: detail.into() };
        self.tell(&step);
        self.steps().push(step);
    }

    /// Adds a step that ended in an answer or an error.
    pub fn answered(&self, name: &str, took: Duration, answer: Result<String, String>) {
        match answer {
            Ok(detail) => self.add(name, StepResult::Pass, Some(took), detail),
            Err(detail) => self.add(name, StepResult::Fail, Some(took), detail),
        }
    }

    /// Adds a station that was waited for.
    pub fn waited<T>(&self, name: &str, waited: &Waited<T>, detail: impl FnOnce(&T) -> String) {
        match waited {
            Waited::Seen(value, after) => self.add(name, StepResult::Pass, Some(*after), detail(value)),
            Waited::Late(limit, seen) => {
                self.add(name, StepResult::Fail, None, format!("{seen} after {} s", limit.as_secs()));
            }
            Waited::Unreadable(why) => self.add(name, StepResult::Unknown, None, why.clone()),
        }
    }

    /// The steps that failed, in the order of the flow.
    pub fn failed(&self) -> Vec<&'static str> {
        let steps = self.steps();
        let failed = |name: &str| steps.iter().any(|step| step.name == name && step.result == StepResult::Fail);
        STEPS.into_iter().filter(|name| failed(name)).collect()
    }

    /// Adds evidence to a step's detail, and tells the step again.
    pub fn explain(&self, name: &str, evidence: &str) {
        let mut steps = self.steps();
        if let Some(step) = steps.iter_mut().find(|step| step.name == name) {
            step.detail =
                if step.detail.is_empty() { evidence.to_owned() } else { format!("{}; {evidence}", step.detail) };
            self.tell(step);
        }
    }

    /// The report: every step in the flow's order with its budget; those that were not reached are unknown.
    pub fn report(self, run: &str, catalogue: &Catalogue, not_reached: &str) -> VerifyReport {
        let Self { steps, events } = self;
        let mut found = steps.into_inner().unwrap_or_else(PoisonError::into_inner);
        let missed = Self::new(events);
        let steps: Vec<Step> = STEPS
            .iter()
            .map(|name| {
                let at = found.iter().position(|step| step.name == *name);
                let mut step = at.map_or_else(
                    || {
                        let (name, detail) = ((*name).into(), not_reached.into());
                        let step = Step { name, result: StepResult::Unknown, ms: None, budget_ms: None, detail };
                        missed.tell(&step);
                        step
                    },
                    |at| found.swap_remove(at),
                );
                step.budget_ms = catalogue.budgets.get(&format!("{}_ms", name.replace('-', "_"))).copied();
                step
            })
            .collect();
        let count = |result| steps.iter().filter(|step| step.result == result).count();
        VerifyReport {
            run: run.into(),
            passed: count(StepResult::Pass),
            failed: count(StepResult::Fail),
            unknown: count(StepResult::Unknown),
            steps,
        }
    }
}

impl VerifyReport {
    /// The failure of a run in which a step failed.
    pub fn failure(&self, environment: &str) -> Option<Failure> {
        let failed: Vec<&Step> = self.steps.iter().filter(|step| step.result == StepResult::Fail).collect();
        let first = failed.first()?;
        let mut failure = Failure::new(
            &codes::VERIFY_FAILED,
            format!("{} of {} steps of verify failed, first `{}`", failed.len(), self.steps.len(), first.name),
        );
        for step in &failed {
            failure = failure.why(format!("{}: {}", step.name, step.detail));
        }
        Some(
            failure
                .fix(format!("onboardctl -e {environment} status"))
                .fix(format!("onboardctl -e {environment} verify")),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn every_step_is_told_and_what_was_not_reached_is_unknown() {
        let catalogue = Catalogue::embedded().unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let findings = Findings::new(Events::to(move |event| {
            if let Event::Item { item, state, .. } = event {
                heard.lock().unwrap().push(format!("{item} {state}"));
            }
        }));
        findings.answered("session", Duration::from_millis(12), Ok("201".into()));
        findings.waited("push", &Waited::Late::<()>(Duration::from_secs(5), "no push".into()), |()| String::new());
        findings.waited("record", &Waited::Unreadable::<()>("the broker cannot be reached".into()), |()| String::new());
        findings.explain("push", "denied");
        assert_eq!(*told.lock().unwrap(), ["session pass", "push fail", "record unknown", "push fail"]);
        assert_eq!(findings.failed(), ["push"]);
        let report = findings.report("r", &catalogue, "not reached");
        assert_eq!(told.lock().unwrap().len(), STEPS.len() + 1, "those that were not reached are told, too");
        assert_eq!(report.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), STEPS);
        assert_eq!((report.passed, report.failed, report.unknown), (1, 1, STEPS.len() - 2));
        let step = |name: &str| report.steps.iter().find(|step| step.name == name).unwrap();
        assert_eq!((step("session").ms, step("session").budget_ms), (Some(12), Some(1000)));
        assert_eq!(step("push").detail, "no push after 5 s; denied");
        assert_eq!(step("others").detail, "not reached");
        assert_eq!(report.failure("dev").unwrap().what, "1 of 37 steps of verify failed, first `push`");
    }

    #[test]
    fn unknown_alone_is_no_failure() {
        let report = Findings::new(Events::nowhere()).report("r", &Catalogue::embedded().unwrap(), "not run");
        assert!(report.failure("dev").is_none());
    }

    #[test]
    fn every_budget_of_the_catalogue_belongs_to_a_step() {
        for key in Catalogue::embedded().unwrap().budgets.keys() {
            let name = key.trim_end_matches("_ms").replace('_', "-");
            assert!(STEPS.contains(&name.as_str()), "{key}");
        }
    }
}
