//! What a deployment did or would do, for people and programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::FunctionPlan;
use crate::error::{Failure, codes};

/// `lambdas plan`, `env plan`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LambdasPlanReport {
    /// Functions, sorted.
    pub functions: Vec<PlannedFunction>,
}

/// One function.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlannedFunction {
    /// The physical name.
    pub function: String,
    /// What happens.
    pub action: PlanAction,
    /// What differs, by name.
    pub changes: Vec<String>,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What happens to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanAction {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// Nothing.
    None,
    /// It cannot be deployed as it is.
    Refused,
}

impl PlannedFunction {
    /// From a plan.
    pub fn new(name: &str, plan: &Result<FunctionPlan, Failure>) -> Self {
        let (action, changes, why) = match plan {
            Err(failure) => (PlanAction::Refused, Vec::new(), Some(failure.what.clone())),
            Ok(plan) if plan.is_empty() => (PlanAction::None, Vec::new(), None),
            Ok(plan) if plan.create => (PlanAction::Create, plan.changes(), None),
            Ok(plan) => (PlanAction::Update, plan.changes(), None),
        };
        Self { function: name.into(), action, changes, why }
    }
}

impl LambdasPlanReport {
    /// A report of these functions.
    pub fn new(mut functions: Vec<PlannedFunction>) -> Self {
        functions.sort_by(|one, other| one.function.cmp(&other.function));
        Self { functions }
    }

    /// How many functions have this action.
    pub fn count(&self, action: PlanAction) -> usize {
        self.functions.iter().filter(|function| function.action == action).count()
    }

    /// Whether anything would be done or is refused.
    pub fn changes(&self) -> bool {
        self.count(PlanAction::None) < self.functions.len()
    }

    /// One line: `13 to create`, `1 to update, 12 unchanged`.
    pub fn summary(&self) -> String {
        let actions = [
            (PlanAction::Create, "to create"),
            (PlanAction::Update, "to update"),
            (PlanAction::Refused, "refused"),
            (PlanAction::None, "unchanged"),
        ];
        counted(actions.map(|(action, word)| (self.count(action), word)))
    }
}

/// `env plan`: the same without code.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct EnvPlanReport(pub LambdasPlanReport);

/// `env sync`: the same as `lambdas deploy`, without code.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct EnvSyncReport(pub LambdasDeployReport);

/// `lambdas deploy`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LambdasDeployReport {
    /// Functions, sorted.
    pub functions: Vec<DeployedFunction>,
}

/// One function.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DeployedFunction {
    /// The physical name.
    pub function: String,
    /// What happened.
    pub action: DeployAction,
    /// The version that was live before; absent: none.
    pub from_version: Option<String>,
    /// The version that is live now; absent: none.
    pub to_version: Option<String>,
    /// Base64 of the zip's SHA-256.
    pub code_sha256: Option<String>,
    /// The zip's size.
    pub bytes: Option<u64>,
    /// How long it took.
    pub duration_ms: u64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The same with code and fix.
    #[serde(skip)]
    pub failure: Option<Failure>,
}

/// What happened to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeployAction {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// Nothing had to be done.
    Unchanged,
    /// It failed.
    Failed,
}

impl DeployAction {
    /// As tables show it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

impl LambdasDeployReport {
    /// A report of these functions.
    pub fn new(mut functions: Vec<DeployedFunction>) -> Self {
        functions.sort_by(|one, other| one.function.cmp(&other.function));
        Self { functions }
    }

    /// How many functions have this action.
    pub fn count(&self, action: DeployAction) -> usize {
        self.functions.iter().filter(|function| function.action == action).count()
    }

    /// Whether anything was changed.
    pub fn changed(&self) -> bool {
        self.functions.iter().any(|function| function.action != DeployAction::Unchanged)
    }

    /// One line: `13 created`, `12 unchanged, 1 updated`.
    pub fn summary(&self) -> String {
        let actions = [DeployAction::Created, DeployAction::Updated, DeployAction::Failed, DeployAction::Unchanged];
        counted(actions.map(|action| (self.count(action), action.word())))
    }

    /// How a deployment ended in which something failed: all of it with the first function's own code, a part of it
    /// as partly done.
    pub fn failure(&self) -> Option<Failure> {
        let failed: Vec<&DeployedFunction> =
            self.functions.iter().filter(|function| function.action == DeployAction::Failed).collect();
        let first = failed.first()?.failure.as_ref()?;
        let whole = failed.len() == self.functions.len();
        let what = format!("{} of {} functions failed", failed.len(), self.functions.len());
        let mut failure = if whole && failed.len() == 1 {
            first.clone()
        } else {
            Failure::new(if whole { first.code } else { &codes::FUNCTIONS_FAILED }, what)
        };
        for function in &failed {
            failure = failure.why(format!("{}: {}", function.function, function.error.as_deref().unwrap_or_default()));
        }
        failure.retryable =
            failed.iter().any(|function| function.failure.as_ref().is_some_and(|failure| failure.retryable));
        if failure.fix.is_empty() {
            failure.fix.clone_from(&first.fix);
        }
        Some(failure)
    }
}

/// `3 created, 1 failed`: counts that are not zero.
fn counted<const N: usize>(counts: [(usize, &str); N]) -> String {
    let words = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, action: DeployAction, code: Option<&'static crate::error::Code>) -> DeployedFunction {
        DeployedFunction {
            function: name.into(),
            action,
            from_version: None,
            to_version: None,
            code_sha256: None,
            bytes: None,
            duration_ms: 0,
            error: code.map(|_| "it broke".into()),
            failure: code.map(|code| Failure::new(code, "it broke").fix("mend it")),
        }
    }

    #[test]
    fn mixed_endings_are_partly_done_and_equal_ones_keep_their_code() {
        let (good, bad) = (row("a", DeployAction::Updated, None), row("b", DeployAction::Failed, Some(&codes::DENIED)));
        assert!(LambdasDeployReport::new(vec![good.clone()]).failure().is_none());
        let mixed = LambdasDeployReport::new(vec![bad.clone(), good]).failure().unwrap();
        assert_eq!((mixed.code, mixed.exit()), (&codes::FUNCTIONS_FAILED, crate::exit::Exit::Partly));
        assert!(mixed.why[0].starts_with("b: "));
        let all = LambdasDeployReport::new(vec![bad.clone(), bad]).failure().unwrap();
        assert_eq!((all.code, all.what.as_str()), (&codes::DENIED, "2 of 2 functions failed"));
    }
}
