//! The plan for people and programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{Action, TopicPlan};
use crate::output::{Cell, Report, Screen, Tone};

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

impl Report for TopicsPlanReport {
    const KIND: &'static str = "topics-plan";

    fn render(&self, screen: &mut Screen) {
        let rows = self.topics.iter().filter(|topic| screen.wide() || topic.action != Action::None).map(|topic| {
            let (action, tone) = match topic.action {
                Action::Create => ("+ create", Tone::Good),
                Action::Change => ("~ change", Tone::Warn),
                Action::None => ("= none", Tone::Dim),
                Action::Refused => ("! refused", Tone::Bad),
            };
            let changes = topic.changes.iter().map(|change| match &change.old {
                Some(old) => format!("{} {old} -> {}", change.key, change.new),
                None => format!("{} {}", change.key, change.new),
            });
            let changes = changes.collect::<Vec<_>>().join(", ");
            vec![Cell::from(&topic.topic), Cell::new(action, tone), Cell::from(topic.why.clone().unwrap_or(changes))]
        });
        let rows = rows.collect();
        screen.table(&["TOPIC", "ACTION", "CHANGES"], rows);
        screen.line(format!("Topics: {}", self.summary()));
    }
}
