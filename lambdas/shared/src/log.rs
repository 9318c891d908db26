//! One JSON object a line on stderr, which Lambda sends to the function's log group. Ids and results only: no personal
//! data, no token, no secret ever goes into a line.

use std::io::Write as _;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::keys;

/// Namespace of the metrics that ride on log lines.
pub const METRICS_NAMESPACE: &str = "OnboardAI";

/// A log line under construction.
#[must_use = "a line is written by `write`"]
pub struct Line(Map<String, Value>);

impl Line {
    /// Something went as it should.
    pub fn info(message: &str) -> Self {
        Self::new("INFO", message)
    }

    /// Something is odd and was coped with.
    pub fn warn(message: &str) -> Self {
        Self::new("WARN", message)
    }

    /// Something failed.
    pub fn error(message: &str) -> Self {
        Self::new("ERROR", message)
    }

    fn new(level: &str, message: &str) -> Self {
        let mut fields = Map::new();
        fields.insert("timestamp".into(), crate::time::text(crate::time::now()).into());
        fields.insert("level".into(), level.into());
        fields.insert("message".into(), message.into());
        fields.insert("function".into(), keys::optional(keys::FUNCTION_NAME).into());
        Self(fields)
    }

    /// Any field; a null is left out.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// The trace id.
    pub fn trace(self, id: &str) -> Self {
        self.field("traceId", id)
    }

    /// The event id.
    pub fn event(self, id: &str) -> Self {
        self.field("eventId", id)
    }

    /// The customer id, where one is known.
    pub fn customer(self, id: Option<&str>) -> Self {
        self.field("customerId", id)
    }

    /// How long it took since `started`.
    pub fn duration(self, started: Instant) -> Self {
        self.field("durationMs", u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// An error with its causes.
    pub fn cause(self, error: &anyhow::Error) -> Self {
        self.field("error", format!("{error:#}"))
    }

    /// Counts one of `metric` in the embedded metric format, by function. Source: Amazon `CloudWatch` User Guide,
    /// "Specification: Embedded metric format".
    pub fn count(self, metric: &str) -> Self {
        self.count_of(metric, 1)
    }

    /// Counts `number` of `metric`, as [`Line::count`] counts one.
    pub fn count_of(self, metric: &str, number: usize) -> Self {
        let description = json!({
            "Timestamp": crate::time::milliseconds(),
            "CloudWatchMetrics": [{
                "Namespace": METRICS_NAMESPACE,
                "Dimensions": [["function"]],
                "Metrics": [{ "Name": metric, "Unit": "Count" }],
            }],
        });
        self.field("_aws", description).field(metric, number)
    }

    /// Writes the line. A log that can't be written must not fail the work.
    pub fn write(self) {
        let mut line = Value::Object(self.0).to_string();
        line.push('\n');
        // One write a line, so that lines of several threads don't mix.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_fields_are_left_out() {
        let line = Line::info("done").customer(None).trace("1-a-b").field("status", 201);
        assert!(!line.0.contains_key("customerId"));
        assert_eq!(line.0["traceId"], "1-a-b");
        assert_eq!(line.0["status"], 201);
    }

    #[test]
    fn a_count_names_its_metric() {
        let line = Line::warn("refused").count("ValidationFailures");
        assert_eq!(line.0["ValidationFailures"], 1);
        assert_eq!(line.0["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"], "ValidationFailures");
    }
}
