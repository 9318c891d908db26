//! The `configs` of MSK's topic calls: a Base64 string of a JSON object. Clients write JSON; the developer guide's
//! sample also has `key=value` lines, so both are read (aws-facts 1, Topics).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Reads `configs`.
pub fn read(encoded: &str) -> Option<BTreeMap<String, String>> {
    let bytes = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    if text.trim_start().starts_with('{') {
        let object: BTreeMap<String, Value> = serde_json::from_str(&text).ok()?;
        return Some(object.into_iter().map(|(key, value)| (key, plain(&value))).collect());
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())))
        .collect()
}

/// Writes `configs`.
pub fn write(configs: &BTreeMap<String, String>) -> String {
    STANDARD.encode(serde_json::to_string(configs).unwrap_or_default())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let expected = BTreeMap::from([
            ("cleanup.policy".to_owned(), "delete".to_owned()),
            ("retention.ms".to_owned(), "1".to_owned()),
        ]);
        for text in [
            r#"{"retention.ms":"1","cleanup.policy":"delete"}"#,
            r#"{"retention.ms":1,"cleanup.policy":"delete"}"#,
            "retention.ms=1\n# why\n\ncleanup.policy = delete\n",
        ] {
            assert_eq!(read(&STANDARD.encode(text)), Some(expected.clone()), "{text}");
        }
        assert_eq!(read(&write(&expected)), Some(expected));
        for broken in ["%", &STANDARD.encode("nonsense"), &STANDARD.encode("{]")] {
            assert_eq!(read(broken), None);
        }
    }
}
