//! What a topic has to become: a pure decision.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Observed;
use crate::catalogue::Topic;

/// The replication factor where the catalogue names none and there are brokers enough.
const USUAL_REPLICATION: i32 = 3;

/// What the caller has allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `--allow-repartition`: more partitions, although keys then map to other ones.
    pub allow_repartition: bool,
}

/// A topic as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The topic as the broker knows it.
    pub name: String,
    /// How many partitions.
    pub partitions: i32,
    /// Replication factor.
    pub replication: i32,
    /// Whether the catalogue names the replication factor.
    pub replication_is_named: bool,
    /// Configuration in Kafka's own keys.
    pub configs: BTreeMap<String, String>,
}

impl Desired {
    /// From the catalogue, for a cluster of so many brokers.
    pub fn new(name: &str, topic: &Topic, brokers: i32) -> Self {
        let mut configs = topic.config.clone();
        configs.insert("retention.ms".into(), topic.retention.milliseconds().to_string());
        Self {
            name: name.into(),
            partitions: topic.partitions,
            replication: topic.replication.unwrap_or_else(|| brokers.clamp(1, USUAL_REPLICATION)),
            replication_is_named: topic.replication.is_some(),
            configs,
        }
    }
}

/// What happens to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Change,
    /// Nothing.
    None,
    /// A rule forbids it; nothing is sent.
    Refused,
}

/// One value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// `partitions`, `replication` or a configuration key.
    pub key: String,
    /// What it is; absent: the broker's default, or the topic does not exist.
    pub old: Option<String>,
    /// What it becomes.
    pub new: String,
}

/// What has to happen to one topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TopicPlan {
    /// The topic as the broker knows it.
    pub topic: String,
    /// What happens.
    pub action: Action,
    /// Value by value.
    pub changes: Vec<Change>,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whether `--allow-repartition` would allow it.
    #[serde(skip)]
    pub repartition: bool,
    /// As it is wanted.
    #[serde(skip)]
    pub desired: Desired,
}

/// Compares only the keys of the catalogue: answers hold the server's defaults too (`aws-facts.md`, section 1).
pub fn plan(desired: &Desired, observed: Option<&Observed>, rules: Rules) -> TopicPlan {
    let mut plan = TopicPlan {
        topic: desired.name.clone(),
        action: Action::None,
        changes: Vec::new(),
        why: None,
        repartition: false,
        desired: desired.clone(),
    };
    let mut changes = Changes(&mut plan.changes);
    changes.compare("partitions", observed.map(|topic| topic.partitions.to_string()), desired.partitions.to_string());
    // A factor that only follows from the number of brokers is not forced upon a topic that has another one.
    if desired.replication_is_named || observed.is_none() {
        changes.compare(
            "replication",
            observed.map(|topic| topic.replication.to_string()),
            desired.replication.to_string(),
        );
    }
    for (key, new) in &desired.configs {
        changes.compare(key, observed.and_then(|topic| topic.configs.get(key).cloned()), new.clone());
    }
    let Some(observed) = observed else {
        plan.action = Action::Create;
        return plan;
    };
    if plan.changes.is_empty() {
        return plan;
    }
    match forbidden(desired, observed, rules) {
        None => plan.action = Action::Change,
        Some(why) => {
            plan.action = Action::Refused;
            plan.repartition = desired.partitions > observed.partitions;
            plan.why = Some(why);
        }
    }
    plan
}

struct Changes<'a>(&'a mut Vec<Change>);

impl Changes<'_> {
    fn compare(&mut self, key: &str, old: Option<String>, new: String) {
        if old.as_ref() != Some(&new) {
            self.0.push(Change { key: key.into(), old, new });
        }
    }
}

fn forbidden(desired: &Desired, observed: &Observed, rules: Rules) -> Option<String> {
    let (old, new) = (observed.partitions, desired.partitions);
    if new < old {
        return Some(format!("it has {old} partitions, and Kafka cannot take any away to leave {new}"));
    }
    if new > old && !rules.allow_repartition {
        return Some(format!(
            "with {new} partitions instead of {old} keys map to other partitions, so order is lost across the change"
        ));
    }
    let (old, new) = (observed.replication, desired.replication);
    if desired.replication_is_named && new != old {
        return Some(format!("its replication factor is {old}; the topic API cannot make it {new}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desired(partitions: i32, replication: Option<i32>) -> Desired {
        Desired {
            name: "kyc-verified".into(),
            partitions,
            replication: replication.unwrap_or(1),
            replication_is_named: replication.is_some(),
            configs: [("retention.ms".to_owned(), "100".to_owned())].into(),
        }
    }

    fn observed(partitions: i32, retention: &str) -> Observed {
        let configs = [("retention.ms", retention), ("segment.bytes", "1")];
        Observed {
            partitions,
            replication: 1,
            configs: configs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            is_active: true,
        }
    }

    #[test]
    fn actions() {
        let strict = Rules::default();
        let allowed = Rules { allow_repartition: true };
        for (name, desired, observed, rules, action, keys) in [
            (
                "absent",
                desired(3, None),
                None,
                strict,
                Action::Create,
                &["partitions", "replication", "retention.ms"][..],
            ),
            ("as wanted", desired(3, None), Some(observed(3, "100")), strict, Action::None, &[]),
            ("other retention", desired(3, None), Some(observed(3, "9")), strict, Action::Change, &["retention.ms"]),
            ("fewer partitions", desired(2, None), Some(observed(3, "100")), allowed, Action::Refused, &["partitions"]),
            ("more partitions", desired(4, None), Some(observed(3, "100")), strict, Action::Refused, &["partitions"]),
            ("more, allowed", desired(4, None), Some(observed(3, "100")), allowed, Action::Change, &["partitions"]),
            ("other factor", desired(3, Some(2)), Some(observed(3, "100")), allowed, Action::Refused, &["replication"]),
            ("same factor", desired(3, Some(1)), Some(observed(3, "100")), strict, Action::None, &[]),
        ] {
            let plan = plan(&desired, observed.as_ref(), rules);
            let changed: Vec<&str> = plan.changes.iter().map(|change| change.key.as_str()).collect();
            assert_eq!((plan.action, &changed[..]), (action, keys), "{name}");
            assert_eq!(plan.why.is_some(), action == Action::Refused, "{name}");
        }
    }

    #[test]
    fn replication_follows_the_brokers_where_it_is_not_named() {
        let catalogue = crate::catalogue::Catalogue::embedded().unwrap();
        let topic = catalogue.topics.values().next().unwrap();
        for (brokers, replication) in [(0, 1), (1, 1), (2, 2), (3, 3), (6, 3)] {
            assert_eq!(Desired::new("t", topic, brokers).replication, replication);
        }
    }
}
