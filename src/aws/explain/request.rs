//! A serialized request, read back into the members of its operation's input as the API model names them.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::{Map, Value};

use super::rest;

/// A call as the service's API model describes it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `Lambda`.
    pub service: String,
    /// `UpdateFunctionCode`.
    pub operation: String,
    /// The input.
    pub members: Map<String, Value>,
    /// Members whose value is a file's content, with the file.
    pub files: Vec<(String, String)>,
}

/// Members that hold for one moment only: what was read before, what makes a repetition harmless, where a list goes on.
const OF_THE_MOMENT: &[&str] = &["RevisionId", "ClientToken", "ClientRequestToken", "NextToken", "Marker"];

/// Reads a request of any of the protocols that our clients speak. The error says why it cannot be read.
pub fn read(service: &str, operation: &str, request: &HttpRequest, bucket: Option<&str>) -> Result<Request, String> {
    let content = request.headers().get("content-type").unwrap_or_default();
    let body = request.body().bytes().unwrap_or_default();
    let mut members = if content.starts_with("application/x-amz-json") {
        json(body)?
    } else if content.starts_with("application/x-www-form-urlencoded") {
        query(body)
    } else if content.starts_with("application/cbor") {
        ciborium::from_reader(body).map_err(|error| format!("its body is no CBOR: {error}"))?
    } else {
        rest::read(service, operation, request.uri(), content, body, bucket)?
    };
    members.retain(|name, value| !OF_THE_MOMENT.contains(&name.as_str()) && !value.is_null());
    Ok(Request { service: service.into(), operation: operation.into(), members, files: Vec::new() })
}

pub(super) fn json(body: &[u8]) -> Result<Map<String, Value>, String> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(body).map_err(|error| format!("its body is no JSON object: {error}"))
}

/// The Query protocol: `Parameters.member.1.ParameterKey=Environment`, `Attributes.entry.1.key=Policy`.
fn query(body: &[u8]) -> Map<String, Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        if !matches!(name.as_ref(), "Action" | "Version") {
            place(&mut root, &name.split('.').collect::<Vec<_>>(), &value);
        }
    }
    match settle(root) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Every step of a path is a key at first, also the numbers of a list.
fn place(into: &mut Value, path: &[&str], value: &str) {
    let (Some((first, rest)), Value::Object(object)) = (path.split_first(), &mut *into) else {
        *into = Value::String(value.to_owned());
        return;
    };
    place(object.entry(*first).or_insert_with(|| Value::Object(Map::new())), rest, value);
}

/// Makes lists of `member` and maps of `entry`, and booleans of the members that are ones.
fn settle(value: Value) -> Value {
    let Value::Object(mut object) = value else { return value };
    if let (1, Some(Value::Object(members))) = (object.len(), object.get_mut("member")) {
        return Value::Array(std::mem::take(members).into_iter().map(|(_, item)| settle(item)).collect());
    }
    if let (1, Some(Value::Object(entries))) = (object.len(), object.get_mut("entry")) {
        let pair = |entry: Value| Some((entry.get("key")?.as_str()?.to_owned(), entry.get("value")?.clone()));
        return Value::Object(std::mem::take(entries).into_iter().filter_map(|(_, entry)| pair(entry)).collect());
    }
    let settled = object.into_iter().map(|(name, item)| {
        let item = match item.as_str() {
            Some(word @ ("true" | "false")) if BOOLEANS.contains(&name.as_str()) => Value::Bool(word == "true"),
            _ => settle(item),
        };
        (name, item)
    });
    Value::Object(settled.collect())
}

/// On the wire of the Query protocol everything is text; these members of what we send are not.
const BOOLEANS: &[&str] = &["EnableTerminationProtection", "ReturnSubscriptionArn", "UsePreviousValue"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_query_protocol_is_read_back() {
        let body = "Action=CreateChangeSet&Version=2010-05-15&StackName=s&Parameters.member.1.ParameterKey=a&\
                    Parameters.member.1.ParameterValue=true&Parameters.member.2.UsePreviousValue=true&\
                    Capabilities.member.1=CAPABILITY_NAMED_IAM&Attributes.entry.1.key=k&Attributes.entry.1.value=1%202&\
                    ReturnSubscriptionArn=true";
        let expected = json!({
            "StackName": "s",
            "Parameters": [{"ParameterKey": "a", "ParameterValue": "true"}, {"UsePreviousValue": true}],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "Attributes": {"k": "1 2"},
            "ReturnSubscriptionArn": true,
        });
        assert_eq!(Value::Object(query(body.as_bytes())), expected);
    }
}
