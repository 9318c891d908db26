//! What the stack commands answer, and how it looks.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Add,
    /// It is changed in place.
    Change,
    /// It is made anew and the old one removed.
    Replace,
    /// It is removed.
    Delete,
}

/// One resource that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What happens to it.
    pub action: Action,
    /// Its id in the template.
    pub logical_id: String,
    /// `AWS::DynamoDB::Table`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `never`, `conditional`, `true`, or `unknown` where only templates were compared.
    pub replacement: String,
    /// The properties that cause it.
    pub because: Vec<String>,
}

/// What changes in one stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StackPlan {
    /// Its key: `platform`.
    pub stack: String,
    /// Its physical name.
    pub name: String,
    /// The resources that change, in the order of their ids.
    pub changes: Vec<Change>,
    /// What changes beside resources: `recreate`, `tags`, `outputs`, `termination protection`, `template text`.
    pub also: Vec<String>,
}

/// How many resources change how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Made.
    pub add: usize,
    /// Changed in place.
    pub change: usize,
    /// Made anew.
    pub replace: usize,
    /// Removed.
    pub delete: usize,
}

impl Totals {
    /// Counts changes.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut totals = Self::default();
        for change in changes {
            match change.action {
                Action::Add => totals.add += 1,
                Action::Change => totals.change += 1,
                Action::Replace => totals.replace += 1,
                Action::Delete => totals.delete += 1,
            }
        }
        totals
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { add, change, replace, delete } = *self;
        let counts = [(add, "add"), (change, "change"), (replace, "replace"), (delete, "delete")];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        formatter.write_str(if told.is_empty() { "settings only".to_owned() } else { told.join(", ") }.as_str())
    }
}

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StackPlanReport {
    /// Every stack of the environment, in the order in which they are deployed.
    pub stacks: Vec<StackPlan>,
    /// Over all stacks.
    pub totals: Totals,
}

impl StackPlanReport {
    /// A report of these stacks.
    pub fn new(stacks: Vec<StackPlan>) -> Self {
        let totals = Totals::of(stacks.iter().flat_map(|stack| &stack.changes));
        Self { stacks, totals }
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.stacks.iter().all(|stack| stack.changes.is_empty() && stack.also.is_empty())
    }
}

/// What was done to one stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackUp {
    /// Its key.
    pub stack: String,
    /// Its physical name.
    pub name: String,
    /// Whether anything was changed.
    pub changed: bool,
    /// What was changed.
    pub totals: Totals,
    /// Its status afterwards.
    pub status: String,
    /// How long it took.
    pub duration_ms: u64,
}

/// What was done.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct StackUpReport {
    /// Every stack, in the order in which they were deployed.
    pub stacks: Vec<StackUp>,
    /// SCRAM secrets that were associated with the cluster.
    pub associated_secrets: Vec<String>,
    /// How long that took.
    pub associated_ms: u64,
}

impl StackUpReport {
    /// Whether anything was changed.
    pub fn changed(&self) -> bool {
        !self.associated_secrets.is_empty() || self.stacks.iter().any(|stack| stack.changed)
    }

    /// Puts a stack that was brought up before the others into its place.
    pub fn adopt(&mut self, earlier: Option<StackUp>) {
        let Some(earlier) = earlier else { return };
        match self.stacks.iter_mut().find(|stack| stack.stack == earlier.stack && !stack.changed) {
            Some(place) => *place = earlier,
            None => self.stacks.insert(0, earlier),
        }
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        if !self.changed() {
            return "no changes".to_owned();
        }
        let mut parts: Vec<String> = self
            .stacks
            .iter()
            .filter(|stack| stack.changed)
            .map(|stack| format!("{} ({})", stack.stack, stack.totals))
            .collect();
        if !self.associated_secrets.is_empty() {
            parts.push(format!("{} secrets associated", self.associated_secrets.len()));
        }
        parts.join(", ")
    }
}

/// The state of one stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackStatusRow {
    /// Its key.
    pub stack: String,
    /// Its physical name.
    pub name: String,
    /// CloudFormation's status, `absent` or `unknown`.
    pub status: String,
    /// The status's reason.
    pub reason: Option<String>,
    /// When it was last changed.
    #[schemars(with = "Option<String>")]
    pub updated_at: Option<jiff::Timestamp>,
    /// How many outputs it has.
    pub outputs: usize,
}

impl StackStatusRow {
    pub(super) fn without(stack: &str, name: String, status: &str, reason: Option<String>) -> Self {
        Self { stack: stack.to_owned(), name, status: status.to_owned(), reason, updated_at: None, outputs: 0 }
    }
}

/// The state of every stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackStatusReport {
    /// In the order in which they are deployed.
    pub stacks: Vec<StackStatusRow>,
}

/// The outputs of every stack.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackOutputsReport {
    /// Merged over the stacks.
    pub outputs: BTreeMap<String, String>,
}

/// One output.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StackOutputReport {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}
