//! A temporary queue on the topics that people hear from: the only way to see what those deliver without being the mailbox
//! of an operator or of compliance.
//!
//! The queue's name carries the run's `UUIDv7`, so its age can be told, and its tags carry the customers, so that a
//! later run can remove everything that a killed one left.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::sockets::{Flow, LIMIT};
use super::wait::{Look, Waited, until};
use crate::aws::{Scratch, SendExt, error_code};
use crate::context::Context;

/// The tag that lists the run's customers, separated by spaces.
const CUSTOMERS_TAG: &str = "onboardctl-verify-customers";

/// How long a message may be waited for in one call, so that the end of waiting is noticed.
const LONG_POLL: Duration = Duration::from_secs(2);

/// Older queues belong to runs that were killed: no run takes this long.
pub const LEFT_OVER_AFTER: Duration = Duration::from_mins(15);

/// Topics of SNS that people hear from.
#[derive(Clone, Debug)]
pub struct Topics {
    /// Operators'.
    pub alerts: String,
    /// Compliance's.
    pub compliance: String,
}

impl Topics {
    fn arns(&self) -> [&str; 2] {
        [&self.alerts, &self.compliance]
    }
}

/// A message that people get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The topic that delivered it.
    pub topic_arn: String,
    /// What the consumer wrote.
    pub message: Value,
}

impl Notice {
    /// Whether it came over this topic and is about this customer.
    pub fn is(&self, topic_arn: &str, customer: &str) -> bool {
        self.topic_arn == topic_arn && self.message["customerId"] == customer
    }
}

/// A queue that receives what the topics say about the run's customers.
#[derive(Clone, Debug)]
pub struct NoticeQueue {
    sqs: aws_sdk_sqs::Client,
    sns: aws_sdk_sns::Client,
    /// Its address.
    url: String,
    subscriptions: Vec<String>,
    topics: Topics,
}

/// A queue that a killed run left behind.
#[derive(Clone, Debug)]
pub struct LeftOver {
    /// Its address.
    pub url: String,
    /// The customers of that run.
    pub customers: Vec<String>,
}

impl NoticeQueue {
    /// Makes the queue and subscribes it.
    pub async fn open(context: &Context, run: &str, topics: &Topics, customers: &[&str]) -> anyhow::Result<Self> {
        let environment = &context.settings.environment;
        let (sqs, sns) = (context.aws.sqs().await?, context.aws.sns().await?);
        let name = format!("{}{run}", name_prefix(context));
        let partition = topics.alerts.split(':').nth(1).unwrap_or("aws");
        let queue_arn =
            format!("arn:{partition}:sqs:{}:{}:{name}", environment.entry.region, environment.entry.account);
        let created = sqs
            .create_queue()
            .queue_name(&name)
            .attributes(QueueAttributeName::MessageRetentionPeriod, "600")
            .attributes(QueueAttributeName::Policy, policy(&queue_arn, topics).to_string())
            .tags(CUSTOMERS_TAG, customers.join(" "))
            .customize()
            .interceptor(Scratch)
            .send()
            .await
            .called("sqs:CreateQueue")?;
        let url = created.queue_url.unwrap_or_default();
        let mut queue = Self { sqs, sns, url, subscriptions: Vec::new(), topics: topics.clone() };
        for topic_arn in topics.arns() {
            match queue.subscribe(&queue_arn, topic_arn, customers).await {
                Ok(subscription) => queue.subscriptions.push(subscription),
                Err(error) => {
                    let _ = queue.close().await;
                    return Err(error);
                }
            }
        }
        Ok(queue)
    }

    async fn subscribe(&self, queue_arn: &str, topic_arn: &str, customers: &[&str]) -> anyhow::Result<String> {
        let subscribed = self
            .sns
            .subscribe()
            .topic_arn(topic_arn)
            .protocol("sqs")
            .endpoint(queue_arn)
            .return_subscription_arn(true)
            .attributes("FilterPolicyScope", "MessageBody")
            .attributes("FilterPolicy", json!({"customerId": customers}).to_string())
            .customize()
            .interceptor(Scratch)
            .send()
            .await
            .called("sns:Subscribe")?;
        Ok(subscribed.subscription_arn.unwrap_or_default())
    }

    /// Notices that wait, each removed from the queue. A filter is only in force after a while
    /// (SNS Developer Guide, "Subscription filter policies"), so the receiver looks at the customer again.
    pub async fn receive(&self, wait: Duration) -> anyhow::Result<Vec<Notice>> {
        let received = self
            .sqs
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(10)
            .wait_time_seconds(i32::try_from(wait.as_secs()).unwrap_or(20).min(20))
            .customize()
            .interceptor(Scratch)
            .send()
            .await
            .called("sqs:ReceiveMessage")?;
        let mut notices = Vec::new();
        for message in received.messages.unwrap_or_default() {
            notices.extend(read(message.body().unwrap_or_default()));
            if let Some(receipt) = message.receipt_handle() {
                self.sqs
                    .delete_message()
                    .queue_url(&self.url)
                    .receipt_handle(receipt)
                    .customize()
                    .interceptor(Scratch)
                    .send()
                    .await
                    .called("sqs:DeleteMessage")?;
            }
        }
        Ok(notices)
    }

    /// Removes subscriptions and queue.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.unsubscribe().await?;
        delete_queue(&self.sqs, &self.url).await
    }

    /// Removes the subscriptions only.
    pub async fn unsubscribe(&self) -> anyhow::Result<()> {
        for subscription in &self.subscriptions {
            unsubscribe(&self.sns, subscription).await?;
        }
        Ok(())
    }
}

impl Flow<'_> {
    /// Waits for a notice that `pick` takes from those that come together. `missing` is what is told until then.
    pub async fn notice(
        &self,
        start: Instant,
        stop: &CancellationToken,
        missing: &str,
        pick: impl Fn(&Topics, Vec<Notice>) -> Option<Notice>,
    ) -> Waited<Notice> {
        let queue = match &self.notices {
            Ok(queue) => queue,
            Err(why) => {
                let why = format!("no queue could be put on the topics that people hear from: {why}");
                return Waited::Unreadable(why);
            }
        };
        until(start, LIMIT, stop, async || {
            let picked = pick(&queue.topics, queue.receive(LONG_POLL).await?);
            Ok(picked.map_or_else(|| Look::NotYet(missing.to_owned()), Look::Found))
        })
        .await
    }
}

/// Queues of runs that were killed.
pub async fn left_over(context: &Context) -> anyhow::Result<Vec<LeftOver>> {
    let sqs = context.aws.sqs().await?;
    let prefix = name_prefix(context);
    let listed = sqs.list_queues().queue_name_prefix(&prefix).max_results(100).send().await.called("sqs:ListQueues")?;
    let mut found = Vec::new();
    for url in listed.queue_urls.unwrap_or_default() {
        if !is_left_over(&url, &prefix, jiff::Timestamp::now()) {
            continue;
        }
        let tags = match sqs.list_queue_tags().queue_url(&url).send().await.called("sqs:ListQueueTags") {
            Ok(tags) => tags.tags.unwrap_or_default(),
            Err(error) if is_gone(&error) => continue,
            Err(error) => return Err(error),
        };
        found.push(LeftOver { customers: customers_of(&tags), url });
    }
    Ok(found)
}

/// Removes a queue that was left behind, and what is subscribed to the topics for it.
pub async fn remove(context: &Context, left: &LeftOver, topics: &Topics) -> anyhow::Result<()> {
    let (sqs, sns) = (context.aws.sqs().await?, context.aws.sns().await?);
    let name = left.url.rsplit('/').next().unwrap_or_default();
    for topic_arn in topics.arns() {
        let mut pages = sns.list_subscriptions_by_topic().topic_arn(topic_arn).into_paginator().send();
        while let Some(page) = pages.next().await {
            for subscription in page.called("sns:ListSubscriptionsByTopic")?.subscriptions.unwrap_or_default() {
                if subscription.endpoint().is_some_and(|endpoint| endpoint.ends_with(&format!(":{name}"))) {
                    unsubscribe(&sns, subscription.subscription_arn().unwrap_or_default()).await?;
                }
            }
        }
    }
    delete_queue(&sqs, &left.url).await
}

async fn unsubscribe(sns: &aws_sdk_sns::Client, subscription: &str) -> anyhow::Result<()> {
    sns.unsubscribe()
        .subscription_arn(subscription)
        .customize()
        .interceptor(Scratch)
        .send()
        .await
        .called("sns:Unsubscribe")
        .map(|_| ())
}

async fn delete_queue(sqs: &aws_sdk_sqs::Client, url: &str) -> anyhow::Result<()> {
    match sqs.delete_queue().queue_url(url).customize().interceptor(Scratch).send().await.called("sqs:DeleteQueue") {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Both names that the service has for a queue that is not there (SQS API reference, `GetQueueUrl`, errors).
fn is_gone(error: &anyhow::Error) -> bool {
    error_code(error).is_some_and(|code| code.ends_with("NonExistentQueue") || code.ends_with("QueueDoesNotExist"))
}

fn name_prefix(context: &Context) -> String {
    let environment = &context.settings.environment;
    format!("{}-verify-{}-", environment.prefix, environment.name)
}

fn customers_of(tags: &HashMap<String, String>) -> Vec<String> {
    tags.get(CUSTOMERS_TAG)
        .into_iter()
        .flat_map(|customers| customers.split(' '))
        .filter(|customer| !customer.is_empty())
        .map(Into::into)
        .collect()
}

/// Whether the queue's name carries the id of a run that began long ago.
fn is_left_over(url: &str, prefix: &str, now: jiff::Timestamp) -> bool {
    let name = url.rsplit('/').next().unwrap_or_default();
    let Some(run) = name.strip_prefix(prefix).and_then(|run| uuid::Uuid::parse_str(run).ok()) else { return false };
    let Some((seconds, _)) = run.get_timestamp().map(|timestamp| timestamp.to_unix()) else { return false };
    u64::try_from(now.as_second()).is_ok_and(|now| now.saturating_sub(seconds) >= LEFT_OVER_AFTER.as_secs())
}

/// A notice as SNS puts it into a queue: in an envelope that names the topic (SNS Developer Guide, "Amazon SNS message and
/// JSON formats").
fn read(body: &str) -> Option<Notice> {
    let envelope: Value = serde_json::from_str(body).ok()?;
    Some(Notice {
        topic_arn: envelope["TopicArn"].as_str()?.to_owned(),
        message: serde_json::from_str(envelope["Message"].as_str()?).ok()?,
    })
}

/// Lets these topics, and nobody else, send to the queue.
fn policy(queue_arn: &str, topics: &Topics) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": topics.arns()}},
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_queues_of_ours_are_left_over() {
        let now = jiff::Timestamp::now();
        let aged = |age: Duration| {
            let at = u64::try_from(now.as_second()).unwrap() - age.as_secs();
            uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, at, 0)).to_string()
        };
        let prefix = "onboard-ai-verify-dev-";
        for (name, expected) in [
            (format!("{prefix}{}", aged(LEFT_OVER_AFTER)), true),
            (format!("{prefix}{}", aged(Duration::from_mins(1))), false),
            (format!("other-{}", aged(LEFT_OVER_AFTER)), false),
            (format!("{prefix}something"), false),
            (format!("{prefix}{}", uuid::Uuid::new_v4()), false),
        ] {
            assert_eq!(is_left_over(&format!("https://sqs/1/{name}"), prefix, now), expected, "{name}");
        }
    }

    #[test]
    fn a_notice_is_read_from_its_envelope() {
        let envelope = json!({ "Type": "Notification", "TopicArn": "arn:a", "Message": r#"{"customerId":"c"}"# });
        let notice = Notice { topic_arn: "arn:a".to_owned(), message: json!({ "customerId": "c" }) };
        assert_eq!(read(&envelope.to_string()), Some(notice));
        for other in ["", "{}", r#"{"TopicArn":"arn:a","Message":"no JSON"}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn customers_come_back_from_the_tags() {
        let tags = [(CUSTOMERS_TAG.to_owned(), "a b".to_owned())].into();
        assert_eq!(customers_of(&tags), ["a", "b"]);
        assert_eq!(customers_of(&HashMap::new()), Vec::<String>::new());
    }
}
