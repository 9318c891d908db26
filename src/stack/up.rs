//! Carrying a plan out, stack by stack, and reading the result back.

use std::collections::BTreeMap;
use std::time::Instant;

use super::change_set::{self, Surroundings};
use super::desired;
use super::follow::{self, Operation};
use super::observe;
use super::plan::Step;
use super::prepare::{self, Prepared, PreparedStack};
use super::report::{StackPlanReport, StackUp, StackUpReport, Totals};
use super::status::{Standing, standing};
use super::{UpOptions, cluster_access, guard};
use crate::aws::SendExt;
use crate::context::Context;

/// Brings every stack up without asking: for callers that have asked.
///
/// # Errors
/// The plan endangers data that was not named, or a stack fails.
pub async fn up(context: &Context, options: &UpOptions) -> anyhow::Result<StackUpReport> {
    let prepared = prepare::prepare(context).await?;
    apply(context, prepared, options).await
}

/// Carries out exactly what was prepared. A stack whose inputs changed meanwhile, because an earlier stack's outputs
/// did, is planned once more.
///
/// # Errors
/// The plan endangers data that was not named, or a stack fails.
pub async fn apply(context: &Context, prepared: Prepared, options: &UpOptions) -> anyhow::Result<StackUpReport> {
    if let Err(error) = prepared.check(&options.allow_replace) {
        prepared.discard(context).await?;
        return Err(error);
    }
    let settled = prepared.is_empty();
    if !settled {
        context.guard_change().await?;
    }
    let mut report = StackUpReport::default();
    let mut outputs = BTreeMap::new();
    for stack in prepared.stacks {
        let began = Instant::now();
        let mut done = apply_one(context, stack, &outputs, options).await?;
        done.1.duration_ms = milliseconds(began);
        outputs.extend(done.0);
        report.stacks.push(done.1);
    }
    if !settled {
        let began = Instant::now();
        report.associated_secrets = cluster_access::associate(context, &outputs).await?;
        report.associated_ms = milliseconds(began);
    }
    Ok(report)
}

/// Makes the bootstrap stack where there is none yet, because lock and ledger live in it. `None` where it is there already.
///
/// # Errors
/// The stack fails.
pub async fn up_bootstrap(context: &Context) -> anyhow::Result<Option<StackUp>> {
    let Some(key) = context.settings.catalogue.bootstrap_stack() else { return Ok(None) };
    let found = observe::stack(context, &context.settings.environment.stack(key)).await?;
    let standing = found.map_or(Standing::Absent, |found| standing(&found.status));
    if matches!(standing, Standing::Settled | Standing::Stuck(_)) {
        return Ok(None);
    }
    context.guard_change().await?;
    let prepared = prepare::one(context, key, &BTreeMap::new(), false).await?;
    let began = Instant::now();
    let (_, mut done) = apply_one(context, prepared, &BTreeMap::new(), &UpOptions::default()).await?;
    done.duration_ms = milliseconds(began);
    Ok(Some(done))
}

fn milliseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

async fn apply_one(
    context: &Context,
    prepared: PreparedStack,
    outputs: &BTreeMap<String, String>,
    options: &UpOptions,
) -> anyhow::Result<(BTreeMap<String, String>, StackUp)> {
    let prepared = renewed(context, prepared, outputs, options).await?;
    let mut changed = false;
    if let Some(set) = executable(context, &prepared, outputs, options).await? {
        change_set::execute(context, &set).await?;
        changed = true;
    }
    let name = &prepared.desired.name;
    let mut after = match prepared.observed.clone().filter(|_| !changed) {
        Some(unchanged) => unchanged,
        None => read_back(context, name).await?,
    };
    if after.protected != prepared.desired.protected {
        context.before_change().await?;
        protect(context, name, prepared.desired.protected).await?;
        after = read_back(context, name).await?;
        changed = true;
    }
    let up = StackUp {
        stack: prepared.plan.stack.clone(),
        name: name.clone(),
        changed,
        totals: Totals::of(&prepared.plan.changes),
        status: after.status.as_str().to_owned(),
        duration_ms: 0,
    };
    Ok((after.outputs, up))
}

pub(super) async fn protect(context: &Context, name: &str, protected: bool) -> anyhow::Result<()> {
    let client = context.aws.cloudformation().await?;
    let request = client.update_termination_protection().stack_name(name).enable_termination_protection(protected);
    request.send().await.called("cloudformation:UpdateTerminationProtection").map(|_| ())
}

async fn read_back(context: &Context, name: &str) -> anyhow::Result<observe::Observed> {
    let stack = observe::stack(context, name).await?;
    stack.ok_or_else(|| anyhow::anyhow!("{name} was brought up and cannot be found afterwards"))
}

/// The prepared stack, planned once more where what it should be has changed since.
async fn renewed(
    context: &Context,
    prepared: PreparedStack,
    outputs: &BTreeMap<String, String>,
    options: &UpOptions,
) -> anyhow::Result<PreparedStack> {
    let settings = &context.settings;
    let now = desired::desired(&settings.catalogue, &settings.environment, &prepared.desired.key, outputs)?;
    if now == prepared.desired {
        return Ok(prepared);
    }
    if let Some(set) = &prepared.change_set {
        change_set::discard(context, set).await?;
    }
    let again = prepare::one(context, &prepared.desired.key, outputs, false).await?;
    guard_one(context, &again, options).await?;
    Ok(again)
}

/// The change set to execute: the prepared one, or one that could not be made before now.
async fn executable(
    context: &Context,
    prepared: &PreparedStack,
    outputs: &BTreeMap<String, String>,
    options: &UpOptions,
) -> anyhow::Result<Option<change_set::ChangeSet>> {
    if prepared.change_set.is_some() {
        return Ok(prepared.change_set.clone());
    }
    match prepared.step {
        Step::Create | Step::Update => {}
        Step::Recreate => delete(context, prepared).await?,
        _ => return Ok(None),
    }
    let creates = prepared.step != Step::Update;
    let set = change_set::create(context, &prepared.desired, creates, &Surroundings::from_outputs(outputs)).await?;
    if let Some(set) = &set {
        let mut planned = prepared.clone();
        planned.plan.changes.clone_from(&set.changes);
        planned.change_set = Some(set.clone());
        guard_one(context, &planned, options).await?;
    }
    Ok(set)
}

async fn guard_one(context: &Context, prepared: &PreparedStack, options: &UpOptions) -> anyhow::Result<()> {
    let plan = StackPlanReport::new(vec![prepared.plan.clone()]);
    let Err(error) = guard::check(&plan, &options.allow_replace) else { return Ok(()) };
    if let Some(set) = &prepared.change_set {
        change_set::discard(context, set).await?;
    }
    Err(error)
}

/// Deletes a stack whose creation was rolled back; what it retained stays.
async fn delete(context: &Context, prepared: &PreparedStack) -> anyhow::Result<()> {
    let Some(observed) = &prepared.observed else { return Ok(()) };
    let client = context.aws.cloudformation().await?;
    let token = format!("onboardctl-{}", uuid::Uuid::new_v4().simple());
    let after = follow::newest_event(context, &observed.id).await?;
    context.before_change().await?;
    let request = client.delete_stack().stack_name(&observed.id).client_request_token(&token);
    request.send().await.called("cloudformation:DeleteStack")?;
    let name = &prepared.desired.name;
    let operation = Operation { stack_id: &observed.id, name, token: Some(&token), after };
    let (status, seen) = follow::follow(context, &operation).await?;
    if status.as_str() == "DELETE_COMPLETE" {
        return Ok(());
    }
    follow::verdict(context, name, &observed.id, &status, &seen).await
}
