//! MSK's topic calls, carried out on the real broker as its administrator.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::admin::{
    AdminOptions, AlterConfig, ConfigEntry, ConfigResource, ConfigSource, NewPartitions, NewTopic, ResourceSpecifier,
    TopicReplication,
};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use serde_json::{Value, json};

use super::super::Shared;
use super::super::answer::ApiError;
use super::super::route::query;
use super::{configs, page};

/// How long the broker gets for one call.
const PATIENCE: Duration = Duration::from_secs(10);

/// A topic as the broker describes it.
#[derive(Clone)]
struct Topic {
    name: String,
    partitions: Vec<Partition>,
}

/// A partition as the broker describes it.
#[derive(Clone)]
struct Partition {
    id: i32,
    leader: i32,
    replicas: Vec<i32>,
    in_sync: Vec<i32>,
}

/// `ListTopics`.
pub async fn list(shared: &Shared, uri: &http::Uri) -> Result<Value, ApiError> {
    let prefix = query(uri, "topicNameFilter").unwrap_or_default();
    let mut topics = all(shared).await?;
    topics.retain(|topic| topic.name.starts_with(&prefix));
    let (topics, next) = page(&topics, uri);
    let topics: Vec<Value> = topics.iter().map(|topic| {
        json!({
            "topicArn": shared.cluster.topic(&topic.name),
            "topicName": topic.name,
            "partitionCount": topic.partitions.len(),
            "replicationFactor": replication(topic),
            "outOfSyncReplicaCount": topic.partitions.iter().map(|each| each.replicas.len().saturating_sub(each.in_sync.len())).sum::<usize>(),
        })
    }).collect();
    Ok(with_token(json!({"topics": topics}), next))
}

/// `CreateTopic`.
pub async fn create(shared: &Shared, request: &Value) -> Result<Value, ApiError> {
    let bad = |parameter, message: &str| ApiError::new(400, "BadRequestException", message).parameter(parameter);
    let name = request["topicName"].as_str().ok_or_else(|| bad("topicName", "topicName is required"))?;
    let number = |key| request[key].as_i64().and_then(|value| i32::try_from(value).ok()).filter(|value| *value > 0);
    let partitions =
        number("partitionCount").ok_or_else(|| bad("partitionCount", "partitionCount must be positive"))?;
    let replication =
        number("replicationFactor").ok_or_else(|| bad("replicationFactor", "replicationFactor must be positive"))?;
    let configs = requested(request)?.unwrap_or_default();
    let mut topic = NewTopic::new(name, partitions, TopicReplication::Fixed(replication));
    for (key, value) in &configs {
        topic = topic.set(key, value);
    }
    let client = shared.administrator.client()?;
    let results = client.create_topics([&topic], &options()).await.map_err(|error| kafka_error(&error))?;
    first(results)?;
    Ok(changed(shared, name, "CREATING"))
}

/// `DescribeTopic`.
pub async fn describe(shared: &Shared, name: String) -> Result<Value, ApiError> {
    let topic = one(shared, &name).await?;
    let configs: BTreeMap<String, String> = entries(shared, &name)
        .await?
        .into_iter()
        .filter(|entry| !entry.is_sensitive)
        .filter_map(|entry| Some((entry.name, entry.value?)))
        .collect();
    Ok(json!({
        "topicArn": shared.cluster.topic(&name),
        "topicName": name,
        "partitionCount": topic.partitions.len(),
        "replicationFactor": replication(&topic),
        "configs": configs::write(&configs),
        "status": "ACTIVE",
    }))
}

/// `DescribeTopicPartitions`.
pub async fn partitions(shared: &Shared, name: String, uri: &http::Uri) -> Result<Value, ApiError> {
    let topic = one(shared, &name).await?;
    let (partitions, next) = page(&topic.partitions, uri);
    let partitions: Vec<Value> = partitions
        .iter()
        .map(
            |each| json!({"partition": each.id, "leader": each.leader, "replicas": each.replicas, "isr": each.in_sync}),
        )
        .collect();
    Ok(with_token(json!({"partitions": partitions}), next))
}

/// `UpdateTopic`: configurations or partitions, one of them a call.
pub async fn update(shared: &Shared, name: String, request: &Value) -> Result<Value, ApiError> {
    let topic = one(shared, &name).await?;
    match (requested(request)?, request["partitionCount"].as_u64()) {
        (Some(configs), None) => alter(shared, &name, configs).await?,
        (None, Some(count)) => grow(shared, &topic, usize::try_from(count).unwrap_or(usize::MAX)).await?,
        _ => {
            return Err(ApiError::new(400, "BadRequestException", "Give either configs or partitionCount, not both"));
        }
    }
    Ok(changed(shared, &name, "UPDATING"))
}

/// `DeleteTopic`.
pub async fn delete(shared: &Shared, name: String) -> Result<Value, ApiError> {
    one(shared, &name).await?;
    let client = shared.administrator.client()?;
    let results = client.delete_topics(&[&name], &options()).await.map_err(|error| kafka_error(&error))?;
    first(results)?;
    Ok(changed(shared, &name, "DELETING"))
}

/// The broker's `alter_configs` replaces everything, so what is set already is sent along.
async fn alter(shared: &Shared, name: &str, wanted: BTreeMap<String, String>) -> Result<(), ApiError> {
    let current = entries(shared, name).await?;
    let mut merged: BTreeMap<String, String> = current
        .into_iter()
        .filter(|entry| entry.source == ConfigSource::DynamicTopic)
        .filter_map(|entry| Some((entry.name, entry.value?)))
        .collect();
    merged.extend(wanted.clone());
    let mut change = AlterConfig::new(ResourceSpecifier::Topic(name));
    for (key, value) in &merged {
        change = change.set(key, value);
    }
    let client = shared.administrator.client()?;
    client.alter_configs([&change], &options()).await.map_err(|error| kafka_error(&error))?;
    // rdkafka 0.39 answers Ok for every resource whatever the broker said of it, so what is set now is read back.
    for _ in 0..20 {
        let now: BTreeMap<String, Option<String>> =
            entries(shared, name).await?.into_iter().map(|entry| (entry.name, entry.value)).collect();
        if wanted.iter().all(|(key, value)| now.get(key) == Some(&Some(value.clone()))) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(code_error(Code::InvalidConfig).parameter("configs"))
}

async fn grow(shared: &Shared, topic: &Topic, count: usize) -> Result<(), ApiError> {
    if count <= topic.partitions.len() {
        let message = format!("The topic has {} partitions already; their number only grows", topic.partitions.len());
        return Err(ApiError::new(400, "BadRequestException", message).parameter("partitionCount"));
    }
    let client = shared.administrator.client()?;
    let change = NewPartitions::new(&topic.name, count);
    let results = client.create_partitions([&change], &options()).await.map_err(|error| kafka_error(&error))?;
    first(results)
}

async fn entries(shared: &Shared, name: &str) -> Result<Vec<ConfigEntry>, ApiError> {
    let client = shared.administrator.client()?;
    let topic = ResourceSpecifier::Topic(name);
    let results = client.describe_configs([&topic], &options()).await.map_err(|error| kafka_error(&error))?;
    match results.into_iter().next() {
        Some(Ok(ConfigResource { entries, .. })) => Ok(entries),
        Some(Err(code)) => Err(code_error(code)),
        None => Ok(Vec::new()),
    }
}

async fn one(shared: &Shared, name: &str) -> Result<Topic, ApiError> {
    let missing =
        || ApiError::new(404, "NotFoundException", format!("The topic {name} doesn't exist")).parameter("topicName");
    all(shared).await?.into_iter().find(|topic| topic.name == name).ok_or_else(missing)
}

/// Every topic but Kafka's own. Asking for one topic by name would make librdkafka remember it, so all are asked for.
async fn all(shared: &Shared) -> Result<Vec<Topic>, ApiError> {
    let client = shared.administrator.client()?;
    let fetched = tokio::task::spawn_blocking(move || client.inner().fetch_metadata(None, PATIENCE)).await;
    let metadata = fetched
        .map_err(|error| ApiError::new(500, "InternalServerErrorException", error.to_string()))?
        .map_err(|error| kafka_error(&error))?;
    let mut topics: Vec<Topic> = metadata
        .topics()
        .iter()
        .filter(|topic| topic.error().is_none() && !topic.name().starts_with("__"))
        .map(|topic| Topic {
            name: topic.name().to_owned(),
            partitions: topic
                .partitions()
                .iter()
                .map(|each| Partition {
                    id: each.id(),
                    leader: each.leader(),
                    replicas: each.replicas().to_vec(),
                    in_sync: each.isr().to_vec(),
                })
                .collect(),
        })
        .collect();
    topics.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(topics)
}

fn requested(request: &Value) -> Result<Option<BTreeMap<String, String>>, ApiError> {
    let invalid =
        || ApiError::new(400, "BadRequestException", "configs is not a Base64 JSON object").parameter("configs");
    request["configs"].as_str().map(|encoded| configs::read(encoded).ok_or_else(invalid)).transpose()
}

fn changed(shared: &Shared, name: &str, status: &str) -> Value {
    json!({"topicArn": shared.cluster.topic(name), "topicName": name, "status": status})
}

fn replication(topic: &Topic) -> usize {
    topic.partitions.iter().map(|each| each.replicas.len()).max().unwrap_or(0)
}

fn with_token(mut answer: Value, next: Option<String>) -> Value {
    if let Some(token) = next {
        answer["nextToken"] = Value::from(token);
    }
    answer
}

fn options() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE))
}

fn first(results: Vec<rdkafka::admin::TopicResult>) -> Result<(), ApiError> {
    match results.into_iter().next() {
        Some(Err((_, code))) => Err(code_error(code)),
        _ => Ok(()),
    }
}

/// A client's error as MSK's.
pub fn kafka_error(error: &KafkaError) -> ApiError {
    error
        .rdkafka_error_code()
        .map_or_else(|| ApiError::new(500, "InternalServerErrorException", error.to_string()), code_error)
}

/// A broker's error as MSK's (statuses from the API model).
fn code_error(code: Code) -> ApiError {
    let (status, name) = match code {
        Code::TopicAlreadyExists => (409, "TopicExistsException"),
        Code::UnknownTopicOrPartition | Code::UnknownTopic => (404, "UnknownTopicOrPartitionException"),
        Code::NotController => (409, "NotControllerException"),
        Code::ReassignmentInProgress => (409, "ReassignmentInProgressException"),
        Code::RequestTimedOut | Code::OperationTimedOut => (409, "KafkaTimeoutException"),
        Code::BrokerTransportFailure | Code::AllBrokersDown | Code::Resolve => (503, "ServiceUnavailableException"),
        Code::InvalidTopic
        | Code::InvalidPartitions
        | Code::InvalidReplicationFactor
        | Code::InvalidConfig
        | Code::InvalidRequest
        | Code::PolicyViolation => (400, "BadRequestException"),
        _ => (400, "KafkaRequestException"),
    };
    ApiError::new(status, name, code.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors() {
        for (code, status, name) in [
            (Code::TopicAlreadyExists, 409, "TopicExistsException"),
            (Code::UnknownTopicOrPartition, 404, "UnknownTopicOrPartitionException"),
            (Code::InvalidReplicationFactor, 400, "BadRequestException"),
            (Code::AllBrokersDown, 503, "ServiceUnavailableException"),
            (Code::TopicAuthorizationFailed, 400, "KafkaRequestException"),
        ] {
            let error = code_error(code);
            assert_eq!((error.status, error.code), (status, name));
        }
    }
}
