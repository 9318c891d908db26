//! One reader per part of the screen.

use futures::{StreamExt, TryStreamExt, stream};

use super::report::{AlarmLine, FrontendLine, FunctionLine, LagLine, StackLine, TopicLine};
use crate::aws::{SendExt, error_code, error_message};
use crate::catalogue::{Bucket, Instance};
use crate::context::Context;
use crate::environment::Outputs;
use crate::topics;

/// How many functions are read at once: Lambda's control plane allows about 15 requests a second
/// (`aws-facts.md`, section 3).
const AT_ONCE: usize = 5;

/// The page that every deployed site has.
const FIRST_PAGE: &str = "index.html";

/// The stacks of the catalogue.
pub async fn stacks(context: &Context) -> anyhow::Result<Vec<StackLine>> {
    let client = context.aws.cloudformation().await?;
    let settings = &context.settings;
    let brings_cluster = settings.environment.cluster_arn()?.is_some();
    let mut lines = Vec::new();
    for (key, stack) in &settings.catalogue.stacks {
        let name = settings.environment.stack(key);
        let status = if stack.skip_with_existing_cluster && brings_cluster {
            "skipped".to_owned()
        } else {
            match client.describe_stacks().stack_name(&name).send().await.called("cloudformation:DescribeStacks") {
                Ok(described) => described
                    .stacks()
                    .first()
                    .and_then(|stack| stack.stack_status())
                    .map_or("absent", |status| status.as_str())
                    .to_owned(),
                // A missing stack is a ValidationError, told apart only by its message (`aws-facts.md`, section 4).
                Err(error)
                    if error_code(&error) == Some("ValidationError")
                        && error_message(&error).is_some_and(|text| text.contains("does not exist")) =>
                {
                    "absent".to_owned()
                }
                Err(error) => return Err(error),
            }
        };
        lines.push(StackLine { stack: key.to_string(), name, status });
    }
    Ok(lines)
}

/// The functions of the catalogue, behind their alias.
pub async fn functions(context: &Context) -> anyhow::Result<Vec<FunctionLine>> {
    stream::iter(context.settings.catalogue.instances())
        .map(|instance| function(context, instance))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn function(context: &Context, instance: Instance) -> anyhow::Result<FunctionLine> {
    let environment = &context.settings.environment;
    let get = context
        .aws
        .lambda()
        .await?
        .get_function_configuration()
        .function_name(environment.function_name(&instance))
        .qualifier(environment.alias());
    let (live_version, state) = match get.send().await.called("lambda:GetFunctionConfiguration") {
        Ok(function) => {
            (function.version, function.state.map_or_else(|| "unknown".to_owned(), |state| state.as_str().to_owned()))
        }
        Err(error) if error_code(&error) == Some("ResourceNotFoundException") => (None, "absent".to_owned()),
        Err(error) => return Err(error),
    };
    Ok(FunctionLine { function: instance.label(), live_version, state })
}

/// The topics of the catalogue.
pub async fn topics(context: &Context) -> anyhow::Result<Vec<TopicLine>> {
    let cluster = topics::require_cluster(context).await?;
    let observed = topics::observe(context, &cluster).await?;
    let names = context.settings.catalogue.topics.keys().map(|name| context.settings.environment.topic(name));
    Ok(names.map(|topic| TopicLine { partitions: observed.get(&topic).map(|found| found.partitions), topic }).collect())
}

/// The consumer groups, as far as the brokers can be reached.
pub async fn lag(context: &Context) -> anyhow::Result<Vec<LagLine>> {
    let listed = topics::list(context).await?;
    Ok(listed
        .topics
        .into_iter()
        .flat_map(|row| row.consumers.into_iter().map(move |consumer| (row.topic.clone(), consumer)))
        .map(|(topic, consumer)| LagLine {
            verdict: verdict(consumer.lag).into(),
            group: consumer.group,
            topic,
            total_lag: consumer.lag,
        })
        .collect())
}

fn verdict(lag: Option<i64>) -> &'static str {
    if lag == Some(0) { "caught_up" } else { "unknown" }
}

/// The alarms whose name carries prefix and environment.
pub async fn alarms(context: &Context) -> anyhow::Result<Vec<AlarmLine>> {
    let environment = &context.settings.environment;
    let client = context.aws.cloudwatch().await?;
    let mut pages =
        client.describe_alarms().alarm_name_prefix(format!("{}-", environment.prefix)).into_paginator().send();
    let mut lines = Vec::new();
    while let Some(page) = pages.next().await {
        for alarm in page.called("cloudwatch:DescribeAlarms")?.metric_alarms.unwrap_or_default() {
            let name = alarm.alarm_name.unwrap_or_default();
            if is_of(&name, environment.name.as_str()) {
                lines.push(AlarmLine {
                    name,
                    state: alarm.state_value.map_or_else(|| "unknown".into(), |state| state.as_str().to_owned()),
                    reason: alarm.state_reason.unwrap_or_default(),
                });
            }
        }
    }
    Ok(lines)
}

/// Whether one of the name's parts is the environment's name.
fn is_of(name: &str, environment: &str) -> bool {
    name.split(['-', '/', '.']).any(|part| part == environment)
}

/// Whether the site's first page is in its bucket.
pub async fn frontend(context: &Context, outputs: &Outputs) -> anyhow::Result<FrontendLine> {
    let bucket = outputs
        .get("FrontendBucket")
        .map_or_else(|| context.settings.environment.bucket(Bucket::Frontend), str::to_owned);
    // HEAD answers carry no error code, and without s3:ListBucket a missing object is a 403; listing tells both apart.
    let listed = context
        .aws
        .s3()
        .await?
        .list_objects_v2()
        .bucket(bucket)
        .prefix(FIRST_PAGE)
        .max_keys(1)
        .send()
        .await
        .called("s3:ListBucket");
    let state = match listed {
        Ok(listed) if listed.contents().iter().any(|object| object.key() == Some(FIRST_PAGE)) => "deployed",
        Ok(_) => "not_deployed",
        Err(error) if error_code(&error) == Some("NoSuchBucket") => "not_deployed",
        Err(error) => return Err(error),
    };
    Ok(FrontendLine { state: state.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_belongs_to_the_environment_that_its_name_carries() {
        assert!(is_of("onboard-ai-lag-dev", "dev"));
        assert!(is_of("onboard-ai-dev-errors", "dev"));
        assert!(!is_of("onboard-ai-lag-devel", "dev"));
    }

    #[test]
    fn one_look_tells_only_that_nothing_waits() {
        assert_eq!(verdict(Some(0)), "caught_up");
        assert_eq!(verdict(Some(3)), "unknown");
        assert_eq!(verdict(None), "unknown");
    }
}
