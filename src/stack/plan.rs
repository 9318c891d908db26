//! From what a stack should be and what it is to what is done: pure.

use std::collections::BTreeMap;

use super::desired::Desired;
use super::observe::Observed;
use super::report::{Action, Change};
use super::status::{Standing, standing};
use super::template::{self, Resource};

/// What is done to a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is as it should be.
    Unchanged,
    /// Only termination protection differs.
    Protect,
    /// It is made.
    Create,
    /// It is deleted and made anew, because its creation failed.
    Recreate,
    /// It is changed.
    Update,
    /// Someone's operation runs; it is waited for and then decided again.
    Wait,
    /// It needs a person.
    Stuck(&'static str),
}

/// Decides by template text, parameters and tags alone, so that a run without changes makes no change set.
pub fn decide(desired: &Desired, observed: Option<&Observed>, deployed_template: Option<&str>) -> Step {
    let Some(observed) = observed else { return Step::Create };
    match standing(&observed.status) {
        Standing::Absent | Standing::Review => Step::Create,
        Standing::Failed => Step::Recreate,
        Standing::Busy => Step::Wait,
        Standing::Stuck(way_out) => Step::Stuck(way_out),
        Standing::Settled if differs(desired, observed, deployed_template) => Step::Update,
        Standing::Settled if desired.protected != observed.protected => Step::Protect,
        Standing::Settled => Step::Unchanged,
    }
}

fn differs(desired: &Desired, observed: &Observed, deployed_template: Option<&str>) -> bool {
    let same_template =
        deployed_template.is_some_and(|deployed| template::meaning(deployed) == template::meaning(&desired.template));
    let same_parameters = desired
        .parameters
        .iter()
        .filter(|(name, _)| !desired.hidden.contains(name))
        .all(|(name, value)| observed.parameters.get(name) == Some(value));
    let same_tags = desired.tags.iter().all(|(name, value)| observed.tags.get(name) == Some(value));
    // An update that was rolled back left the template of before, so it differs again by itself.
    !(same_template && same_parameters && same_tags && desired.unresolved.is_empty())
}

/// What changes beside resources, and what is said about the stack as a whole.
pub fn also(step: &Step, desired: &Desired, observed: Option<&Observed>) -> Vec<String> {
    let mut also = Vec::new();
    if *step == Step::Recreate {
        also.push("recreate: its creation had failed and was rolled back".to_owned());
    }
    let protected = observed.is_some_and(|observed| observed.protected);
    if desired.protected != protected && *step != Step::Unchanged {
        let word = if desired.protected { "on" } else { "off" };
        also.push(format!("termination protection: {word}"));
    }
    also
}

/// What changes by the templates' text: the plan without a change set, where replacement is unknown.
pub fn compare_templates(deployed: Option<&str>, desired: &str) -> Vec<Change> {
    let before = deployed.map(template::resources).unwrap_or_default();
    let after = template::resources(desired);
    let mut changes = Vec::new();
    for (id, resource) in &after {
        match before.get(id) {
            None => changes.push(change(Action::Add, id, resource, "never")),
            Some(old) if old.kind != resource.kind => changes.push(change(Action::Replace, id, resource, "true")),
            Some(old) if old.text != resource.text => changes.push(change(Action::Change, id, resource, "unknown")),
            Some(_) => {}
        }
    }
    let gone: BTreeMap<_, _> = before.iter().filter(|(id, _)| !after.contains_key(*id)).collect();
    changes.extend(gone.into_iter().map(|(id, resource)| change(Action::Delete, id, resource, "never")));
    changes.sort_by(|left, right| left.logical_id.cmp(&right.logical_id));
    changes
}

fn change(action: Action, id: &str, resource: &Resource, replacement: &str) -> Change {
    Change {
        action,
        logical_id: id.to_owned(),
        kind: resource.kind.clone(),
        replacement: replacement.to_owned(),
        because: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackStatus;

    use super::*;
    use crate::catalogue::Catalogue;

    const TEMPLATE: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    X: 1\n";

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn desired() -> Desired {
        Desired {
            key: Catalogue::embedded().unwrap().platform_stack().unwrap().clone(),
            name: "onboard-ai-dev".into(),
            file: "t.yaml".into(),
            template: TEMPLATE.into(),
            parameters: map(&[("Environment", "dev"), ("Secret", "new")]),
            unresolved: Vec::new(),
            hidden: vec!["Secret".into()],
            tags: map(&[("Project", "onboard-ai")]),
            protected: false,
        }
    }

    fn observed(status: &str) -> Observed {
        Observed {
            id: "arn".into(),
            status: StackStatus::from(status),
            reason: None,
            parameters: map(&[("Environment", "dev"), ("Secret", "****")]),
            tags: map(&[("Project", "onboard-ai"), ("aws:own", "1")]),
            outputs: BTreeMap::new(),
            protected: false,
            updated_at: None,
        }
    }

    #[test]
    fn the_status_decides_first() {
        let desired = desired();
        assert_eq!(decide(&desired, None, None), Step::Create);
        for (status, step) in [
            ("CREATE_COMPLETE", Step::Unchanged),
            ("UPDATE_ROLLBACK_COMPLETE", Step::Unchanged),
            ("REVIEW_IN_PROGRESS", Step::Create),
            ("ROLLBACK_COMPLETE", Step::Recreate),
            ("ROLLBACK_FAILED", Step::Recreate),
            ("UPDATE_IN_PROGRESS", Step::Wait),
            ("DELETE_COMPLETE", Step::Create),
        ] {
            assert_eq!(decide(&desired, Some(&observed(status)), Some(TEMPLATE)), step, "{status}");
        }
        let stuck = decide(&desired, Some(&observed("UPDATE_ROLLBACK_FAILED")), Some(TEMPLATE));
        assert!(matches!(stuck, Step::Stuck(way_out) if way_out.contains("continue-update-rollback")));
    }

    #[test]
    fn template_parameters_and_tags_decide_then() {
        let complete = observed("CREATE_COMPLETE");
        let step = |desired: &Desired| decide(desired, Some(&complete), Some(TEMPLATE));
        assert_eq!(step(&Desired { template: TEMPLATE.replace('1', "2"), ..desired() }), Step::Update);
        assert_eq!(step(&Desired { parameters: map(&[("Environment", "prod")]), ..desired() }), Step::Update);
        assert_eq!(step(&Desired { tags: map(&[("Project", "other")]), ..desired() }), Step::Update);
        assert_eq!(step(&Desired { unresolved: vec!["Subnets".into()], ..desired() }), Step::Update);
        assert_eq!(step(&Desired { protected: true, ..desired() }), Step::Protect);
        assert_eq!(decide(&desired(), Some(&complete), None), Step::Update);
    }

    #[test]
    fn templates_are_compared_by_resource() {
        let table = |id: &str, value: u8| format!("  {id}:\n    Type: AWS::DynamoDB::Table\n    X: {value}\n");
        let before = format!("Resources:\n{}{}{}", table("A", 1), table("B", 1), table("C", 1));
        let after = format!("Resources:\n{}{}{}", table("A", 1), table("B", 2), table("D", 1));
        let found: Vec<_> = compare_templates(Some(&before), &after)
            .into_iter()
            .map(|change| (change.action, change.logical_id, change.replacement))
            .collect();
        assert_eq!(
            found,
            [
                (Action::Change, "B".to_owned(), "unknown".to_owned()),
                (Action::Delete, "C".to_owned(), "never".to_owned()),
                (Action::Add, "D".to_owned(), "never".to_owned()),
            ]
        );
        assert_eq!(compare_templates(None, &after).len(), 3);
    }
}
