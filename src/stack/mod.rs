//! The platform's CloudFormation stacks: observe, plan by change set, apply with live events, read back.
//!
//! Deliberately absent until their commands exist: drift, cancel, recover, watch, time estimates.

mod change_set;
pub mod cluster_access;
mod desired;
mod events;
mod follow;
mod guard;
mod observe;
mod plan;
mod prepare;
mod report;
mod status;
mod template;
mod up;

use std::collections::BTreeMap;

pub use events::{EventRow, StackEventsReport, recent_events};
pub use prepare::{Prepared, prepare};
pub use report::{
    Action, Change, StackOutputReport, StackOutputsReport, StackPlan, StackPlanReport, StackStatusReport,
    StackStatusRow, StackUp, StackUpReport, Totals,
};
pub use template::TEMPLATES;
pub use up::{apply, up, up_bootstrap};

use crate::context::Context;
use crate::error::in_a_line;

/// What a change may do.
#[derive(Clone, Debug, Default)]
pub struct UpOptions {
    /// Logical ids of resources that hold data and may be replaced or removed: `--allow-replace ID`.
    pub allow_replace: Vec<String>,
}

/// What would change, stack by stack. Change sets that were made for it are removed again.
///
/// # Errors
/// A stack cannot be read, or CloudFormation refuses a template.
pub async fn plan(context: &Context) -> anyhow::Result<StackPlanReport> {
    let prepared = prepare(context).await?;
    let report = prepared.report.clone();
    prepared.discard(context).await?;
    Ok(report)
}

/// The outputs of every stack, merged; a stack that does not exist has none.
///
/// # Errors
/// A stack cannot be read.
pub async fn outputs(context: &Context) -> anyhow::Result<BTreeMap<String, String>> {
    let mut outputs = BTreeMap::new();
    for (_, name) in desired::applicable(context)? {
        if let Some(stack) = observe::stack(context, &name).await? {
            outputs.extend(stack.outputs);
        }
    }
    Ok(outputs)
}

/// The state of every stack; one that cannot be read is `unknown`, one that does not exist `absent`.
///
/// # Errors
/// The environment cannot be reached at all.
pub async fn status(context: &Context) -> anyhow::Result<StackStatusReport> {
    let mut stacks = Vec::new();
    for (key, name) in desired::applicable(context)? {
        stacks.push(match observe::stack(context, &name).await {
            Ok(Some(stack)) => StackStatusRow {
                stack: key.to_string(),
                name,
                status: stack.status.as_str().to_owned(),
                reason: stack.reason,
                updated_at: stack.updated_at,
                outputs: stack.outputs.len(),
            },
            Ok(None) => StackStatusRow::without(key.as_str(), name, "absent", None),
            Err(error) => StackStatusRow::without(key.as_str(), name, "unknown", Some(in_a_line(&error))),
        });
    }
    Ok(StackStatusReport { stacks })
}
