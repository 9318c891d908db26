//! What a call came to: remembered under its `Idempotency-Key` without tokens or URLs, and answered with new ones.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::{Answer, Problem};

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Outcome {
    /// It was done.
    Done {
        /// The status.
        status: u16,
        /// The answer, but for what is minted anew each time.
        body: Value,
        /// Kafka was away: the relay publishes the event.
        #[serde(default)]
        event_pending: bool,
    },
    /// It was refused.
    Refused {
        /// Why.
        problem: Problem,
    },
}

impl Outcome {
    /// Done, with nothing pending.
    pub fn done(status: u16, body: Value) -> Self {
        Self::Done { status, body, event_pending: false }
    }

    /// As it is remembered.
    pub(super) fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// The answer. While Kafka is away it is 202 with the same body.
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::Done { status, body, event_pending: false } => Answer::json(status, &body),
            Self::Done { mut body, event_pending: true, .. } => {
                body["eventPending"] = true.into();
                Answer::json(202, &body)
            }
            Self::Refused { problem } => problem.answer(),
        }
    }
}

impl From<Problem> for Outcome {
    fn from(problem: Problem) -> Self {
        Self::Refused { problem }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_waiting_event_is_202_with_the_same_body() {
        let body = json!({ "applicationId": "a-1" });
        let answer = Outcome::done(200, body.clone()).answer();
        assert_eq!((answer.status_code, answer.body()), (200, body.to_string().as_str()));
        let answer = Outcome::Done { status: 200, body, event_pending: true }.answer();
        assert_eq!((answer.status_code, answer.body()), (202, r#"{"applicationId":"a-1","eventPending":true}"#));
    }

    #[test]
    fn what_is_remembered_comes_back() {
        for outcome in [
            Outcome::done(201, json!({ "customerId": "c-1" })),
            Outcome::Done { status: 200, body: json!({}), event_pending: true },
            Problem::validation([("email".into(), "is missing".into())].into()).into(),
        ] {
            assert_eq!(serde_json::from_value::<Outcome>(outcome.to_value()).unwrap(), outcome);
        }
    }
}
