//! Topic configuration as the MSK topic API carries it: base64 of JSON.
//!
//! The service's developer guide decodes it to `key=value` lines, Terraform's acceptance-tested provider to JSON
//! (`aws-facts.md`, section 1, "Topics"): JSON is written, either is read.

use std::collections::BTreeMap;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// For `CreateTopic` and `UpdateTopic`.
pub fn encode(configs: &BTreeMap<String, String>) -> anyhow::Result<String> {
    Ok(STANDARD.encode(serde_json::to_vec(configs)?))
}

/// From `DescribeTopic`.
pub fn decode(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let bytes = STANDARD.decode(text.trim()).context("the topic's configuration is not base64")?;
    let text = String::from_utf8(bytes).context("the topic's configuration is not text")?;
    if let Ok(Value::Object(object)) = serde_json::from_str(&text) {
        return Ok(object.into_iter().map(|(key, value)| (key, plain(value))).collect());
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect())
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_json_is_written() {
        let expected: BTreeMap<String, String> = [("cleanup.policy", "delete"), ("retention.ms", "604800000")]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        for text in [
            r#"{"retention.ms":"604800000","cleanup.policy":"delete"}"#,
            r#"{"retention.ms":604800000,"cleanup.policy":"delete"}"#,
            "# server defaults\ncleanup.policy=delete\nretention.ms = 604800000\n",
        ] {
            assert_eq!(decode(&STANDARD.encode(text)).unwrap(), expected, "{text}");
        }
        assert_eq!(decode(&encode(&expected).unwrap()).unwrap(), expected);
        assert!(decode("?").is_err());
        assert!(decode("").unwrap().is_empty());
    }
}
