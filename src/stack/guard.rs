//! The rule that data is never replaced or removed by the way: pure.

use super::report::{Action, Change, StackPlanReport};
use crate::error::{Failure, codes};

/// Types that hold what cannot be made again, with the properties whose change makes the resource anew
/// (createOnlyProperties and conditionalCreateOnlyProperties of the CloudFormation resource schemas).
const STATEFUL: &[(&str, &[&str])] = &[
    ("AWS::DynamoDB::Table", &["TableName", "KeySchema", "LocalSecondaryIndexes", "ImportSourceSpecification"]),
    ("AWS::DynamoDB::GlobalTable", &["TableName", "KeySchema", "LocalSecondaryIndexes"]),
    ("AWS::S3::Bucket", &["BucketName", "BucketNamePrefix", "ObjectLockEnabled"]),
    ("AWS::KMS::Key", &["KeySpec", "KeyUsage", "MultiRegion", "Origin"]),
    ("AWS::SecretsManager::Secret", &["Name"]),
    ("AWS::Logs::LogGroup", &["LogGroupName", "LogGroupClass"]),
    ("AWS::MSK::Cluster", &["ClusterName", "BrokerNodeGroupInfo", "EncryptionInfo"]),
    ("AWS::MSK::Topic", &["ClusterArn", "TopicName"]),
];

/// Changes that would replace or remove something that holds data.
pub fn endangered(plan: &StackPlanReport) -> Vec<&Change> {
    plan.stacks.iter().flat_map(|stack| &stack.changes).filter(|change| endangers(change)).collect()
}

fn endangers(change: &Change) -> bool {
    let Some((_, renewing)) = STATEFUL.iter().find(|(kind, _)| *kind == change.kind) else { return false };
    match change.action {
        Action::Replace | Action::Delete => true,
        // CloudFormation cannot say before it tries: then only properties that never replace are let through.
        Action::Change if change.replacement == "conditional" => {
            let harmless = |cause: &String| {
                let property = cause.strip_prefix("Properties.").and_then(|path| path.split('.').next());
                property.is_some_and(|property| !renewing.contains(&property)) || cause == "Tags"
            };
            change.because.is_empty() || !change.because.iter().all(harmless)
        }
        Action::Add | Action::Change => false,
    }
}

/// Refuses a plan that endangers data which was not named.
pub fn check(plan: &StackPlanReport, allowed: &[String]) -> anyhow::Result<()> {
    let refused: Vec<&Change> =
        endangered(plan).into_iter().filter(|change| !allowed.contains(&change.logical_id)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let flags: Vec<String> = refused.iter().map(|change| format!("--allow-replace {}", change.logical_id)).collect();
    let what = format!("the plan replaces or removes {} resources that hold data", refused.len());
    let mut failure = Failure::new(&codes::STACK_STATEFUL, what);
    for change in refused {
        let verb = if change.action == Action::Delete { "is removed" } else { "is replaced" };
        let because =
            if change.because.is_empty() { String::new() } else { format!(" by {}", change.because.join(", ")) };
        failure = failure.why(format!("{} ({}) {verb}{because}", change.logical_id, change.kind));
    }
    Err(failure.why("nothing was changed").fix(format!("onboardctl stack up {}", flags.join(" "))).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::StackPlan;

    fn plan(action: Action, kind: &str, replacement: &str) -> StackPlanReport {
        let change = Change {
            action,
            logical_id: "UsersTable".into(),
            kind: kind.into(),
            replacement: replacement.into(),
            because: Vec::new(),
        };
        let stack = StackPlan { stack: "platform".into(), name: "p".into(), changes: vec![change], also: Vec::new() };
        StackPlanReport::new(vec![stack])
    }

    #[test]
    fn data_is_kept_unless_each_resource_is_named() {
        let table = "AWS::DynamoDB::Table";
        for (action, kind, replacement, refused) in [
            (Action::Add, table, "never", false),
            (Action::Change, table, "never", false),
            (Action::Change, table, "conditional", true),
            (Action::Replace, table, "true", true),
            (Action::Delete, table, "never", true),
            (Action::Delete, "AWS::IAM::Role", "never", false),
            (Action::Delete, "AWS::KMS::Key", "never", true),
        ] {
            let plan = plan(action, kind, replacement);
            assert_eq!(check(&plan, &[]).is_err(), refused, "{action:?} {kind} {replacement}");
            assert!(check(&plan, &["UsersTable".into()]).is_ok());
        }
        for (cause, refused) in [
            ("Properties.KeySchema", true),
            ("Properties.KeySchema.0", true),
            ("Properties.StreamSpecification", false),
            ("Tags", false),
            ("Metadata", true),
        ] {
            let mut plan = plan(Action::Change, table, "conditional");
            plan.stacks[0].changes[0].because = vec![cause.to_owned()];
            assert_eq!(check(&plan, &[]).is_err(), refused, "{cause}");
        }
        let error = check(&plan(Action::Replace, table, "true"), &["Other".into()]).unwrap_err();
        assert_eq!(error.downcast_ref::<Failure>().unwrap().fix, ["onboardctl stack up --allow-replace UsersTable"]);
    }
}
