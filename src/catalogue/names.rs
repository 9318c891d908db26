//! Physical names, built in one place from typed ids (`platform.md`, "Names").

use super::environment::Environment;
use super::types::{Catalogue, FunctionKey, StackKey, TopicName};

/// The alias that takes traffic.
pub const ALIAS: &str = "live";

/// The stack that holds artifact bucket, release table and deploy role.
const BOOTSTRAP: &str = "bootstrap";
/// The stack whose physical name has no suffix.
const PLATFORM: &str = "platform";

/// One deployed function: a catalogue key, and the topic for one that is multiplied by topics.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance {
    /// The catalogue key, which is its folder under `lambdas/` too.
    pub key: FunctionKey,
    /// The topic that it consumes.
    pub topic: Option<TopicName>,
}

impl Instance {
    /// The short name that people type and reports show: `submit-user-info`, `consumer-kyc_verified`.
    /// A topic's hyphens become underscores, so that key and topic stay apart in it.
    pub fn label(&self) -> String {
        match &self.topic {
            Some(topic) => format!("{}-{}", self.key, topic.as_str().replace('-', "_")),
            None => self.key.to_string(),
        }
    }
}

/// The buckets of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// The site.
    Frontend,
    /// Customers' documents.
    Documents,
    /// Function zips and templates.
    Artifacts,
    /// Completed applications.
    Archive,
    /// Records that could not be handled.
    DeadLetters,
}

impl Bucket {
    /// Every bucket.
    pub const ALL: [Self; 5] = [Self::Frontend, Self::Documents, Self::Artifacts, Self::Archive, Self::DeadLetters];

    /// Its name's middle part.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Frontend => "frontend",
            Self::Documents => "documents",
            Self::Artifacts => "artifacts",
            Self::Archive => "archive",
            Self::DeadLetters => "dead-letters",
        }
    }
}

/// Who logs in to the brokers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KafkaUser {
    /// The producer functions and the relay.
    Producer,
    /// The event source mappings.
    Consumer,
    /// People and `onboardctl`.
    Operator,
}

impl KafkaUser {
    /// Every user.
    pub const ALL: [Self; 3] = [Self::Producer, Self::Consumer, Self::Operator];

    /// Its secret's last part.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Consumer => "consumer",
            Self::Operator => "operator",
        }
    }
}

impl Catalogue {
    /// Every function as it is deployed, one per topic where the catalogue says so, in the catalogue's order.
    pub fn instances(&self) -> Vec<Instance> {
        let mut instances = Vec::new();
        for (key, function) in &self.functions {
            match function.for_each {
                None => instances.push(Instance { key: key.clone(), topic: None }),
                Some(_) => instances
                    .extend(self.topics.keys().map(|topic| Instance { key: key.clone(), topic: Some(topic.clone()) })),
            }
        }
        instances
    }

    /// The stack called `name`, if the catalogue has it.
    pub fn stack(&self, name: &str) -> Option<&StackKey> {
        self.stacks.keys().find(|key| key.as_str() == name)
    }

    /// The topic called `name`, if the catalogue has it.
    pub fn topic(&self, name: &str) -> Option<&TopicName> {
        self.topics.keys().find(|key| key.as_str() == name)
    }

    /// The function called `name`, if the catalogue has it.
    pub fn function(&self, name: &str) -> Option<&FunctionKey> {
        self.functions.keys().find(|key| key.as_str() == name)
    }

    /// The key of the stack that holds artifact bucket, release table and deploy role.
    pub fn bootstrap_stack(&self) -> Option<&StackKey> {
        self.stack(BOOTSTRAP)
    }

    /// The key of the stack that holds everything but network, cluster and bootstrap.
    pub fn platform_stack(&self) -> Option<&StackKey> {
        self.stack(PLATFORM)
    }
}

impl Environment {
    /// The `CloudFormation` stack: `onboard-ai-{env}` for the platform, `onboard-ai-{env}-{key}` for the others.
    pub fn stack(&self, key: &StackKey) -> String {
        match key.as_str() {
            PLATFORM => format!("{}-{}", self.prefix, self.name),
            key => format!("{}-{}-{key}", self.prefix, self.name),
        }
    }

    /// The function: `onboard-ai-submit-user-info-{env}`, `onboard-ai-consumer-kyc_verified-{env}`.
    pub fn function_name(&self, instance: &Instance) -> String {
        format!("{}-{}-{}", self.prefix, instance.label(), self.name)
    }

    /// The function's log group.
    pub fn log_group(&self, instance: &Instance) -> String {
        format!("/aws/lambda/{}", self.function_name(instance))
    }

    /// The alias that takes traffic.
    pub fn alias(&self) -> &'static str {
        ALIAS
    }

    /// The function's ARN, without version or alias.
    pub fn function_arn(&self, instance: &Instance) -> String {
        let EnvironmentArn { partition, region, account } = self.arn();
        format!("arn:{partition}:lambda:{region}:{account}:function:{}", self.function_name(instance))
    }

    /// The ARN of the function's alias that takes traffic.
    pub fn alias_arn(&self, instance: &Instance) -> String {
        format!("{}:{ALIAS}", self.function_arn(instance))
    }

    /// Every route and authorizer of an API, as a permission on a function names its source.
    pub fn api_arn(&self, api: &str) -> String {
        let EnvironmentArn { partition, region, account } = self.arn();
        format!("arn:{partition}:execute-api:{region}:{account}:{api}/*")
    }

    /// The topic as the broker knows it.
    pub fn topic(&self, topic: &TopicName) -> String {
        format!("{}{topic}", self.entry.topic_prefix)
    }

    /// The consumer group of the topic's event source mapping. It cannot be changed once the mapping exists.
    pub fn consumer_group(&self, topic: &TopicName) -> String {
        format!("{}-consumer-{topic}-{}", self.prefix, self.name)
    }

    /// A bucket: `onboard-ai-artifacts-{env}-{account}`.
    pub fn bucket(&self, bucket: Bucket) -> String {
        format!("{}-{}-{}-{}", self.prefix, bucket.as_str(), self.name, self.entry.account)
    }

    /// The MSK cluster.
    pub fn cluster(&self) -> String {
        format!("{}-cluster-{}", self.prefix, self.name)
    }

    /// A SCRAM secret; MSK accepts only names that begin with `AmazonMSK_` (`aws-facts.md`, section 1).
    pub fn kafka_secret(&self, user: KafkaUser) -> String {
        format!("AmazonMSK_{}-{}-{}", self.prefix, self.name, user.as_str())
    }

    /// The release table: ledger and lock.
    pub fn releases_table(&self) -> String {
        format!("{}-releases-{}", self.prefix, self.name)
    }

    /// A data table: `users-{env}`.
    pub fn table(&self, table: &str) -> String {
        format!("{table}-{}", self.name)
    }

    fn arn(&self) -> EnvironmentArn<'_> {
        let region = self.entry.region.as_str();
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html: partitions by region.
        let partition = match region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        EnvironmentArn { partition, region, account: &self.entry.account }
    }
}

struct EnvironmentArn<'a> {
    partition: &'static str,
    region: &'a str,
    account: &'a str,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::Overrides;

    #[test]
    fn names_are_those_of_the_platform_document() {
        let catalogue = Catalogue::embedded().unwrap();
        let dev = catalogue.environment("dev", &Overrides::default(), Path::new("/nowhere")).unwrap();
        let topic = catalogue.topic("kyc-verified").unwrap().clone();
        let consumer = Instance { key: catalogue.function("consumer").unwrap().clone(), topic: Some(topic.clone()) };
        let submit = Instance { key: catalogue.function("submit-user-info").unwrap().clone(), topic: None };
        for (actual, expected) in [
            (dev.stack(catalogue.bootstrap_stack().unwrap()), "onboard-ai-dev-bootstrap"),
            (dev.stack(catalogue.stack("kafka").unwrap()), "onboard-ai-dev-kafka"),
            (dev.stack(catalogue.platform_stack().unwrap()), "onboard-ai-dev"),
            (dev.function_name(&submit), "onboard-ai-submit-user-info-dev"),
            (dev.function_name(&consumer), "onboard-ai-consumer-kyc_verified-dev"),
            (dev.log_group(&consumer), "/aws/lambda/onboard-ai-consumer-kyc_verified-dev"),
            (
                dev.alias_arn(&submit),
                "arn:aws:lambda:us-east-1:111111111111:function:onboard-ai-submit-user-info-dev:live",
            ),
            (dev.topic(&topic), "kyc-verified"),
            (dev.consumer_group(&topic), "onboard-ai-consumer-kyc-verified-dev"),
            (dev.bucket(Bucket::DeadLetters), "onboard-ai-dead-letters-dev-111111111111"),
            (dev.cluster(), "onboard-ai-cluster-dev"),
            (dev.kafka_secret(KafkaUser::Operator), "AmazonMSK_onboard-ai-dev-operator"),
            (dev.releases_table(), "onboard-ai-releases-dev"),
            (dev.table("users"), "users-dev"),
        ] {
            assert_eq!(actual, expected);
        }
    }

    #[test]
    fn one_consumer_is_deployed_per_topic() {
        let catalogue = Catalogue::embedded().unwrap();
        let labels: Vec<String> = catalogue.instances().iter().map(Instance::label).collect();
        assert_eq!(labels.iter().filter(|label| label.starts_with("consumer-")).count(), catalogue.topics.len());
        assert!(labels.contains(&"consumer-workflow_errors".to_owned()));
        assert!(labels.contains(&"outbox-relay".to_owned()));
    }

    #[test]
    fn a_prefix_goes_before_the_topic_on_a_shared_cluster() {
        let catalogue = Catalogue::embedded().unwrap();
        let mut dev = catalogue.environment("dev", &Overrides::default(), Path::new("/nowhere")).unwrap();
        dev.entry.topic_prefix = "dev.".into();
        assert_eq!(dev.topic(catalogue.topic("kyc-verified").unwrap()), "dev.kyc-verified");
    }
}
