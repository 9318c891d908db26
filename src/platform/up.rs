//! Bringing everything up: what would change, and doing it under the lock.

use std::time::{Duration, Instant};

use super::part::Parts;
use super::report::{UpReport, Urls};
use crate::context::Context;
use crate::environment::Outputs;
use crate::exit::Exit;
use crate::functions::{self, DeployOptions, PlanAction};
use crate::release::origin::Git;
use crate::release::snapshot::Scope;
use crate::release::{self, ReleaseRow};
use crate::{stack, topics};

/// What a run may do.
#[derive(Clone, Debug, Default)]
pub struct UpOptions {
    /// What the stacks may replace.
    pub stack: stack::UpOptions,
    /// What the topics may become.
    pub topics: topics::Rules,
}

/// How a part stands before anything is done.
#[derive(Clone, Debug)]
pub enum Standing<T> {
    /// Its plan.
    Planned(T),
    /// It cannot be planned before the stack is there.
    AfterStack,
}

/// What would change, part by part.
#[derive(Debug)]
pub struct UpPlan {
    /// The stacks.
    pub stack: stack::StackPlanReport,
    /// The topics.
    pub topics: Standing<topics::Plan>,
    /// The functions.
    pub functions: Standing<functions::Prepared>,
    /// Whether the stacks replace or remove something that holds data.
    pub endangers_data: bool,
    took: [Duration; 3],
}

impl UpPlan {
    /// Observes and plans every part, side by side. Nothing is changed; change sets that were made are removed again.
    ///
    /// # Errors
    /// A part cannot be observed although the stack is there.
    pub async fn observe(context: &Context, options: &UpOptions) -> anyhow::Result<Self> {
        let deploy = DeployOptions::default();
        let (stack, planned_topics, prepared) = tokio::join!(
            timed(stacks(context, options)),
            timed(topics::plan(context, options.topics)),
            timed(functions::prepare(context, &deploy)),
        );
        let took = [stack.1, planned_topics.1, prepared.1];
        let (stack, endangers_data) = stack.0?;
        match &planned_topics.0 {
            Ok(plan) => topics::rehearse(context, plan).await?,
            Err(_) => context.aws.remark("topics: known once the stacks are there"),
        }
        match &prepared.0 {
            Ok(prepared) => functions::rehearse(context, prepared, &deploy).await?,
            Err(_) => context.aws.remark("functions: known once the stacks are there"),
        }
        // Without the stack's outputs the other parts cannot be planned, and their errors say nothing more.
        let pending = !stack.is_empty();
        Ok(Self {
            topics: standing(planned_topics.0, pending)?,
            functions: standing(prepared.0, pending)?,
            stack,
            endangers_data,
            took,
        })
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        let topics = matches!(&self.topics, Standing::Planned(plan) if plan.is_empty());
        let functions = matches!(&self.functions, Standing::Planned(plan) if plan.is_empty());
        self.stack.is_empty() && topics && functions
    }

    /// The functions' code: what the plan was made of, or built once the stack is there.
    fn code(&self) -> functions::Code {
        match &self.functions {
            Standing::Planned(prepared) => prepared.code(),
            Standing::AfterStack => functions::Code::Build,
        }
    }

    /// One line per part for a run that stops here.
    pub fn summaries(&self) -> [(&'static str, bool, String); 3] {
        let later = || (true, "planned once the stack is there".to_owned());
        let (topics_change, topics) = match &self.topics {
            Standing::Planned(plan) => (!plan.is_empty(), plan.report().summary()),
            Standing::AfterStack => later(),
        };
        let (functions_change, functions) = match &self.functions {
            Standing::Planned(plan) => (!plan.is_empty(), lambdas(&plan.report())),
            Standing::AfterStack => later(),
        };
        [
            ("stack", !self.stack.is_empty(), self.stack.totals.to_string()),
            ("topics", topics_change, topics),
            ("lambdas", functions_change, functions),
        ]
    }

    /// Tells of every part that it had nothing to do, or what it would do.
    pub fn tell(&self, parts: &mut Parts<'_>) {
        for ((part, changes, summary), took) in self.summaries().into_iter().zip(self.took) {
            if changes { parts.would_change(part, summary, took) } else { parts.unchanged(part, took) }
        }
    }

    /// Does it: takes the lock, observes and plans every part again, carries the plans out, records the release.
    ///
    /// # Errors
    /// The lock is held, or a part fails; later parts are not begun. What was done by then stands in `report`.
    pub async fn apply(&self, context: &Context, options: &UpOptions, report: &mut UpReport) -> anyhow::Result<()> {
        context.guard_change().await?;
        let mut parts = Parts::new(&context.events);
        // The lock lives in a table of the bootstrap stack, so that stack alone comes before it.
        // CloudFormation itself lets only one operation at a time change it.
        stack::up_bootstrap(context).await?;
        let ended = release::guarded_as(context, "up", Scope::ALL, async |context, row| {
            bring_up(context, options, self.code(), row, &mut parts).await?;
            Ok(((), Exit::Done))
        })
        .await;
        report.parts.extend(parts.reports());
        report.release = Some(ended?.release);
        Ok(())
    }
}

async fn bring_up(
    context: &Context,
    options: &UpOptions,
    code: functions::Code,
    row: &ReleaseRow,
    parts: &mut Parts<'_>,
) -> anyhow::Result<()> {
    parts
        .run("stack", async {
            let done = stack::up(context, &options.stack).await?;
            Ok((done.changed(), done.summary(), ()))
        })
        .await?;
    parts
        .run("topics", async {
            let done = topics::create(context, options.topics).await?;
            Ok((done.changed(), done.summary(), ()))
        })
        .await?;
    let deploy = DeployOptions {
        code,
        release_id: Some(row.id.clone()),
        git: row.git.as_ref().map(Git::revision),
        who: Some(row.who.clone()),
        ..DeployOptions::default()
    };
    parts
        .run("lambdas", async {
            let done = functions::deploy(context, &deploy).await?;
            match done.failure() {
                Some(failure) => Err(failure.into()),
                None => Ok((done.changed(), done.summary(), ())),
            }
        })
        .await
}

/// Where the platform is, from the connection file or the stack.
///
/// # Errors
/// The outputs cannot be read, or there is no site yet.
pub async fn urls(context: &Context) -> anyhow::Result<Urls> {
    let environment = &context.settings.environment;
    let site = match &environment.site {
        Some(site) => site.clone(),
        None => Outputs::read(context).await?.require("SiteUrl", environment)?.to_owned(),
    };
    Ok(Urls::of(&site, environment.endpoint()?))
}

/// The stacks' plan, and whether it endangers data.
async fn stacks(context: &Context, options: &UpOptions) -> anyhow::Result<(stack::StackPlanReport, bool)> {
    let prepared = stack::prepare(context).await?;
    let checked = prepared.check(&options.stack.allow_replace);
    prepared.rehearse(context).await?;
    // What is planned before the lock is planned once more under it, so these change sets are of no further use.
    prepared.discard(context).await?;
    checked?;
    Ok((prepared.report.clone(), prepared.endangers_data()))
}

fn lambdas(plan: &functions::LambdasPlanReport) -> String {
    let actions = [
        (PlanAction::Create, "to create"),
        (PlanAction::Update, "to update"),
        (PlanAction::Refused, "refused"),
        (PlanAction::None, "unchanged"),
    ];
    let counted = actions.map(|(action, word)| (plan.count(action), word));
    counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect::<Vec<_>>()
        .join(", ")
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    (work.await, begun.elapsed())
}

fn standing<T>(planned: anyhow::Result<T>, stack_changes: bool) -> anyhow::Result<Standing<T>> {
    match planned {
        Ok(plan) => Ok(Standing::Planned(plan)),
        Err(_) if stack_changes => Ok(Standing::AfterStack),
        Err(error) => Err(error),
    }
}
