//! The JSON that programs read: the document of `-o json`, the lines of `-o ndjson`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::error::{Failure, codes};
use crate::progress::Event;

/// The `schema` field of a kind's envelope.
pub fn schema_id(kind: &str) -> String {
    format!("onboardctl/v1/{kind}")
}

/// The whole document.
pub fn document(
    kind: &str,
    environment: Option<&str>,
    data: &Value,
    warnings: &[String],
    failure: Option<&Failure>,
) -> Value {
    let mut document = json!({
        "schema": schema_id(kind),
        "env": environment,
        "ok": failure.is_none(),
        "data": data,
    });
    if let (Some(failure), Value::Object(document)) = (failure, &mut document) {
        document.insert(
            "error".into(),
            json!({
                "code": failure.code.id,
                "what": failure.what,
                "why": failure.why,
                "fix": failure.fix,
                "retryable": failure.retryable,
            }),
        );
    }
    if let Value::Object(document) = &mut document {
        document.insert("warnings".into(), json!(warnings));
    }
    document
}

/// One event as a line, with its time first.
pub fn event_line(event: &Event) -> String {
    let mut line = json!({"timestamp": now()});
    if let (Value::Object(line), Ok(Value::Object(event))) = (&mut line, serde_json::to_value(event)) {
        line.extend(event);
    }
    format!("{line}\n")
}

/// Now, in RFC 3339 UTC with milliseconds.
fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}

/// The failure that an error carries, or one made from its chain.
pub fn failure_of(error: &anyhow::Error) -> Failure {
    let mut failure = match error.downcast_ref::<Failure>() {
        Some(failure) => failure.clone(),
        None => Failure::new(&codes::INTERNAL, error.to_string()),
    };
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // SDK errors repeat their source in their own text; a cause that is already told is not told again.
        if cause != failure.what && !failure.why.iter().any(|why| why.contains(&cause)) {
            failure.why.push(cause);
        }
    }
    failure
}

/// Why a run was told to end.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// `--timeout`, where it passed; else a signal came.
    pub limit: Option<Duration>,
}

impl Ending {
    /// A failure of a run that was told to end: the code says why it ended, the evidence is the command's own.
    pub fn behind(self, mut failure: Failure) -> Failure {
        failure.code = &codes::INTERRUPTED;
        if let Some(limit) = self.limit {
            failure.code = &codes::TIMED_OUT;
            failure.why.insert(0, format!("--timeout of {} s passed", limit.as_secs()));
            failure.retryable = true;
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_its_fields_in_order() {
        let document = document("topics", Some("local"), &json!({"topics": []}), &["late".into()], None);
        assert_eq!(
            document.to_string(),
            r#"{"schema":"onboardctl/v1/topics","env":"local","ok":true,"data":{"topics":[]},"warnings":["late"]}"#
        );
    }

    #[test]
    fn a_failure_is_found_below_and_above_other_causes() {
        let inner = anyhow::anyhow!("socket closed");
        let error = inner.context(Failure::new(&codes::AWS_CALL, "lambda:GetFunction failed")).context("deploying");
        let failure = failure_of(&error);
        assert_eq!(failure.code.id, "E-AWS-004");
        assert!(failure.why.iter().any(|why| why == "socket closed"));

        let plain = failure_of(&anyhow::anyhow!("first").context("second"));
        assert_eq!((plain.code.id, plain.what.as_str(), plain.why), ("E-CLI-001", "second", vec!["first".to_owned()]));
    }
}
