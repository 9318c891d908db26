//! Change sets: made, read, removed, executed.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Capability, ChangeAction, ChangeSetStatus, ChangeSetType, Parameter, Replacement, ResourceChange,
    ResourceChangeDetail, Tag,
};
use uuid::Uuid;

use super::desired::Desired;
use super::events;
use super::follow::{self, Operation};
use super::observe;
use super::report::{Action, Change};
use super::status::{Standing, standing};
use super::template::INLINE_BYTES;
use crate::aws::{Hints, Scratch, SendExt};
use crate::context::Context;
use crate::error::{Failure, codes};

/// A change set is made in seconds; validation of a large one takes a minute.
const LONGEST: Duration = Duration::from_mins(5);

/// A change set that can be executed.
#[derive(Clone, Debug)]
pub struct ChangeSet {
    /// Its ARN.
    pub id: String,
    /// The stack's id.
    pub stack_id: String,
    /// The stack's name.
    pub name: String,
    /// Whether the stack exists only for it.
    pub creates: bool,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// Where a change set gets what is not in the template.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The role that CloudFormation works with.
    pub role: Option<String>,
    /// The bucket for a template that is too long to be sent inline.
    pub bucket: Option<String>,
}

impl Surroundings {
    /// From the outputs of earlier stacks.
    pub fn from_outputs(outputs: &BTreeMap<String, String>) -> Self {
        Self { role: outputs.get("DeployRoleArn").cloned(), bucket: outputs.get("ArtifactsBucket").cloned() }
    }

    /// Whether a change set of this template can be made.
    pub fn suffice(&self, template: &str) -> bool {
        template.len() <= INLINE_BYTES || self.bucket.is_some()
    }
}

/// Makes a change set and reads it; `None` where CloudFormation finds nothing to change.
pub async fn create(
    context: &Context,
    desired: &Desired,
    creates: bool,
    surroundings: &Surroundings,
) -> anyhow::Result<Option<ChangeSet>> {
    let client = context.aws.cloudformation().await?;
    let token = format!("onboardctl-{}", Uuid::new_v4().simple());
    let mut request = client
        .create_change_set()
        .stack_name(&desired.name)
        .change_set_name(&token)
        .client_token(&token)
        .change_set_type(if creates { ChangeSetType::Create } else { ChangeSetType::Update })
        .set_parameters(Some(parameters(desired)))
        .set_tags(Some(tags(desired)))
        .capabilities(Capability::CapabilityNamedIam)
        .set_role_arn(surroundings.role.clone());
    request = if desired.template.len() <= INLINE_BYTES {
        request.template_body(&desired.template)
    } else {
        request.template_url(upload(context, desired, surroundings).await?)
    };
    let hints = Hints::new().secret_parameters(&desired.hidden).file("TemplateBody", desired.template_file());
    let answer = request.customize().interceptor(hints).send().await.called("cloudformation:CreateChangeSet")?;
    let mut set = ChangeSet {
        id: answer.id.unwrap_or_default(),
        stack_id: answer.stack_id.unwrap_or_default(),
        name: desired.name.clone(),
        creates,
        changes: Vec::new(),
    };
    let described = wait(context, &set).await?;
    if described.status == Some(ChangeSetStatus::CreateComplete) {
        set.changes = changes(context, &set, described).await?;
        return Ok(Some(set));
    }
    let reason = described.status_reason.unwrap_or_default();
    if is_empty(&reason) {
        discard(context, &set).await?;
        return Ok(None);
    }
    let mut failure = Failure::new(&codes::CHANGE_SET, format!("the change set of {} could not be made", set.name));
    failure = failure.why(reason);
    for finding in events::validation_findings(context, None, Some(&set.id)).await {
        failure = failure.why(format!("{} ({}): {}", finding.logical_id, finding.kind, finding.reason));
    }
    discard(context, &set).await?;
    Err(failure.why("nothing was changed").into())
}

/// CloudFormation's words for "nothing to change" (`aws-facts.md`, section 4, "Change set").
fn is_empty(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

fn parameters(desired: &Desired) -> Vec<Parameter> {
    let parameter = |(name, value)| Parameter::builder().parameter_key(name).parameter_value(value).build();
    desired.parameters.iter().map(parameter).collect()
}

fn tags(desired: &Desired) -> Vec<Tag> {
    desired.tags.iter().map(|(name, value)| Tag::builder().key(name).value(value).build()).collect()
}

/// Puts a long template into the artifacts bucket, named by its content, and gives its address.
async fn upload(context: &Context, desired: &Desired, surroundings: &Surroundings) -> anyhow::Result<String> {
    use sha2::{Digest, Sha256};
    let Some(bucket) = &surroundings.bucket else {
        return Err(Failure::new(&codes::STACK_TEMPLATE, format!("the template of {} is too long", desired.name))
            .why(format!("{} bytes, and only {INLINE_BYTES} are taken without a bucket", desired.template.len()))
            .fix(format!("onboardctl stack up --env {}", context.environment_name()))
            .into());
    };
    let digest = hex::encode(Sha256::digest(&desired.template));
    let key = format!("templates/{}-{}.yaml", desired.key, &digest[..16]);
    let client = context.aws.s3().await?;
    // Scratch: nobody reads the object but the change set.
    client
        .put_object()
        .bucket(bucket)
        .key(&key)
        .body(desired.template.clone().into_bytes().into())
        .customize()
        .interceptor(Scratch)
        .interceptor(Hints::new().file("Body", desired.template_file()))
        .send()
        .await
        .called("s3:PutObject")?;
    let entry = &context.settings.environment.entry;
    Ok(match context.settings.environment.endpoint()? {
        Some(endpoint) if entry.path_style => format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/')),
        _ => format!("https://{bucket}.s3.{}.amazonaws.com/{key}", entry.region),
    })
}

async fn wait(context: &Context, set: &ChangeSet) -> anyhow::Result<DescribeChangeSetOutput> {
    let client = context.aws.cloudformation().await?;
    let began = std::time::Instant::now();
    let mut interval = Duration::from_millis(50);
    loop {
        let answer = client
            .describe_change_set()
            .change_set_name(&set.id)
            .send()
            .await
            .called("cloudformation:DescribeChangeSet")?;
        let running =
            matches!(answer.status, None | Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress));
        if !running {
            return Ok(answer);
        }
        if began.elapsed() > LONGEST {
            let what = format!("the change set of {} was not ready within {} s", set.name, LONGEST.as_secs());
            return Err(Failure::new(&codes::CHANGE_SET, what).retryable().into());
        }
        tokio::select! {
            () = tokio::time::sleep(interval) => {}
            () = context.cancel.cancelled() => {
                return Err(context.ended("a change set is left, which changes nothing", "onboardctl stack plan"));
            }
        }
        interval = (interval * 2).min(Duration::from_secs(3));
    }
}

/// Every page of a change set's changes.
async fn changes(context: &Context, set: &ChangeSet, first: DescribeChangeSetOutput) -> anyhow::Result<Vec<Change>> {
    let client = context.aws.cloudformation().await?;
    let mut found = Vec::new();
    let mut page = first;
    loop {
        found
            .extend(page.changes.unwrap_or_default().into_iter().filter_map(|change| change.resource_change).map(read));
        let Some(next) = page.next_token else { break };
        let request = client.describe_change_set().change_set_name(&set.id).next_token(next);
        page = request.send().await.called("cloudformation:DescribeChangeSet")?;
    }
    found.sort_by(|left, right| left.logical_id.cmp(&right.logical_id));
    Ok(found)
}

/// One change in our words.
fn read(change: ResourceChange) -> Change {
    let replacement = match change.replacement {
        Some(Replacement::True) => "true",
        Some(Replacement::Conditional) => "conditional",
        _ => "never",
    };
    let action = match change.action {
        Some(ChangeAction::Add | ChangeAction::Import) => Action::Add,
        Some(ChangeAction::Remove) => Action::Delete,
        _ if replacement == "true" => Action::Replace,
        _ => Action::Change,
    };
    let mut because: Vec<String> = change.details.unwrap_or_default().iter().filter_map(cause).collect();
    because.sort_unstable();
    because.dedup();
    Change {
        action,
        logical_id: change.logical_resource_id.unwrap_or_default(),
        kind: change.resource_type.unwrap_or_default(),
        replacement: replacement.to_owned(),
        because,
    }
}

/// The property that a change comes from: `Properties.KeySchema`, `Tags`.
fn cause(detail: &ResourceChangeDetail) -> Option<String> {
    let target = detail.target()?;
    if let Some(path) = target.path() {
        return Some(path.trim_start_matches('/').replace('/', "."));
    }
    let attribute = target.attribute()?.as_str();
    Some(target.name().map_or_else(|| attribute.to_owned(), |name| format!("{attribute}.{name}")))
}

/// Removes a change set, and the empty stack that exists only for it.
pub async fn discard(context: &Context, set: &ChangeSet) -> anyhow::Result<()> {
    let client = context.aws.cloudformation().await?;
    client.delete_change_set().change_set_name(&set.id).send().await.called("cloudformation:DeleteChangeSet")?;
    if !set.creates {
        return Ok(());
    }
    // Only while nothing was ever made in it: REVIEW_IN_PROGRESS holds no resources.
    let stack = observe::stack(context, &set.stack_id).await?;
    if stack.is_some_and(|stack| standing(&stack.status) == Standing::Review) {
        let request = client.delete_stack().stack_name(&set.stack_id).customize().interceptor(Scratch);
        request.send().await.called("cloudformation:DeleteStack")?;
    }
    Ok(())
}

/// Executes a change set and follows it to its end.
pub async fn execute(context: &Context, set: &ChangeSet) -> anyhow::Result<()> {
    let token = format!("onboardctl-{}", Uuid::new_v4().simple());
    let after = follow::newest_event(context, &set.stack_id).await?;
    context.before_change().await?;
    begin(context, set, &token).await?;
    let operation = Operation { stack_id: &set.stack_id, name: &set.name, token: Some(&token), after };
    let (status, seen) = follow::follow(context, &operation).await?;
    follow::verdict(context, &set.name, &set.stack_id, &status, &seen).await
}

/// Begins to execute a change set.
pub async fn begin(context: &Context, set: &ChangeSet, token: &str) -> anyhow::Result<()> {
    let client = context.aws.cloudformation().await?;
    let request = client.execute_change_set().change_set_name(&set.id).client_request_token(token);
    request.send().await.called("cloudformation:ExecuteChangeSet").map(|_| ())
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{ResourceAttribute, ResourceTargetDefinition};

    use super::*;

    #[test]
    fn a_change_is_read_with_its_causes() {
        let target = ResourceTargetDefinition::builder().attribute(ResourceAttribute::Properties).name("KeySchema");
        let detail = ResourceChangeDetail::builder().target(target.build()).build();
        let change = ResourceChange::builder()
            .action(ChangeAction::Modify)
            .logical_resource_id("UsersTable")
            .resource_type("AWS::DynamoDB::Table")
            .replacement(Replacement::True)
            .details(detail.clone())
            .details(detail)
            .build();
        let read = read(change);
        assert_eq!((read.action, read.replacement.as_str()), (Action::Replace, "true"));
        assert_eq!(read.because, ["Properties.KeySchema"]);
    }

    #[test]
    fn no_changes_is_told_by_its_words() {
        assert!(is_empty("The submitted information didn't contain changes. Submit different information"));
        assert!(is_empty("No updates are to be performed."));
        assert!(!is_empty("Parameter Environment failed to satisfy constraint"));
    }
}
