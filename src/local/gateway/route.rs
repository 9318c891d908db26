//! Which calls to the AWS endpoint the gateway answers itself: a pure function of method, path and signed service.

use http::Method;

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To ministack.
    Forward,
    /// To the one MSK cluster.
    Msk(Msk),
    /// To the event source mappings.
    Sources(Sources),
}

/// MSK's operations that the gateway answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msk {
    /// `ListClusters` (1) and `ListClustersV2` (2).
    ListClusters(u8),
    /// Operations on the cluster with this ARN.
    Cluster(String, Cluster),
}

/// MSK's operations on one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cluster {
    /// `DescribeCluster` (1) and `DescribeClusterV2` (2).
    Describe(u8),
    /// `GetBootstrapBrokers`.
    Bootstrap,
    /// `ListNodes`.
    Nodes,
    /// `ListScramSecrets`.
    ListSecrets,
    /// `BatchAssociateScramSecret`.
    Associate,
    /// `BatchDisassociateScramSecret`.
    Disassociate,
    /// `ListTopics`.
    ListTopics,
    /// `CreateTopic`.
    CreateTopic,
    /// `DescribeTopic`.
    DescribeTopic(String),
    /// `DescribeTopicPartitions`.
    DescribePartitions(String),
    /// `UpdateTopic`.
    UpdateTopic(String),
    /// `DeleteTopic`.
    DeleteTopic(String),
}

/// Lambda's operations on event source mappings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sources {
    /// `CreateEventSourceMapping`.
    Create,
    /// `ListEventSourceMappings`.
    List,
    /// `GetEventSourceMapping`.
    Get(String),
    /// `UpdateEventSourceMapping`.
    Update(String),
    /// `DeleteEventSourceMapping`.
    Delete(String),
}

/// Decides by method, path (still percent-encoded) and the service that the call is signed for.
pub fn route(method: &Method, path: &str, service: Option<&str>) -> Route {
    let segments: Vec<String> = path.split('/').skip(1).filter(|part| !part.is_empty()).map(decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match service {
        Some("kafka") => msk(method, &segments).map_or(Route::Forward, Route::Msk),
        Some("lambda") => sources(method, &segments).map_or(Route::Forward, Route::Sources),
        _ => Route::Forward,
    }
}

/// URIs as in the API model of `aws-sdk-kafka` 1.134.
fn msk(method: &Method, segments: &[&str]) -> Option<Msk> {
    let (arn, operation) = match (method.as_str(), segments) {
        ("GET", ["v1", "clusters"]) => return Some(Msk::ListClusters(1)),
        ("GET", ["api", "v2", "clusters"]) => return Some(Msk::ListClusters(2)),
        ("GET", ["api", "v2", "clusters", arn]) => (arn, Cluster::Describe(2)),
        ("GET", ["v1", "clusters", arn]) => (arn, Cluster::Describe(1)),
        ("GET", ["v1", "clusters", arn, "bootstrap-brokers"]) => (arn, Cluster::Bootstrap),
        ("GET", ["v1", "clusters", arn, "nodes"]) => (arn, Cluster::Nodes),
        ("GET", ["v1", "clusters", arn, "scram-secrets"]) => (arn, Cluster::ListSecrets),
        ("POST", ["v1", "clusters", arn, "scram-secrets"]) => (arn, Cluster::Associate),
        ("PATCH", ["v1", "clusters", arn, "scram-secrets"]) => (arn, Cluster::Disassociate),
        ("GET", ["v1", "clusters", arn, "topics"]) => (arn, Cluster::ListTopics),
        ("POST", ["v1", "clusters", arn, "topics"]) => (arn, Cluster::CreateTopic),
        ("GET", ["v1", "clusters", arn, "topics", topic]) => (arn, Cluster::DescribeTopic((*topic).into())),
        ("PUT", ["v1", "clusters", arn, "topics", topic]) => (arn, Cluster::UpdateTopic((*topic).into())),
        ("DELETE", ["v1", "clusters", arn, "topics", topic]) => (arn, Cluster::DeleteTopic((*topic).into())),
        ("GET", ["v1", "clusters", arn, "topics", topic, "partitions"]) => {
            (arn, Cluster::DescribePartitions((*topic).into()))
        }
        _ => return None,
    };
    Some(Msk::Cluster((*arn).into(), operation))
}

fn sources(method: &Method, segments: &[&str]) -> Option<Sources> {
    let ["2015-03-31", "event-source-mappings", rest @ ..] = segments else { return None };
    match (method.as_str(), rest) {
        ("POST", []) => Some(Sources::Create),
        ("GET", []) => Some(Sources::List),
        ("GET", [id]) => Some(Sources::Get((*id).into())),
        ("PUT", [id]) => Some(Sources::Update((*id).into())),
        ("DELETE", [id]) => Some(Sources::Delete((*id).into())),
        _ => None,
    }
}

/// Decodes one percent-encoded path segment; unlike in a query, `+` stands for itself.
pub fn decode(segment: &str) -> String {
    let pair = segment.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(pair.replace('=', "%3D").as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

/// The first value of a query parameter.
pub fn query(uri: &http::Uri, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let cluster = |operation| Route::Msk(Msk::Cluster("arn:aws:kafka:r:1:cluster/c/u".into(), operation));
        let arn = "arn%3Aaws%3Akafka%3Ar%3A1%3Acluster%2Fc%2Fu";
        for (method, path, service, expected) in [
            ("GET", "/v1/clusters".to_owned(), "kafka", Route::Msk(Msk::ListClusters(1))),
            ("GET", "/api/v2/clusters".to_owned(), "kafka", Route::Msk(Msk::ListClusters(2))),
            ("POST", "/v1/clusters".to_owned(), "kafka", Route::Forward),
            ("GET", "/v1/clusters".to_owned(), "eks", Route::Forward),
            ("GET", format!("/v1/clusters/{arn}"), "kafka", cluster(Cluster::Describe(1))),
            ("GET", format!("/api/v2/clusters/{arn}"), "kafka", cluster(Cluster::Describe(2))),
            ("DELETE", format!("/v1/clusters/{arn}"), "kafka", Route::Forward),
            ("GET", format!("/v1/clusters/{arn}/bootstrap-brokers"), "kafka", cluster(Cluster::Bootstrap)),
            ("PATCH", format!("/v1/clusters/{arn}/scram-secrets"), "kafka", cluster(Cluster::Disassociate)),
            (
                "PUT",
                format!("/v1/clusters/{arn}/topics/a.b_c-d"),
                "kafka",
                cluster(Cluster::UpdateTopic("a.b_c-d".into())),
            ),
            (
                "GET",
                format!("/v1/clusters/{arn}/topics/t/partitions"),
                "kafka",
                cluster(Cluster::DescribePartitions("t".into())),
            ),
            ("POST", "/2015-03-31/event-source-mappings".to_owned(), "lambda", Route::Sources(Sources::Create)),
            ("POST", "/2015-03-31/event-source-mappings/".to_owned(), "lambda", Route::Sources(Sources::Create)),
            (
                "GET",
                "/2015-03-31/event-source-mappings/id".to_owned(),
                "lambda",
                Route::Sources(Sources::Get("id".into())),
            ),
            ("GET", "/2015-03-31/functions".to_owned(), "lambda", Route::Forward),
            ("PUT", "/bucket/2015-03-31/event-source-mappings".to_owned(), "s3", Route::Forward),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(route(&method, &path, Some(service)), expected, "{method} {path} {service}");
        }
        assert_eq!(route(&Method::GET, "/v1/clusters", None), Route::Forward);
    }

    #[test]
    fn segments() {
        for (encoded, decoded) in [("a%2Fb", "a/b"), ("a+b", "a+b"), ("a%20b", "a b"), ("a=b&c", "a=b&c"), ("", "")] {
            assert_eq!(decode(encoded), decoded);
        }
    }
}
