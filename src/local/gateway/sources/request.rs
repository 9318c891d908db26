//! Reads and checks requests for event source mappings as Lambda does. Sources: API references of
//! `CreateEventSourceMapping` and `UpdateEventSourceMapping`; aws-facts 2.

use serde_json::Value;

use super::super::answer::ApiError;
use super::function::Function;
use super::mapping::{Mapping, Provisioned, Start};

/// What only provisioned mode knows for Kafka (aws-facts 0.4).
const ERROR_CONTROLS: [&str; 4] =
    ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes"];

/// A mapping from the body of `CreateEventSourceMapping`.
pub fn create(request: &Value, uuid: String, now: f64) -> Result<Mapping, ApiError> {
    let topic = match request["Topics"].as_array().map(Vec::as_slice) {
        Some([topic]) => {
            topic.as_str().filter(|topic| is_topic(topic)).ok_or_else(|| invalid("Invalid topic name."))?
        }
        _ => return Err(invalid("Topics must contain exactly one topic.")),
    };
    let group = match request["AmazonManagedKafkaEventSourceConfig"]["ConsumerGroupId"].as_str() {
        Some(group) if is_group(group) => group.to_owned(),
        Some(_) => return Err(invalid("Invalid ConsumerGroupId.")),
        None => uuid.clone(),
    };
    let start = match request["StartingPosition"].as_str() {
        Some("TRIM_HORIZON") => Start::TrimHorizon,
        Some("LATEST") => Start::Latest,
        Some("AT_TIMESTAMP") => Start::AtTimestamp(
            request["StartingPositionTimestamp"]
                .as_f64()
                .ok_or_else(|| invalid("StartingPositionTimestamp is required for AT_TIMESTAMP."))?,
        ),
        Some(_) => return Err(invalid("StartingPosition must be TRIM_HORIZON, LATEST or AT_TIMESTAMP.")),
        None => return Err(invalid("StartingPosition is required for this event source.")),
    };
    let tags = request["Tags"].as_object().into_iter().flatten();
    let blank = Mapping {
        uuid,
        function: function(request)?.ok_or_else(|| invalid("FunctionName is required."))?,
        topic: topic.to_owned(),
        group,
        batch_size: 100,
        window: None,
        start,
        positioned: false,
        secret: String::new(),
        provisioned: None,
        enabled: true,
        last_modified: now,
        tags: tags.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect(),
    };
    let mapping = changeable(blank, request)?;
    if mapping.secret.is_empty() {
        return Err(invalid(
            "SourceAccessConfigurations must name a SASL_SCRAM_512_AUTH secret: the cluster's only authentication is SCRAM.",
        ));
    }
    Ok(mapping)
}

/// A mapping after `UpdateEventSourceMapping`.
pub fn update(mapping: &Mapping, request: &Value, now: f64) -> Result<Mapping, ApiError> {
    let group = request["AmazonManagedKafkaEventSourceConfig"]["ConsumerGroupId"].as_str();
    if group.is_some_and(|group| group != mapping.group) {
        return Err(invalid("ConsumerGroupId cannot be updated."));
    }
    let mut next = changeable(mapping.clone(), request)?;
    if let Some(function) = function(request)? {
        next.function = function;
    }
    next.last_modified = now;
    Ok(next)
}

/// What create and update have in common.
fn changeable(mut mapping: Mapping, request: &Value) -> Result<Mapping, ApiError> {
    if request["FilterCriteria"]["Filters"].as_array().is_some_and(|filters| !filters.is_empty()) {
        return Err(invalid("FilterCriteria is not available for Kafka on the platform of this computer."));
    }
    if !request["DestinationConfig"]["OnFailure"]["Destination"].is_null() {
        return Err(invalid("DestinationConfig is not available for Kafka on the platform of this computer."));
    }
    if let Some(size) = number(request, "BatchSize", 1, 10_000)? {
        mapping.batch_size = usize::try_from(size).unwrap_or(1);
    }
    if let Some(window) = number(request, "MaximumBatchingWindowInSeconds", 0, 300)? {
        mapping.window = u64::try_from(window).ok();
    }
    if let Some(enabled) = request["Enabled"].as_bool() {
        mapping.enabled = enabled;
    }
    if let Some(secret) = secret(request)? {
        mapping.secret = secret;
    }
    mapping.provisioned = provisioned(mapping.provisioned.take(), request)?;
    Ok(mapping)
}

fn secret(request: &Value) -> Result<Option<String>, ApiError> {
    let Some(list) = request["SourceAccessConfigurations"].as_array() else { return Ok(None) };
    match list.as_slice() {
        [one] if one["Type"] == "SASL_SCRAM_512_AUTH" => match one["URI"].as_str() {
            Some(uri) if (1..=200).contains(&uri.len()) => Ok(Some(uri.to_owned())),
            _ => Err(invalid("The URI of a source access configuration has 1 to 200 characters.")),
        },
        [] => Ok(None),
        _ => Err(invalid("SourceAccessConfigurations must hold one entry of type SASL_SCRAM_512_AUTH.")),
    }
}

fn provisioned(current: Option<Provisioned>, request: &Value) -> Result<Option<Provisioned>, ApiError> {
    let pollers = &request["ProvisionedPollerConfig"];
    let wanted = match (pollers.as_object(), current) {
        // An empty object turns the mode off.
        (Some(object), _) if object.is_empty() => None,
        (Some(_), current) => Some(Provisioned {
            pollers: pollers.clone(),
            ..current.unwrap_or(Provisioned {
                pollers: Value::Null,
                retries: -1,
                record_age: -1,
                bisect: false,
                partial: false,
            })
        }),
        (None, current) => current,
    };
    let Some(mut mode) = wanted else {
        let given = |key: &&&str| {
            let value = &request[**key];
            !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
        };
        return match ERROR_CONTROLS.iter().find(given) {
            Some(key) => {
                Err(invalid(&format!("{key} is only available for Kafka event source mappings in provisioned mode.")))
            }
            None => Ok(None),
        };
    };
    if let Some(retries) = number(request, "MaximumRetryAttempts", -1, 10_000)? {
        mode.retries = retries;
    }
    if let Some(age) = number(request, "MaximumRecordAgeInSeconds", -1, 604_800)? {
        mode.record_age = age;
    }
    if let Some(bisect) = request["BisectBatchOnFunctionError"].as_bool() {
        mode.bisect = bisect;
    }
    if let Some(types) = request["FunctionResponseTypes"].as_array() {
        mode.partial = types.iter().any(|kind| kind == "ReportBatchItemFailures");
    }
    Ok(Some(mode))
}

fn function(request: &Value) -> Result<Option<Function>, ApiError> {
    let Some(reference) = request["FunctionName"].as_str() else { return Ok(None) };
    Function::parse(reference).map(Some).ok_or_else(|| invalid(&format!("Invalid function name: {reference}")))
}

fn number(request: &Value, key: &str, least: i64, most: i64) -> Result<Option<i64>, ApiError> {
    let value = &request[key];
    if value.is_null() {
        return Ok(None);
    }
    let within = value.as_i64().filter(|number| (least..=most).contains(number));
    within.map(Some).ok_or_else(|| invalid(&format!("{key} must be between {least} and {most}.")))
}

/// Kafka's own rule for names.
fn is_topic(name: &str) -> bool {
    (1..=249).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// The pattern of `ConsumerGroupId` in the API model.
fn is_group(name: &str) -> bool {
    (1..=200).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-/*:_+=.@".contains(&byte))
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(400, "InvalidParameterValueException", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({
            "FunctionName": "f:live", "EventSourceArn": "arn", "Topics": ["t"], "StartingPosition": "TRIM_HORIZON",
            "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": "secret"}],
        })
    }

    fn with(changes: &Value) -> Value {
        let mut request = good();
        for (key, value) in changes.as_object().unwrap() {
            request[key] = value.clone();
        }
        request
    }

    #[test]
    fn created() {
        let mapping = create(&good(), "id".into(), 1.0).unwrap();
        assert_eq!((mapping.group.as_str(), mapping.batch_size, mapping.window), ("id", 100, None));
        for (changes, word) in [
            (json!({"Topics": []}), "exactly one"),
            (json!({"Topics": ["a", "b"]}), "exactly one"),
            (json!({"Topics": ["a b"]}), "topic name"),
            (json!({"StartingPosition": null}), "required"),
            (json!({"StartingPosition": "SOON"}), "TRIM_HORIZON"),
            (json!({"StartingPosition": "AT_TIMESTAMP"}), "Timestamp"),
            (json!({"BatchSize": 0}), "BatchSize"),
            (json!({"BatchSize": 10_001}), "BatchSize"),
            (json!({"MaximumBatchingWindowInSeconds": 301}), "Window"),
            (json!({"SourceAccessConfigurations": []}), "SCRAM"),
            (json!({"SourceAccessConfigurations": [{"Type": "VPC_SUBNET", "URI": "s"}]}), "SASL_SCRAM_512_AUTH"),
            (json!({"AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "é"}}), "ConsumerGroupId"),
            (json!({"FunctionName": "a b"}), "function name"),
            (json!({"MaximumRetryAttempts": 1}), "provisioned"),
            (json!({"FunctionResponseTypes": ["ReportBatchItemFailures"]}), "provisioned"),
        ] {
            let error = create(&with(&changes), "id".into(), 1.0).unwrap_err();
            assert_eq!(error.code, "InvalidParameterValueException");
            assert!(error.message.contains(word), "{changes}: {}", error.message);
        }
        let controls = json!({"ProvisionedPollerConfig": {"MinimumPollers": 1}, "MaximumRetryAttempts": 2,
            "BisectBatchOnFunctionError": true, "FunctionResponseTypes": ["ReportBatchItemFailures"]});
        let mode = create(&with(&controls), "id".into(), 1.0).unwrap().provisioned.unwrap();
        assert_eq!((mode.retries, mode.record_age, mode.bisect, mode.partial), (2, -1, true, true));
    }

    #[test]
    fn updated() {
        let mapping = create(&good(), "id".into(), 1.0).unwrap();
        let changed = update(&mapping, &json!({"Enabled": false, "BatchSize": 7, "FunctionName": "g"}), 2.0).unwrap();
        assert_eq!((changed.enabled, changed.batch_size, changed.function.name.as_str()), (false, 7, "g"));
        assert_eq!(changed.secret, "secret");
        let group = |id| json!({"AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": id}});
        assert!(update(&mapping, &group("id"), 2.0).is_ok());
        assert!(update(&mapping, &group("other"), 2.0).unwrap_err().message.contains("ConsumerGroupId"));
    }
}
