//! The plan for people and programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{Action, TopicPlan};

/// `topics plan` and `topics create`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TopicsPlanReport {
    /// Topics, sorted.
    pub topics: Vec<TopicPlan>,
    /// Whether the plan was carried out and read back.
    pub applied: bool,
}

impl TopicsPlanReport {
    /// A report of these plans.
    pub fn new(mut topics: Vec<TopicPlan>, applied: bool) -> Self {
        topics.sort_by(|one, other| one.topic.cmp(&other.topic));
        Self { topics, applied }
    }

    /// How many topics have this action.
    pub fn count(&self, action: Action) -> usize {
        self.topics.iter().filter(|topic| topic.action == action).count()
    }

    /// Whether anything is or was to be done.
    pub fn changed(&self) -> bool {
        self.count(Action::Create) + self.count(Action::Change) > 0
    }

    /// One line: `6 created`, `6 unchanged`.
    pub fn summary(&self) -> String {
        let (create, change) = if self.applied { ("created", "changed") } else { ("to create", "to change") };
        let parts = [
            (Action::Create, create),
            (Action::Change, change),
            (Action::Refused, "refused"),
            (Action::None, "unchanged"),
        ];
        let counted =
            parts.into_iter().map(|(action, word)| (self.count(action), word)).filter(|(count, _)| *count > 0);
        counted.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}
