//! What a step decides by, read while it is asked whether the caller's token still counts. Nothing of it is answered or
//! written before that is known, and what cannot be read ahead is read when it is needed.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{Get, TransactGetItem};

use super::route::Payload;
use super::{Body, Call, Producer, Standing};
use crate::http::Request;
use crate::tables::{Item, text};

/// What was read ahead, to be used once: whatever is decided anew is read anew.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// Where the customer stood.
    pub standing: Option<Standing>,
    /// The rows of the application that the body names, read in the same snapshot.
    rows: Option<Rows>,
}

/// The rows of an application, one for each of the tables that were asked.
#[derive(Debug)]
struct Rows {
    application_id: String,
    items: Vec<Option<Item>>,
}

impl Ahead {
    /// The rows of an application, where they were read.
    pub fn rows_of(&mut self, application_id: &str) -> Option<Vec<Option<Item>>> {
        self.rows.take().filter(|rows| rows.application_id == application_id).map(|rows| rows.items)
    }
}

/// The application that a body names.
fn application_of(request: &Request) -> Option<String> {
    let mut body = Body::read(&request.body().ok()?).ok()?;
    let application_id = body.id("applicationId");
    body.checked(application_id).ok()
}

impl Producer {
    /// Reads for the customer whose token this seems to be. What fails here is found again by the step.
    pub(super) async fn read_ahead(&self, call: &Call<'_>, request: &Request, tables: &[&str]) -> Ahead {
        // Other routes take no step.
        if call.route.payload != Payload::Json {
            return Ahead::default();
        }
        let Some(customer_id) = request.bearer().ok().flatten().and_then(|token| self.sessions.presumed(token)) else {
            return Ahead::default();
        };
        match application_of(request).filter(|_| !tables.is_empty()) {
            Some(application_id) => self.snapshot(&customer_id, application_id, tables).await.unwrap_or_default(),
            None => Ahead { standing: self.read_standing(&customer_id).await.ok(), rows: None },
        }
    }

    /// The customer's row and the application's, all as they are at one moment: the condition on the customer's row then
    /// covers the others too, because every step on an application changes both. Each is authorized as a `GetItem`.
    /// Source: Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB transactions".
    async fn snapshot(&self, customer_id: &str, application_id: String, tables: &[&str]) -> anyhow::Result<Ahead> {
        let get = |table: &str, key: &str, id: &str| {
            let get = Get::builder().table_name(table).key(key, text(id)).build()?;
            anyhow::Ok(TransactGetItem::builder().get(get).build())
        };
        let mut gets = vec![get(&self.users, "customerId", customer_id)?];
        for table in tables {
            gets.push(get(table, "applicationId", &application_id)?);
        }
        let read = self.dynamodb.transact_get_items().set_transact_items(Some(gets)).send().await;
        let mut items = read.context("dynamodb:TransactGetItems failed")?.responses.unwrap_or_default().into_iter();
        let standing = Standing::of(items.next().and_then(|response| response.item))?;
        let items = items.map(|response| response.item.filter(|item| !item.is_empty())).collect();
        Ok(Ahead { standing: Some(standing), rows: Some(Rows { application_id, items }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_good_for_their_application_and_once() {
        let ahead = || Ahead { standing: None, rows: Some(Rows { application_id: "a-1".into(), items: vec![None] }) };
        let (mut same, mut other) = (ahead(), ahead());
        assert_eq!(same.rows_of("a-1"), Some(vec![None]));
        assert_eq!(same.rows_of("a-1"), None);
        assert_eq!(other.rows_of("a-2"), None);
    }

    #[test]
    fn only_an_id_is_looked_up() {
        for (body, expected) in [
            (r#"{"applicationId":"a-1","more":[[[1]]]}"#, Some("a-1")),
            (r#"{"applicationId":"a b"}"#, None),
            (r#"{"applicationId":7}"#, None),
            (r#"["applicationId"]"#, None),
            ("", None),
        ] {
            let request = serde_json::json!({
                "rawPath": "/", "headers": {}, "body": body, "isBase64Encoded": false,
                "requestContext": { "http": { "method": "POST" } }
            });
            let request: Request = serde_json::from_value(request).unwrap();
            assert_eq!(application_of(&request).as_deref(), expected, "{body}");
        }
    }
}
