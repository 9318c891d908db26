//! Carries out a plan, topic by topic, and reads each one back.

use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};

use super::configs;
use super::observe::{AT_ONCE, describe};
use super::plan::{self, Action, Rules, TopicPlan};
use crate::aws::{SendExt, error_code, rehearsed};
use crate::context::Context;
use crate::error::{Failure, codes};

/// Reads lag writes by about a minute (`aws-facts.md`, section 1, "Topics"), and a topic may be in work before that.
const PATIENCE: Duration = Duration::from_mins(5);
/// Between two looks, at first and at most.
const LOOKS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
/// An old answer may say ACTIVE once, so it has to be seen twice (`aws-facts.md`).
const SIGHTINGS: u32 = 2;

/// The part's name in events.
pub const PART: &str = "topics";

/// Every topic of the plan that is to be made or changed.
pub async fn apply(context: &Context, cluster_arn: &str, topics: &[TopicPlan]) -> anyhow::Result<()> {
    let work = topics.iter().filter(|topic| matches!(topic.action, Action::Create | Action::Change));
    stream::iter(work).map(|topic| apply_one(context, cluster_arn, topic)).buffer_unordered(AT_ONCE).try_collect().await
}

/// `--explain-aws` with `--dry-run`: builds every call of the plan, which the clients show and do not send.
pub async fn rehearse(context: &Context, cluster_arn: &str, topics: &[TopicPlan]) -> anyhow::Result<()> {
    for plan in topics {
        if plan.action == Action::Create {
            rehearsed(create(context, cluster_arn, plan).await)?;
        }
        if plan.action == Action::Change {
            let steps = Steps::of(plan);
            if steps.configure {
                rehearsed(configure(context, cluster_arn, plan).await)?;
            }
            if steps.repartition {
                rehearsed(repartition(context, cluster_arn, plan).await)?;
            }
        }
    }
    Ok(())
}

async fn apply_one(context: &Context, cluster_arn: &str, plan: &TopicPlan) -> anyhow::Result<()> {
    let state = |state: &str, finished| context.events.item(PART, &plan.topic, state, finished);
    context.before_change().await?;
    if plan.action == Action::Create {
        state("creating", false);
        create(context, cluster_arn, plan).await?;
        settled(context, cluster_arn, plan, |_| true).await?;
    } else {
        state("changing", false);
        change(context, cluster_arn, plan).await?;
    }
    state(if plan.action == Action::Create { "created" } else { "changed" }, true);
    Ok(())
}

async fn create(context: &Context, cluster_arn: &str, plan: &TopicPlan) -> anyhow::Result<()> {
    let desired = &plan.desired;
    let client = context.aws.kafka().await?;
    let request = client
        .create_topic()
        .cluster_arn(cluster_arn)
        .topic_name(&desired.name)
        .partition_count(desired.partitions)
        .replication_factor(desired.replication)
        .configs(configs::encode(&desired.configs)?);
    match request.send().await.called("kafka:CreateTopic") {
        // Somebody else made it meanwhile: good when it has the wanted shape, which reading back shows.
        Err(error) if error_code(&error) == Some("TopicExistsException") => Ok(()),
        other => other.map(|_| ()),
    }
}

/// `UpdateTopic` takes either configuration or a number of partitions in one call.
async fn change(context: &Context, cluster_arn: &str, plan: &TopicPlan) -> anyhow::Result<()> {
    let steps = Steps::of(plan);
    if steps.configure {
        configure(context, cluster_arn, plan).await?;
        settled(context, cluster_arn, plan, |key| key != "partitions").await?;
    }
    if steps.repartition {
        context.before_change().await?;
        repartition(context, cluster_arn, plan).await?;
        settled(context, cluster_arn, plan, |_| true).await?;
    }
    Ok(())
}

/// Which calls a change needs.
struct Steps {
    configure: bool,
    repartition: bool,
}

impl Steps {
    fn of(plan: &TopicPlan) -> Self {
        let any = |wanted: &dyn Fn(&str) -> bool| plan.changes.iter().any(|change| wanted(&change.key));
        Self {
            configure: any(&|key| plan.desired.configs.contains_key(key)),
            repartition: any(&|key| key == "partitions"),
        }
    }
}

async fn configure(context: &Context, cluster_arn: &str, plan: &TopicPlan) -> anyhow::Result<()> {
    let client = context.aws.kafka().await?;
    let request = client.update_topic().cluster_arn(cluster_arn).topic_name(&plan.desired.name);
    let request = request.configs(configs::encode(&plan.desired.configs)?);
    request.send().await.called("kafka:UpdateTopic").map(|_| ())
}

async fn repartition(context: &Context, cluster_arn: &str, plan: &TopicPlan) -> anyhow::Result<()> {
    let client = context.aws.kafka().await?;
    let request = client.update_topic().cluster_arn(cluster_arn).topic_name(&plan.desired.name);
    request.partition_count(plan.desired.partitions).send().await.called("kafka:UpdateTopic").map(|_| ())
}

/// Waits until the topic is active and has every wanted value whose key `counts`.
async fn settled(
    context: &Context,
    cluster_arn: &str,
    plan: &TopicPlan,
    counts: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let (mut pause, longest) = LOOKS;
    let mut seen = 0;
    loop {
        let observed = describe(context, cluster_arn, &plan.topic).await?;
        let ready = observed.as_ref().is_some_and(|topic| {
            let rest = plan::plan(&plan.desired, Some(topic), Rules::default()).changes;
            topic.is_active && !rest.iter().any(|change| counts(&change.key))
        });
        seen = if ready { seen + 1 } else { 0 };
        if seen >= SIGHTINGS {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let state =
                if observed.is_some() { "it is not as it was asked for" } else { "the service does not know it yet" };
            return Err(Failure::new(
                &codes::TOPIC_TIMEOUT,
                format!("topic {} did not become active in {} s", plan.topic, PATIENCE.as_secs()),
            )
            .why(state)
            .fix("onboardctl topics plan")
            .retryable()
            .into());
        }
        tokio::select! {
            () = context.cancel.cancelled() => return Err(context.ended("MSK goes on with the topics that were asked for", "onboardctl topics plan")),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(longest);
    }
}
