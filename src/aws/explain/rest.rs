//! The REST protocols: members stand in path, query and body. Only the path needs a table; a test holds it against the
//! services' own API models (`tests/explain.rs`).

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::request::json;

/// Paths of the operations that the tool sends (API models of Lambda 2015-03-31, Kafka 2018-11-14, S3 2006-03-01).
/// The bucket of S3 is no label here: it may stand in the host.
#[rustfmt::skip]
pub const PATHS: &[(&str, &str, &str)] = &[
    ("Lambda", "AddPermission", "/2015-03-31/functions/{FunctionName}/policy"),
    ("Lambda", "CreateAlias", "/2015-03-31/functions/{FunctionName}/aliases"),
    ("Lambda", "CreateEventSourceMapping", "/2015-03-31/event-source-mappings"),
    ("Lambda", "CreateFunction", "/2015-03-31/functions"),
    ("Lambda", "DeleteEventSourceMapping", "/2015-03-31/event-source-mappings/{UUID}"),
    ("Lambda", "DeleteFunction", "/2015-03-31/functions/{FunctionName}"),
    ("Lambda", "GetAlias", "/2015-03-31/functions/{FunctionName}/aliases/{Name}"),
    ("Lambda", "GetEventSourceMapping", "/2015-03-31/event-source-mappings/{UUID}"),
    ("Lambda", "GetFunctionConfiguration", "/2015-03-31/functions/{FunctionName}/configuration"),
    ("Lambda", "GetPolicy", "/2015-03-31/functions/{FunctionName}/policy"),
    ("Lambda", "ListEventSourceMappings", "/2015-03-31/event-source-mappings"),
    ("Lambda", "PublishVersion", "/2015-03-31/functions/{FunctionName}/versions"),
    ("Lambda", "RemovePermission", "/2015-03-31/functions/{FunctionName}/policy/{StatementId}"),
    ("Lambda", "UpdateAlias", "/2015-03-31/functions/{FunctionName}/aliases/{Name}"),
    ("Lambda", "UpdateEventSourceMapping", "/2015-03-31/event-source-mappings/{UUID}"),
    ("Lambda", "UpdateFunctionCode", "/2015-03-31/functions/{FunctionName}/code"),
    ("Lambda", "UpdateFunctionConfiguration", "/2015-03-31/functions/{FunctionName}/configuration"),
    ("Kafka", "BatchAssociateScramSecret", "/v1/clusters/{ClusterArn}/scram-secrets"),
    ("Kafka", "CreateTopic", "/v1/clusters/{ClusterArn}/topics"),
    ("Kafka", "DescribeClusterV2", "/api/v2/clusters/{ClusterArn}"),
    ("Kafka", "DescribeTopic", "/v1/clusters/{ClusterArn}/topics/{TopicName}"),
    ("Kafka", "GetBootstrapBrokers", "/v1/clusters/{ClusterArn}/bootstrap-brokers"),
    ("Kafka", "ListScramSecrets", "/v1/clusters/{ClusterArn}/scram-secrets"),
    ("Kafka", "ListTopics", "/v1/clusters/{ClusterArn}/topics"),
    ("Kafka", "UpdateTopic", "/v1/clusters/{ClusterArn}/topics/{TopicName}"),
    ("S3", "DeleteBucket", "/"),
    ("S3", "DeleteObjects", "/"),
    ("S3", "HeadObject", "/{Key}"),
    ("S3", "ListObjectVersions", "/"),
    ("S3", "ListObjectsV2", "/"),
    ("S3", "PutObject", "/{Key}"),
];

/// Query parameters of S3 that name the operation instead of a member.
const S3_VERBS: &[&str] = &["x-id", "list-type", "versions", "delete"];

/// Reads the members from a request's path, query and body.
pub fn read(
    service: &str,
    operation: &str,
    uri: &str,
    content: &str,
    body: &[u8],
    bucket: Option<&str>,
) -> Result<Map<String, Value>, String> {
    let row = PATHS.iter().find(|(of, name, _)| *of == service && *name == operation);
    let Some((_, _, template)) = row else { return Err("its path is not known to --explain-aws".into()) };
    // Before an endpoint is chosen the address is a path, which a URL's parser needs a base for.
    let base = url::Url::parse("http://endpoint/").map_err(|error| error.to_string())?;
    let uri = base.join(uri).map_err(|error| format!("its address cannot be read: {error}"))?;
    let mut members = Map::new();
    if let (Some(bucket), "S3") = (bucket, service) {
        members.insert("Bucket".into(), bucket.into());
    }
    members.extend(labels(template, uri.path())?);
    for (name, value) in uri.query_pairs() {
        if service != "S3" || !S3_VERBS.contains(&name.as_ref()) {
            members.insert(pascal(&name), value.into_owned().into());
        }
    }
    if content.starts_with("application/json") {
        // Kafka's model writes its members in lower case on the wire, all others as they are.
        members.extend(json(body)?.into_iter().map(|(name, value)| (pascal(&name), value)));
    } else if operation == "DeleteObjects" {
        members.insert("Delete".into(), objects(body)?);
    }
    Ok(members)
}

/// The labels of a path. A last label takes the rest, because an object's key may hold slashes.
fn labels(template: &str, path: &str) -> Result<Vec<(String, Value)>, String> {
    let steps: Vec<&str> = template.trim_matches('/').split('/').collect();
    let parts: Vec<&str> = path.trim_start_matches('/').splitn(steps.len(), '/').collect();
    if steps.len() != parts.len() {
        return Err(format!("its path {path} is not {template}"));
    }
    let mut found = Vec::new();
    for (step, part) in steps.into_iter().zip(parts) {
        match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            Some(label) => found.push((label.to_owned(), percent_decode_str(part).decode_utf8_lossy().into())),
            None if step == part.trim_end_matches('/') => {}
            None => return Err(format!("its path {path} is not {template}")),
        }
    }
    Ok(found)
}

/// `max-keys` and `maxResults` as the API models name them: `MaxKeys`, `MaxResults`.
fn pascal(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

/// The objects of a `DeleteObjects` body, the only XML that we send.
fn objects(body: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut objects = Vec::new();
    for object in text.split("<Object>").skip(1) {
        let element = |name: &str| {
            let inner = object.split_once(&format!("<{name}>"))?.1.split_once(&format!("</{name}>"))?.0;
            Some(inner.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
        };
        let mut row = Map::new();
        for name in ["Key", "VersionId"] {
            row.extend(element(name).map(|value| (name.to_owned(), value.into())));
        }
        objects.push(Value::Object(row));
    }
    Ok(serde_json::json!({"Objects": objects, "Quiet": true}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_read_from_path_query_and_body() {
        let json_body = "application/json";
        for (service, operation, uri, content, body, expected) in [
            (
                "Lambda",
                "RemovePermission",
                "/2015-03-31/functions/f/policy/s%3A1?Qualifier=live",
                "",
                "",
                json!({"FunctionName": "f", "StatementId": "s:1", "Qualifier": "live"}),
            ),
            (
                "Kafka",
                "CreateTopic",
                "/v1/clusters/arn%3Aaws%3Akafka%3A1%3Acluster%2Fc%2F1/topics",
                json_body,
                r#"{"topicName":"t","partitionCount":3}"#,
                json!({"ClusterArn": "arn:aws:kafka:1:cluster/c/1", "TopicName": "t", "PartitionCount": 3}),
            ),
            (
                "S3",
                "ListObjectsV2",
                "/?list-type=2&max-keys=5&prefix=a%2Fb",
                "",
                "",
                json!({"Bucket": "b", "MaxKeys": "5", "Prefix": "a/b"}),
            ),
            ("S3", "HeadObject", "/functions/f/1.zip", "", "", json!({"Bucket": "b", "Key": "functions/f/1.zip"})),
            (
                "S3",
                "DeleteObjects",
                "/?delete",
                "application/xml",
                "<Delete><Object><Key>a&amp;b</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>",
                json!({"Bucket": "b", "Delete": {"Objects": [{"Key": "a&b", "VersionId": "v"}], "Quiet": true}}),
            ),
        ] {
            let members = read(service, operation, uri, content, body.as_bytes(), Some("b")).unwrap();
            assert_eq!(Value::Object(members), expected, "{operation}");
        }
        assert!(read("Lambda", "Unheard", "/", "", b"", None).is_err());
        assert!(read("Lambda", "CreateFunction", "/elsewhere", "", b"", None).is_err());
    }
}
