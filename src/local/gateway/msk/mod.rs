//! MSK's calls for the one cluster that the gateway stands for. Shapes follow the API model of `aws-sdk-kafka` 1.134.
//!
//! Deliberately absent: making, changing and deleting clusters. An environment names this one as an existing cluster.

mod cluster;
mod configs;
mod scram;
mod topics;

use std::sync::{Arc, Mutex, PoisonError};

use http::Response;
use http::request::Parts;
use hyper::body::Bytes;
use rdkafka::admin::AdminClient;
use rdkafka::client::DefaultClientContext;
use serde_json::Value;

use super::answer::{ApiError, Body, json_response};
use super::route::{Cluster, Msk};
use super::{KafkaAccess, Shared, client};

/// The broker's administrator, connected on first use.
pub struct Administrator {
    access: KafkaAccess,
    client: Mutex<Option<Arc<AdminClient<DefaultClientContext>>>>,
}

impl Administrator {
    /// An administrator that is not connected yet.
    pub fn new(access: KafkaAccess) -> Self {
        Self { access, client: Mutex::new(None) }
    }

    /// The client.
    fn client(&self) -> Result<Arc<AdminClient<DefaultClientContext>>, ApiError> {
        let mut held = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = held.as_ref() {
            return Ok(client.clone());
        }
        let created: Result<AdminClient<_>, _> =
            client::config(&self.access, &self.access.admin_username, &self.access.admin_password).create();
        let client = Arc::new(created.map_err(|error| topics::kafka_error(&error))?);
        *held = Some(client.clone());
        Ok(client)
    }
}

/// The names in a cluster's ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterArn {
    /// The whole ARN.
    pub arn: String,
    /// The cluster's name.
    pub name: String,
    /// What the name is followed by.
    pub uuid: String,
}

impl ClusterArn {
    /// Reads `arn:aws:kafka:{region}:{account}:cluster/{name}/{uuid}`.
    pub fn parse(arn: &str) -> Option<Self> {
        let (_, path) = arn.split_once(":cluster/")?;
        let (name, uuid) = path.split_once('/')?;
        Some(Self { arn: arn.to_owned(), name: name.to_owned(), uuid: uuid.to_owned() })
    }

    /// The ARN of one of its topics.
    pub fn topic(&self, topic: &str) -> String {
        format!("{}/{topic}", self.arn.replacen(":cluster/", ":topic/", 1))
    }
}

/// Answers one MSK call.
pub async fn answer(shared: &Shared, call: Msk, parts: &Parts, body: &Bytes) -> Response<Body> {
    match dispatch(shared, call, parts, body).await {
        Ok(value) => json_response(200, &value),
        Err(error) => error.response(),
    }
}

async fn dispatch(shared: &Shared, call: Msk, parts: &Parts, body: &Bytes) -> Result<Value, ApiError> {
    let (arn, operation) = match call {
        Msk::ListClusters(version) => return Ok(cluster::list(shared, version, &parts.uri)),
        Msk::Cluster(arn, operation) => (arn, operation),
    };
    if arn != shared.cluster.arn {
        let message = if ClusterArn::parse(&arn).is_some() {
            "The requested resource doesn't exist."
        } else {
            "One or more of the parameters are not valid."
        };
        let (status, code) =
            if ClusterArn::parse(&arn).is_some() { (404, "NotFoundException") } else { (400, "BadRequestException") };
        return Err(ApiError::new(status, code, message).parameter("clusterArn"));
    }
    match operation {
        Cluster::Describe(version) => Ok(cluster::describe(shared, version)),
        Cluster::Bootstrap => Ok(cluster::bootstrap(shared)),
        Cluster::Nodes => Ok(cluster::nodes(shared)),
        Cluster::ListSecrets => Ok(scram::list(shared)),
        Cluster::Associate => scram::associate(shared, &json(body)?).await,
        Cluster::Disassociate => scram::disassociate(shared, &json(body)?).await,
        Cluster::ListTopics => topics::list(shared, &parts.uri).await,
        Cluster::CreateTopic => topics::create(shared, &json(body)?).await,
        Cluster::DescribeTopic(topic) => topics::describe(shared, topic).await,
        Cluster::DescribePartitions(topic) => topics::partitions(shared, topic, &parts.uri).await,
        Cluster::UpdateTopic(topic) => topics::update(shared, topic, &json(body)?).await,
        Cluster::DeleteTopic(topic) => topics::delete(shared, topic).await,
    }
}

fn json(body: &Bytes) -> Result<Value, ApiError> {
    serde_json::from_slice(body)
        .map_err(|error| ApiError::new(400, "BadRequestException", format!("The request is not valid JSON: {error}")))
}

/// One page of a list that has `maxResults` and `nextToken`; the token is the position of the next item.
fn page<T: Clone>(items: &[T], uri: &http::Uri) -> (Vec<T>, Option<String>) {
    let number = |name| super::route::query(uri, name).and_then(|text| text.parse::<usize>().ok());
    let start = number("nextToken").unwrap_or(0).min(items.len());
    let end = start.saturating_add(number("maxResults").unwrap_or(100).clamp(1, 100)).min(items.len());
    (items[start..end].to_vec(), (end < items.len()).then(|| end.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        for (query, expected, token) in [
            ("", vec![1, 2, 3], None),
            ("?maxResults=2", vec![1, 2], Some("2")),
            ("?maxResults=2&nextToken=2", vec![3], None),
            ("?nextToken=9", vec![], None),
        ] {
            let uri: http::Uri = format!("/x{query}").parse().unwrap();
            let (items, next) = page(&[1, 2, 3], &uri);
            assert_eq!((items, next.as_deref()), (expected, token), "{query}");
        }
    }

    #[test]
    fn arns() {
        let arn = ClusterArn::parse("arn:aws:kafka:us-east-1:1:cluster/name/uuid-1").unwrap();
        assert_eq!((arn.name.as_str(), arn.uuid.as_str()), ("name", "uuid-1"));
        assert_eq!(arn.topic("t"), "arn:aws:kafka:us-east-1:1:topic/name/uuid-1/t");
        assert_eq!(ClusterArn::parse("arn:aws:kafka:us-east-1:1:topic/name"), None);
    }
}
