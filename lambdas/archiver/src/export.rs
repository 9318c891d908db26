//! One export: rows as NDJSON, one line an application, and the proof that the bucket holds it.

use anyhow::Context as _;
use aws_sdk_s3::primitives::ByteStream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::function::Function;

/// One line: an application and what was decided about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The application's row.
    pub application: Value,
    /// The row of its KYC results, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_result: Option<Value>,
    /// The row of its recommendations, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendations: Option<Value>,
}

/// The lines as NDJSON.
pub fn text(lines: &[Line]) -> anyhow::Result<String> {
    let mut text = String::new();
    for line in lines {
        text += &serde_json::to_string(line).context("a row does not become JSON")?;
        text.push('\n');
    }
    Ok(text)
}

/// Where an export is put: by day, and by the run. An invocation that is tried again has its request id once more, and
/// what its first run exported is deleted from the tables, so that no export may replace another.
pub fn key(at: Timestamp, run: &str, number: usize) -> String {
    let day = at.to_zoned(TimeZone::UTC).strftime("%Y/%m/%d");
    format!("applications/{day}/{run}-{number:04}.ndjson")
}

/// Puts an export into the bucket and reads it back. An error means that nothing may be deleted.
pub async fn store(function: &Function, key: &str, text: String) -> anyhow::Result<()> {
    let expected = Sha256::digest(text.as_bytes());
    function
        .s3
        .put_object()
        .bucket(&function.archive)
        .key(key)
        .content_type("application/x-ndjson")
        .body(ByteStream::from(text.into_bytes()))
        .send()
        .await
        .context("s3:PutObject into the archive failed")?;
    let found = function
        .s3
        .get_object()
        .bucket(&function.archive)
        .key(key)
        .send()
        .await
        .context("s3:GetObject from the archive failed")?;
    let bytes = found.body.collect().await.context("the export can't be read back")?.into_bytes();
    anyhow::ensure!(Sha256::digest(&bytes) == expected, "the export that was read back is not what was written");
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_line_an_application() {
        let line = |id: &str| Line {
            application: json!({ "applicationId": id, "note": "two\nlines" }),
            kyc_result: None,
            recommendations: Some(json!({ "applicationId": id })),
        };
        let lines = vec![line("a-1"), line("a-2")];
        let text = text(&lines).unwrap();
        let read: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, lines);
    }

    #[test]
    fn exports_are_kept_by_day() {
        let at = "2026-11-23T23:30:00Z".parse().unwrap();
        assert_eq!(key(at, "r-1", 2), "applications/2026/11/23/r-1-0002.ndjson");
    }
}
