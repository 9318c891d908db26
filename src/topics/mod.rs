//! Topics through the MSK topic API: no Kafka client and no way into the cluster's network is needed
//! (`aws-facts.md`, section 0). Observe, plan, apply and read back; never deleted, never made smaller.

mod apply;
mod cluster;
mod configs;
mod list;
mod observe;
mod plan;
mod report;

pub use cluster::{cluster_arn, expect_cluster, require_cluster};
pub use list::{ConsumerLag, TopicRow, TopicsReport, list};
pub use observe::{Observed, observe};
pub use plan::{Action, Change, Desired, Rules, TopicPlan};
pub use report::TopicsPlanReport;

use crate::context::Context;
use crate::error::{Failure, codes};

/// What the topics have to become, from catalogue and cluster.
#[derive(Clone, Debug)]
pub struct Plan {
    cluster_arn: String,
    topics: Vec<TopicPlan>,
}

impl Plan {
    /// Whether there is nothing to do and nothing refused.
    pub fn is_empty(&self) -> bool {
        self.topics.iter().all(|topic| topic.action == Action::None)
    }

    /// The plan as data.
    pub fn report(&self) -> TopicsPlanReport {
        TopicsPlanReport::new(self.topics.clone(), false)
    }

    /// The refusal, when a topic's change is against the rules: nothing is sent then, not even for the others.
    pub fn refusal(&self) -> Option<Failure> {
        let refused: Vec<&TopicPlan> = self.topics.iter().filter(|topic| topic.action == Action::Refused).collect();
        let first = refused.first()?;
        let mut failure = Failure::new(
            &codes::TOPIC_REFUSED,
            format!("{} of {} topics would break a rule", refused.len(), self.topics.len()),
        );
        for topic in &refused {
            failure = failure.why(format!("{}: {}", topic.topic, topic.why.as_deref().unwrap_or("refused")));
        }
        if first.repartition {
            failure = failure.fix("onboardctl topics create --allow-repartition");
        }
        Some(failure.why("nothing was sent"))
    }
}

/// Observes the cluster and plans.
pub async fn plan(context: &Context, rules: Rules) -> anyhow::Result<Plan> {
    let cluster_arn = require_cluster(context).await?;
    let observed = observe::observe(context, &cluster_arn).await?;
    let brokers = observe::brokers(context, &cluster_arn).await?;
    let settings = &context.settings;
    let topics = settings.catalogue.topics.iter().map(|(name, topic)| {
        let physical = settings.environment.topic(name);
        let desired = Desired::new(&physical, topic, brokers);
        plan::plan(&desired, observed.get(&physical), rules)
    });
    Ok(Plan { cluster_arn, topics: topics.collect() })
}

/// Makes the topics what the catalogue says: plans, carries out the plan, reads back. The second run changes nothing.
///
/// # Errors
/// [`codes::TOPIC_REFUSED`] before anything is sent; the calls' own; [`codes::TOPIC_TIMEOUT`] when a topic does not
/// become active.
pub async fn create(context: &Context, rules: Rules) -> anyhow::Result<TopicsPlanReport> {
    let plan = plan(context, rules).await?;
    apply_plan(context, &plan).await
}

/// Shows the plan's calls where `--explain-aws` and `--dry-run` ask for that; else does nothing.
///
/// # Errors
/// A call cannot be built.
pub async fn rehearse(context: &Context, plan: &Plan) -> anyhow::Result<()> {
    if context.aws.rehearses() {
        apply::rehearse(&context.unheard(), &plan.cluster_arn, &plan.topics).await?;
    }
    Ok(())
}

/// Carries out exactly this plan.
///
/// # Errors
/// As of [`create`].
pub async fn apply_plan(context: &Context, plan: &Plan) -> anyhow::Result<TopicsPlanReport> {
    if let Some(refusal) = plan.refusal() {
        return Err(refusal.into());
    }
    if !plan.is_empty() {
        context.guard_change().await?;
        apply::apply(context, &plan.cluster_arn, &plan.topics).await?;
    }
    Ok(TopicsPlanReport::new(plan.topics.clone(), true))
}
