//! What a request came to: remembered under its `Idempotency-Key` without token, and answered with a new one.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::http::{Answer, Problem};
use shared::progress::{State, progress};
use shared::sessions::Token;

/// The outcome of a request that may be repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Outcome {
    /// A session was opened or renewed.
    Session {
        /// Whose.
        customer_id: String,
    },
    /// The customer's data was written.
    Submitted {
        /// Whose.
        customer_id: String,
        /// Kafka was away: the relay publishes the event.
        event_pending: bool,
    },
    /// The request was refused.
    Refused {
        /// Why.
        problem: Problem,
    },
}

impl Outcome {
    /// Whose token the answer carries.
    pub fn customer(&self) -> Option<&str> {
        match self {
            Self::Session { customer_id } | Self::Submitted { customer_id, .. } => Some(customer_id),
            Self::Refused { .. } => None,
        }
    }

    /// As it is remembered.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// The answer, with a token where the outcome has a customer.
    pub fn answer(&self, token: Option<&Token>) -> Answer {
        let session = |customer_id: &str| {
            json!({
                "customerId": customer_id,
                "sessionToken": token.map(|token| token.token.as_str()),
                "expiresAt": token.map(|token| token.expires_at.as_str()),
            })
        };
        match self {
            Self::Session { customer_id } => Answer::json(201, &session(customer_id)),
            Self::Submitted { customer_id, event_pending } => {
                let mut body = session(customer_id);
                body["progress"] = json!(progress(State::UserInfoSubmitted));
                if *event_pending {
                    body["eventPending"] = true.into();
                }
                Answer::json(if *event_pending { 202 } else { 201 }, &body)
            }
            Self::Refused { problem } => problem.answer(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token { token: "t".into(), expires_at: "2026-01-01T00:00:00.000Z".into() }
    }

    #[test]
    fn answers_have_the_contracts_shapes() {
        let outcome = Outcome::Submitted { customer_id: "c-1".into(), event_pending: false };
        let answer = outcome.answer(Some(&token()));
        let body: Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!(answer.status_code, 201);
        assert_eq!(body["progress"]["currentTile"], 2);
        assert_eq!(body["progress"]["tiles"][0]["status"], "COMPLETED");
        assert_eq!((&body["customerId"], &body["sessionToken"]), (&json!("c-1"), &json!("t")));
        assert_eq!(body.get("eventPending"), None);
    }

    #[test]
    fn a_waiting_event_is_202_with_the_same_body() {
        let outcome = Outcome::Submitted { customer_id: "c-1".into(), event_pending: true };
        let answer = outcome.answer(Some(&token()));
        let body: Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!((answer.status_code, &body["eventPending"]), (202, &json!(true)));
        assert_eq!(body["progress"]["currentTile"], 2);
    }

    #[test]
    fn what_is_remembered_comes_back_and_holds_no_token() {
        for outcome in [
            Outcome::Session { customer_id: "c-1".into() },
            Outcome::Submitted { customer_id: "c-1".into(), event_pending: true },
            Outcome::Refused { problem: Problem::validation([("email".into(), "is missing".into())].into()) },
        ] {
            let value = outcome.to_value();
            assert!(!value.to_string().contains("oken"));
            assert_eq!(serde_json::from_value::<Outcome>(value).unwrap(), outcome);
        }
    }
}
