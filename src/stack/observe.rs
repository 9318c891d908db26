//! What a stack is: read-only calls.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::{Stack, StackStatus, TemplateStage};

use crate::aws::{SendExt, error_code, error_message};
use crate::context::Context;

/// One stack as it is.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Its id, which stays readable after its deletion.
    pub id: String,
    /// Its status.
    pub status: StackStatus,
    /// The status's reason.
    pub reason: Option<String>,
    /// Parameters with their deployed values; hidden ones are asterisks.
    pub parameters: BTreeMap<String, String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Outputs.
    pub outputs: BTreeMap<String, String>,
    /// Termination protection.
    pub protected: bool,
    /// When it was last changed.
    pub updated_at: Option<jiff::Timestamp>,
}

/// Reads a stack by name or id; `None` where it does not exist.
pub async fn stack(context: &Context, name: &str) -> anyhow::Result<Option<Observed>> {
    let client = context.aws.cloudformation().await?;
    let answer = client.describe_stacks().stack_name(name).send().await.called("cloudformation:DescribeStacks");
    match answer {
        Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next().and_then(observed)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A missing stack is a `ValidationError`, not an error of its own (`aws-facts.md`, section 4, "Change set").
pub fn is_absent(error: &anyhow::Error) -> bool {
    error_code(error) == Some("ValidationError")
        && error_message(error).is_some_and(|message| message.contains("does not exist"))
}

/// The deployed template as it was sent.
pub async fn template(context: &Context, name: &str) -> anyhow::Result<String> {
    let client = context.aws.cloudformation().await?;
    let request = client.get_template().stack_name(name).template_stage(TemplateStage::Original);
    let answer = request.send().await.called("cloudformation:GetTemplate")?;
    Ok(answer.template_body.unwrap_or_default())
}

fn observed(stack: Stack) -> Option<Observed> {
    let status = stack.stack_status?;
    let timestamp = stack.last_updated_time.or(stack.creation_time);
    Some(Observed {
        id: stack.stack_id.unwrap_or_default(),
        status,
        reason: stack.stack_status_reason.filter(|reason| !reason.is_empty()),
        parameters: pairs(stack.parameters, |entry| (entry.parameter_key, entry.parameter_value)),
        tags: pairs(stack.tags, |entry| (entry.key, entry.value)),
        outputs: pairs(stack.outputs, |entry| (entry.output_key, entry.output_value)),
        protected: stack.enable_termination_protection.unwrap_or(false),
        updated_at: timestamp.and_then(|time| time_of(&time)),
    })
}

fn pairs<T>(
    entries: Option<Vec<T>>,
    split: impl Fn(T) -> (Option<String>, Option<String>),
) -> BTreeMap<String, String> {
    let entries = entries.unwrap_or_default().into_iter().map(split);
    entries.filter_map(|(key, value)| Some((key?, value.unwrap_or_default()))).collect()
}

/// An SDK time as ours.
pub fn time_of(time: &aws_smithy_types::DateTime) -> Option<jiff::Timestamp> {
    jiff::Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}
