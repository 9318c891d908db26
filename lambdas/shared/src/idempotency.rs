//! `Idempotency-Key`: a repeat gets the first outcome and publishes nothing new, 409 while the first is under way, 422
//! with another body. Outcomes hold neither tokens nor upload URLs, which are minted anew.
//!
//! The outcome is written in the same transaction as the step, under the attempt's own id, so that an attempt that was
//! taken for dead and comes back can't commit a second time.

use anyhow::Context as _;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::aws;
use crate::http::Problem;
use crate::tables::{from_item, number, text, to_item};

/// How long an outcome is remembered.
const REMEMBERED_SECONDS: i64 = 24 * 60 * 60;

/// How long a first attempt counts as under way: longer than any function that answers a request may run.
const UNDER_WAY_SECONDS: i64 = 30;

/// One request with its key, and this attempt at it.
#[derive(Clone, Debug)]
pub struct Attempt {
    scope: String,
    body_hash: String,
    id: String,
}

/// A row of the `idempotency` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    scope: String,
    body_hash: String,
    attempt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    under_way_until: i64,
    expires_at: i64,
}

/// What is to be done with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// It is the first.
    First,
    /// It was answered already, with this outcome.
    Repeat(Value),
    /// The first is under way.
    UnderWay,
    /// The key was used with another body.
    OtherBody,
}

/// A key that is fit for its route, or a refusal. On open routes whoever knows the key gets a session, so it must hold
/// at least 128 bits, counted by its alphabet.
pub fn check_key(key: &str, open: bool) -> Result<(), Problem> {
    let refuse = |message: &str| Err(Problem::new(400, "IDEMPOTENCY_KEY", message));
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse("The Idempotency-Key must be 1 to 255 visible ASCII characters.");
    }
    if open && nominal_bits(key) < 128 {
        return refuse("The Idempotency-Key must hold at least 128 random bits here (32 hexadecimal digits, say).");
    }
    Ok(())
}

/// The most bits that a key of this alphabet and length can hold; none where few different characters occur in it.
fn nominal_bits(key: &str) -> usize {
    let significant: Vec<u8> = key.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let different = significant.iter().collect::<std::collections::BTreeSet<_>>().len();
    if different < 8 {
        return 0;
    }
    let bits = if significant.iter().all(u8::is_ascii_hexdigit) { 4 } else { 6 };
    // In base64 text `-`, `_`, `+` and `/` carry as much as a letter does; in hexadecimal they only separate.
    let carriers = if bits == 4 { significant.len() } else { key.trim_end_matches('=').len() };
    carriers * bits
}

impl Attempt {
    /// An attempt at a request of `customer` (none on an open route without session) on `route`.
    pub fn new(customer: Option<&str>, route: &str, key: &str, body: &[u8]) -> Self {
        let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        Self {
            scope: format!("{}#{route}#{}", customer.unwrap_or("-"), hash(key.as_bytes())),
            body_hash: hash(body),
            id: uuid::Uuid::new_v4().to_string(),
        }
    }

    /// The key of the request's row.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Claims the key for this attempt, or says what else is to be done.
    pub async fn begin(&self, client: &Client, table: &str) -> anyhow::Result<Begun> {
        let now = crate::time::seconds();
        let row = Row {
            scope: self.scope.clone(),
            body_hash: self.body_hash.clone(),
            attempt: self.id.clone(),
            outcome: None,
            under_way_until: now + UNDER_WAY_SECONDS,
            expires_at: now + REMEMBERED_SECONDS,
        };
        let sent = client
            .put_item()
            .table_name(table)
            .set_item(Some(to_item(&row)?))
            // Expired rows stay for a while (TTL), so the time is compared too. A first that died may be taken over.
            .condition_expression(
                "attribute_not_exists(#scope) OR expiresAt <= :now \
                 OR (attribute_not_exists(outcome) AND underWayUntil <= :now AND bodyHash = :body)",
            )
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":body", text(&self.body_hash))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Begun::First);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                let existing = refused.item().cloned().context("the refused key came back without its row")?;
                self.classify(&from_item(existing)?)
            }
            _ => Err(error).context("dynamodb:PutItem on the idempotency table failed"),
        }
    }

    /// The write that belongs into the step's transaction. It is refused when another attempt has taken over.
    pub fn complete(&self, table: &str, outcome: &Value) -> anyhow::Result<TransactWriteItem> {
        let update = Update::builder()
            .table_name(table)
            .key("scope", text(&self.scope))
            .update_expression("SET outcome = :outcome")
            .condition_expression("attempt = :attempt AND attribute_not_exists(outcome)")
            .expression_attribute_values(":outcome", text(outcome.to_string()))
            .expression_attribute_values(":attempt", text(&self.id))
            .build()?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Writes an outcome outside of a transaction: one without effects, or one that has changed since.
    pub async fn settle(&self, client: &Client, table: &str, outcome: &Value) -> anyhow::Result<()> {
        client
            .update_item()
            .table_name(table)
            .key("scope", text(&self.scope))
            .update_expression("SET outcome = :outcome")
            .condition_expression("attempt = :attempt")
            .expression_attribute_values(":outcome", text(outcome.to_string()))
            .expression_attribute_values(":attempt", text(&self.id))
            .send()
            .await
            .context("dynamodb:UpdateItem on the idempotency table failed")?;
        Ok(())
    }

    /// Gives the key back: nothing happened that a repeat would have to be told. A key that is not this attempt's, or not
    /// any more because the answer to giving it back was lost, stays as it is.
    pub async fn release(&self, client: &Client, table: &str) -> anyhow::Result<()> {
        let sent = client
            .delete_item()
            .table_name(table)
            .key("scope", text(&self.scope))
            .condition_expression("attempt = :attempt AND attribute_not_exists(outcome)")
            .expression_attribute_values(":attempt", text(&self.id))
            .send()
            .await;
        match sent {
            Err(error) if !aws::is_refused(&error) => {
                Err(error).context("dynamodb:DeleteItem on the idempotency table failed")
            }
            _ => Ok(()),
        }
    }

    /// What a key that is taken already means for this attempt.
    fn classify(&self, existing: &Row) -> anyhow::Result<Begun> {
        // The SDK sent the claim once more because the answer to it was lost.
        if existing.attempt == self.id {
            return Ok(Begun::First);
        }
        if existing.body_hash != self.body_hash {
            return Ok(Begun::OtherBody);
        }
        let Some(outcome) = &existing.outcome else {
            return Ok(Begun::UnderWay);
        };
        Ok(Begun::Repeat(serde_json::from_str(outcome).context("a remembered outcome is not JSON")?))
    }
}

impl Begun {
    /// The refusal, where there is one.
    pub fn refusal(&self) -> Option<Problem> {
        match self {
            Self::First | Self::Repeat(_) => None,
            Self::UnderWay => Some(Problem::new(
                409,
                "REQUEST_UNDER_WAY",
                "The first request with this Idempotency-Key is under way.",
            )),
            Self::OtherBody => {
                Some(Problem::new(422, "IDEMPOTENCY_KEY_REUSED", "The Idempotency-Key was used with another body."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn row(outcome: Option<&str>) -> Row {
        Row {
            scope: "s".into(),
            body_hash: "h".into(),
            attempt: "a".into(),
            outcome: outcome.map(str::to_owned),
            under_way_until: 0,
            expires_at: 0,
        }
    }

    #[test]
    fn the_cases_of_a_known_key() {
        let attempt = |id: &str, hash: &str| Attempt { scope: "s".into(), body_hash: hash.into(), id: id.into() };
        for (existing, id, hash, expected) in [
            (row(Some(r#"{"status":201}"#)), "b", "h", Begun::Repeat(json!({"status": 201}))),
            (row(None), "b", "h", Begun::UnderWay),
            (row(None), "a", "h", Begun::First),
            (row(Some("{}")), "b", "other", Begun::OtherBody),
            (row(None), "b", "other", Begun::OtherBody),
        ] {
            assert_eq!(attempt(id, hash).classify(&existing).unwrap(), expected, "{id} {hash}");
        }
    }

    #[test]
    fn refusals_have_their_statuses() {
        let status = |begun: Begun| begun.refusal().map(|problem| problem.status);
        assert_eq!(status(Begun::First), None);
        assert_eq!(status(Begun::UnderWay), Some(409));
        assert_eq!(status(Begun::OtherBody), Some(422));
    }

    #[test]
    fn keys_on_open_routes_hold_128_bits() {
        for (key, open, accepted) in [
            ("1", false, true),
            ("1", true, false),
            ("0f8fad5bd9cb469fa16570867728950e", true, true),
            ("0f8fad5b-d9cb-469f-a165-70867728950e", true, true),
            ("0f8fad5b-d9cb-469f-a165", true, false),
            ("00000000000000000000000000000000", true, false),
            ("x7Fq_9-kLmZ0aPwR3tYv2Q", true, true),
            ("with space", false, false),
            ("", false, false),
        ] {
            assert_eq!(check_key(key, open).is_ok(), accepted, "{key}");
        }
        assert!(check_key(&"a".repeat(256), false).is_err());
    }

    #[test]
    fn customers_and_routes_do_not_share_keys() {
        let scope = |customer, route| Attempt::new(customer, route, "k", b"").scope;
        assert_ne!(scope(Some("c-1"), "r"), scope(Some("c-2"), "r"));
        assert_ne!(scope(Some("c-1"), "r"), scope(Some("c-1"), "q"));
        assert_ne!(scope(None, "r"), scope(Some("c-1"), "r"));
    }

    proptest! {
        #[test]
        fn no_key_panics(key in ".{0,300}", open: bool) {
            let _ = check_key(&key, open);
        }
    }
}
