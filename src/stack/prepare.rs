//! Observing and planning every stack: the plan that is shown, with the change sets that carry it out.

use std::collections::BTreeMap;

use super::change_set::{self, ChangeSet, Surroundings};
use super::cluster_access;
use super::desired::{self, Desired};
use super::follow;
use super::observe::{self, Observed};
use super::plan::{Step, also, compare_templates, decide};
use super::report::{StackPlan, StackPlanReport};
use super::status::{Standing, standing};
use super::up;
use crate::aws::{Mode, rehearsed};
use crate::catalogue::StackKey;
use crate::context::Context;
use crate::error::{Failure, codes};

/// A plan and what carries it out.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is shown.
    pub report: StackPlanReport,
    pub(super) stacks: Vec<PreparedStack>,
}

/// One stack's plan.
#[derive(Clone, Debug)]
pub struct PreparedStack {
    pub(super) desired: Desired,
    pub(super) observed: Option<Observed>,
    pub(super) step: Step,
    pub(super) plan: StackPlan,
    pub(super) change_set: Option<ChangeSet>,
}

impl Prepared {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.report.is_empty()
    }

    /// Refuses a plan that replaces or removes what holds data and was not named by `--allow-replace`.
    ///
    /// # Errors
    /// `E-STACK-002`, listing each resource.
    pub fn check(&self, allow_replace: &[String]) -> anyhow::Result<()> {
        super::guard::check(&self.report, allow_replace)
    }

    /// Whether the plan replaces or removes what holds data.
    pub fn endangers_data(&self) -> bool {
        !super::guard::endangered(&self.report).is_empty()
    }

    /// Shows the calls that would carry the plan out where `--explain-aws` and `--dry-run` ask for that. A stack whose
    /// change set cannot be made before an earlier stack is there has none yet.
    ///
    /// # Errors
    /// A call cannot be built.
    pub async fn rehearse(&self, context: &Context) -> anyhow::Result<()> {
        if !context.aws.rehearses() {
            return Ok(());
        }
        let context = &context.unheard();
        for stack in &self.stacks {
            if !stack.step_is_done() && stack.change_set.is_none() {
                context.aws.remark(format!("{}: known once the stacks before it are there", stack.desired.name));
            }
            if let Some(set) = &stack.change_set {
                rehearsed(change_set::begin(context, set, "rehearsed").await)?;
            }
            let protected = stack.observed.as_ref().is_some_and(|observed| observed.protected);
            let there = stack.change_set.is_some() || stack.observed.is_some();
            if there && protected != stack.desired.protected {
                rehearsed(up::protect(context, &stack.desired.name, stack.desired.protected).await)?;
            }
        }
        if !self.is_empty() && self.stacks.iter().all(PreparedStack::step_is_done) {
            let outputs = self.stacks.iter().filter_map(|stack| stack.observed.as_ref());
            let outputs = outputs.flat_map(|observed| observed.outputs.clone()).collect();
            rehearsed(cluster_access::associate(context, &outputs).await)?;
        }
        Ok(())
    }

    /// Removes the change sets.
    ///
    /// # Errors
    /// One cannot be removed.
    pub async fn discard(&self, context: &Context) -> anyhow::Result<()> {
        for set in self.stacks.iter().filter_map(|stack| stack.change_set.as_ref()) {
            change_set::discard(context, set).await?;
        }
        Ok(())
    }
}

/// Observes and plans every stack of the environment, making a change set for each that differs.
///
/// # Errors
/// A stack cannot be read, is stuck, or CloudFormation refuses a template.
pub async fn prepare(context: &Context) -> anyhow::Result<Prepared> {
    let mut prepared = Prepared { report: StackPlanReport::new(Vec::new()), stacks: Vec::new() };
    let mut outputs = BTreeMap::new();
    let mut pending = false;
    for (key, _) in desired::applicable(context)? {
        match one(context, &key, &outputs, pending).await {
            Ok(stack) => {
                pending |= !stack.step_is_done();
                outputs.extend(stack.observed.iter().flat_map(|observed| observed.outputs.clone()));
                prepared.stacks.push(stack);
            }
            Err(error) => {
                // What was already made for this plan is of no use without the rest.
                let _first_error_counts = prepared.discard(context).await;
                return Err(error);
            }
        }
    }
    if !pending && let Some(last) = prepared.stacks.last_mut() {
        let missing = cluster_access::missing_secrets(context, &outputs).await?;
        last.plan.also.extend(missing.iter().map(|secret| format!("associate {secret} with the cluster")));
    }
    prepared.report = StackPlanReport::new(prepared.stacks.iter().map(|stack| stack.plan.clone()).collect());
    Ok(prepared)
}

impl PreparedStack {
    fn step_is_done(&self) -> bool {
        matches!(self.step, Step::Unchanged | Step::Protect)
    }
}

/// Observes and plans one stack. `pending`: an earlier stack is about to change, so its outputs are not known yet.
pub(super) async fn one(
    context: &Context,
    key: &StackKey,
    outputs: &BTreeMap<String, String>,
    pending: bool,
) -> anyhow::Result<PreparedStack> {
    let settings = &context.settings;
    let desired = desired::desired(&settings.catalogue, &settings.environment, key, outputs)?;
    let (observed, deployed) = settled(context, &desired.name).await?;
    let step = decide(&desired, observed.as_ref(), deployed.as_deref());
    let mut plan = StackPlan {
        stack: key.to_string(),
        name: desired.name.clone(),
        changes: Vec::new(),
        also: also(&step, &desired, observed.as_ref()),
    };
    let mut prepared = PreparedStack { desired, observed, step, plan: plan.clone(), change_set: None };
    let desired = &prepared.desired;
    match &prepared.step {
        Step::Unchanged | Step::Protect => return Ok(prepared),
        Step::Stuck(way_out) => return Err(stuck(context, &prepared, way_out)),
        Step::Wait => return Err(busy(&prepared)),
        Step::Create | Step::Recreate | Step::Update => {}
    }
    if !pending && !desired.unresolved.is_empty() {
        return Err(unresolved(context, desired));
    }
    let surroundings = Surroundings::from_outputs(outputs);
    let by_template = context.aws.mode() == Mode::ReadOnly
        || prepared.step == Step::Recreate
        || !desired.unresolved.is_empty()
        || !surroundings.suffice(&desired.template);
    if by_template {
        plan.changes = compare_templates(deployed.as_deref(), &desired.template);
        if plan.changes.is_empty() {
            plan.also.push("parameters, tags or outputs".to_owned());
        }
        return Ok(PreparedStack { plan, ..prepared });
    }
    // Scratch, but not in somebody else's account.
    context.guard_change().await?;
    let set = change_set::create(context, desired, prepared.step == Step::Create, &surroundings).await?;
    if let Some(set) = set {
        plan.changes.clone_from(&set.changes);
        if set.changes.is_empty() {
            plan.also.push("outputs".to_owned());
        }
        prepared.change_set = Some(set);
    } else {
        prepared.step = Step::Unchanged;
    }
    prepared.plan = plan;
    Ok(prepared)
}

/// A stack and its deployed template, once nobody's operation runs on it.
async fn settled(context: &Context, name: &str) -> anyhow::Result<(Option<Observed>, Option<String>)> {
    let mut observed = observe::stack(context, name).await?;
    if let Some(busy) = observed.as_ref().filter(|observed| standing(&observed.status) == Standing::Busy) {
        observed = follow::settle(context, name, busy).await?;
    }
    let deployed = match &observed {
        Some(observed) if standing(&observed.status) == Standing::Settled => {
            Some(observe::template(context, name).await?)
        }
        _ => None,
    };
    Ok((observed, deployed))
}

fn stuck(context: &Context, prepared: &PreparedStack, way_out: &str) -> anyhow::Error {
    let status = prepared.observed.as_ref().map(|observed| observed.status.as_str()).unwrap_or_default();
    let mut failure = Failure::new(&codes::STACK_STUCK, format!("{} is {status}", prepared.desired.name)).why(way_out);
    if let Some(reason) = prepared.observed.as_ref().and_then(|observed| observed.reason.as_ref()) {
        failure = failure.why(reason);
    }
    failure.fix(format!("onboardctl stack events --env {}", context.environment_name())).into()
}

fn busy(prepared: &PreparedStack) -> anyhow::Error {
    let what = format!("someone else's operation runs on {}", prepared.desired.name);
    Failure::new(&codes::STACK_BUSY, what).retryable().into()
}

fn unresolved(context: &Context, desired: &Desired) -> anyhow::Error {
    let (name, missing) = (context.environment_name(), desired.unresolved.join(", "));
    Failure::new(&codes::STACK_PARAMETER, format!("{} has no value for {missing}", desired.name))
        .why("the template gives no default and no earlier stack has such an output")
        .fix(format!("set environments.{name}.parameters.{}.{missing} in platform.toml", desired.key))
        .into()
}
