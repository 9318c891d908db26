//! `lambdas plan`, `lambdas deploy` and `env sync`: the same path, with code or without.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures::{StreamExt, stream};

use super::apply::Work;
use super::build::{self, milliseconds};
use super::desired::{self, Desired, Facts};
use super::observe::{self, Observed};
use super::package::Artifact;
use super::plan::{self, FunctionPlan};
use super::report::{DeployAction, DeployedFunction, LambdasDeployReport, LambdasPlanReport, PlannedFunction};
use super::writes::Writer;
use super::{AT_ONCE, PART, select};
use crate::catalogue::FunctionKey;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::progress::Event;

/// Where functions' code comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Code {
    /// Built from source.
    #[default]
    Build,
    /// Zips in this folder, `<function>.zip`.
    Artifacts(PathBuf),
    /// What an earlier look at the same functions built or took, so that what is shown is what is deployed.
    Ready(BTreeMap<FunctionKey, Artifact>),
    /// Left as it is: variables and the rest of the configuration only (`env sync`).
    Keep,
}

/// What a deployment is about.
#[derive(Clone, Debug, Default)]
pub struct DeployOptions {
    /// Functions by name; empty: all.
    pub only: Vec<String>,
    /// Where their code comes from.
    pub code: Code,
    /// No further function is begun after one has failed.
    pub fail_fast: bool,
    /// The release in the ledger.
    pub release_id: Option<String>,
    /// The source revision, `<sha>` or `<sha>-dirty`.
    pub git: Option<String>,
    /// Who deploys.
    pub who: Option<String>,
}

impl DeployOptions {
    /// A new version's description: revision, person, release.
    fn description(&self) -> String {
        let git = self.git.as_deref().unwrap_or("no-git");
        let words = [Some(git), self.who.as_deref(), self.release_id.as_deref()];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Functions with what is there, what has to be, and what follows from it.
#[derive(Clone, Debug)]
pub struct Prepared {
    functions: Vec<Function>,
    code: Code,
}

#[derive(Clone, Debug)]
struct Function {
    desired: Desired,
    artifact: Option<Artifact>,
    observed: Observed,
    plan: Result<FunctionPlan, Failure>,
}

impl Prepared {
    /// Whether nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.functions.iter().all(|function| function.plan.as_ref().is_ok_and(FunctionPlan::is_empty))
    }

    /// Where the same functions' code comes from when they are prepared once more, under the lock.
    pub fn code(&self) -> Code {
        self.code.clone()
    }

    /// The plan as data.
    pub fn report(&self) -> LambdasPlanReport {
        LambdasPlanReport::new(
            self.functions
                .iter()
                .map(|function| PlannedFunction::new(&function.desired.name, &function.plan))
                .collect(),
        )
    }

    /// The first function that cannot be planned.
    pub fn failure(&self) -> Option<&Failure> {
        self.functions.iter().find_map(|function| function.plan.as_ref().err())
    }
}

/// Builds where that is asked for, observes and plans. Changes nothing.
pub async fn prepare(context: &Context, options: &DeployOptions) -> anyhow::Result<Prepared> {
    let instances = select::instances(context, &options.only)?;
    let packages = select::packages(&instances);
    let settings = &context.settings;
    let code = async {
        Ok(match &options.code {
            Code::Build => Some(build::artifacts(context, &packages).await?),
            Code::Artifacts(folder) => Some(build::adopt(context, &packages, folder).await?),
            Code::Ready(artifacts) => Some(artifacts.clone()),
            Code::Keep => None,
        })
    };
    let there = async {
        let facts = Facts::read(context).await?;
        let desired = desired::desired(&settings.catalogue, &settings.environment, &facts, &instances)?;
        let observed = observe::observe(context, &desired).await?;
        anyhow::Ok((desired, observed))
    };
    let (artifacts, (desired, observed)) = if matches!(options.code, Code::Artifacts(_)) {
        // What was built elsewhere is looked at in a moment, and what is wrong with it is told without any call.
        (code.await?, there.await?)
    } else {
        // The build takes a minute and the service a second: neither waits for the other.
        tokio::try_join!(code, there)?
    };
    let functions = desired.into_iter().zip(observed).map(|(desired, observed)| {
        let artifact = artifacts.as_ref().and_then(|artifacts| artifacts.get(&desired.instance.key)).cloned();
        let plan = plan::plan(&desired, artifact.as_ref(), &observed);
        Function { desired, artifact, observed, plan }
    });
    Ok(Prepared { functions: functions.collect(), code: artifacts.map_or(Code::Keep, Code::Ready) })
}

/// What a deployment would do.
pub async fn plan(context: &Context, options: &DeployOptions) -> anyhow::Result<LambdasPlanReport> {
    Ok(prepare(context, options).await?.report())
}

/// Deploys: prepares, carries out, reads back. A function that fails does not keep the others from being deployed;
/// [`LambdasDeployReport::failure`] says how it ended as a whole.
pub async fn deploy(context: &Context, options: &DeployOptions) -> anyhow::Result<LambdasDeployReport> {
    let prepared = prepare(context, options).await?;
    apply(context, &prepared, options).await
}

/// Shows the calls of what was prepared where `--explain-aws` and `--dry-run` ask for that; else does nothing.
pub async fn rehearse(context: &Context, prepared: &Prepared, options: &DeployOptions) -> anyhow::Result<()> {
    if !context.aws.rehearses() {
        return Ok(());
    }
    let context = &context.unheard();
    let (client, description) = (context.aws.lambda().await?, options.description());
    for function in &prepared.functions {
        let Ok(plan) = &function.plan else { continue };
        let (artifact, observed) = (function.artifact.as_ref(), &function.observed);
        let writer = Writer { context, client: client.clone(), desired: &function.desired };
        writer.rehearse(Work { artifact, observed, plan, description: &description }).await?;
    }
    Ok(())
}

/// Carries out exactly what was prepared.
pub async fn apply(
    context: &Context,
    prepared: &Prepared,
    options: &DeployOptions,
) -> anyhow::Result<LambdasDeployReport> {
    if !prepared.is_empty() {
        context.guard_change().await?;
    }
    let client = context.aws.lambda().await?;
    let description = options.description();
    let failed = AtomicBool::new(false);
    let (client, description, failed) = (&client, &description, &failed);
    let functions = stream::iter(&prepared.functions)
        .map(|function| async move {
            let begun = Instant::now();
            let result = if options.fail_fast && failed.load(Ordering::Relaxed) {
                Err(Failure::new(&codes::FUNCTIONS_FAILED, "it was not begun")
                    .why("--fail-fast, and another function had failed")
                    .into())
            } else {
                let writer = Writer { context, client: client.clone(), desired: &function.desired };
                one(&writer, function, description).await
            };
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            let row = row(function, result, milliseconds(begun));
            tell(context, &row);
            row
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    Ok(LambdasDeployReport::new(functions))
}

/// The version that is live afterwards; `None` where nothing had to be done.
async fn one(writer: &Writer<'_>, function: &Function, description: &str) -> anyhow::Result<Option<String>> {
    let plan = function.plan.clone()?;
    if plan.is_empty() {
        return Ok(None);
    }
    let work = Work { artifact: function.artifact.as_ref(), observed: &function.observed, plan: &plan, description };
    writer.carry_out(work).await.map(Some)
}

fn row(function: &Function, result: anyhow::Result<Option<String>>, duration_ms: u64) -> DeployedFunction {
    let Function { desired, artifact, observed, .. } = function;
    let from_version = observed.live.as_ref().map(|live| live.version.version.clone());
    let live = observed.live.as_ref().map(|live| &live.version);
    let code_sha256 = artifact
        .as_ref()
        .map(|artifact| artifact.code_sha256.clone())
        .or_else(|| live.map(|live| live.code_sha256.clone()));
    let bytes = artifact.as_ref().map(|artifact| artifact.bytes).or_else(|| live.map(|live| live.bytes));
    let (action, to_version, error) = match result {
        Ok(None) => (DeployAction::Unchanged, from_version.clone(), None),
        Ok(Some(version)) if observed.latest.is_none() => (DeployAction::Created, Some(version), None),
        Ok(Some(version)) => (DeployAction::Updated, Some(version), None),
        // What the alias still names is what serves, and that is what was there before.
        Err(error) => (DeployAction::Failed, from_version.clone(), Some(error)),
    };
    DeployedFunction {
        function: desired.name.clone(),
        action,
        from_version,
        to_version,
        code_sha256,
        bytes,
        duration_ms,
        error: error.as_ref().map(|error| format!("{error:#}")),
        failure: error.map(|error| match error.downcast_ref::<Failure>() {
            Some(failure) => failure.clone(),
            None => Failure::new(&codes::INTERNAL, format!("{error:#}")),
        }),
    }
}

fn tell(context: &Context, row: &DeployedFunction) {
    let from = row.from_version.as_deref().unwrap_or("-");
    let (state, detail) = match (row.action, &row.error) {
        (DeployAction::Unchanged, _) => ("unchanged", None),
        (DeployAction::Failed, error) => ("failed", error.clone()),
        (action, _) => (action.word(), row.to_version.as_ref().map(|to| format!("{from} -> {to}"))),
    };
    let (part, item, state) = (PART.to_owned(), row.function.clone(), state.to_owned());
    context.events.send(Event::Item { part, item, state, detail, finished: true });
}
