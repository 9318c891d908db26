//! The rows that a customer leaves in the data tables. Keys are those of `platform.yaml`.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use shared::names::{CUSTOMER_INDEX, tables};

use crate::aws::SendExt;
use crate::context::Context;

/// An item as the SDK has it.
pub type Item = HashMap<String, AttributeValue>;

/// Reads and deletes rows.
#[derive(Clone, Debug)]
pub struct Rows {
    client: Client,
    suffix: String,
}

/// One row of the audit log, as far as `verify` reads it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// The event.
    pub event_id: String,
    /// Its type.
    pub event_type: String,
    /// The topic its record was read from.
    pub topic: String,
    /// The record's partition.
    pub partition: i32,
    /// The record's offset.
    pub offset: i64,
}

impl Rows {
    /// The tables of this environment.
    pub async fn of(context: &Context) -> anyhow::Result<Self> {
        // `Environment::table` builds `{table}-{env}`; an empty name gives what all of them end with.
        Ok(Self { client: context.aws.dynamodb().await?, suffix: context.settings.environment.table("") })
    }

    fn table(&self, table: &str) -> String {
        format!("{table}{}", self.suffix)
    }

    /// Whether the customer has a row in `users`.
    pub async fn user(&self, customer: &str) -> anyhow::Result<bool> {
        Ok(self.get(tables::USERS, "customerId", customer).await?.is_some())
    }

    /// The last sequence that the customer used.
    pub async fn sequence(&self, customer: &str) -> anyhow::Result<Option<u64>> {
        let row = self.get(tables::USERS, "customerId", customer).await?;
        Ok(row.and_then(|row| row.get("sequence")?.as_n().ok()?.parse().ok()))
    }

    /// Deletes what a route remembers under a customer's key.
    pub async fn forget_key(&self, customer: &str, route: &str, key: &str) -> anyhow::Result<()> {
        let attempt = shared::idempotency::Attempt::new(Some(customer), route, key, &[]);
        let row = [("scope".to_owned(), AttributeValue::S(attempt.scope().to_owned()))].into();
        self.delete_all(tables::IDEMPOTENCY, &["scope"], vec![row]).await.map(drop)
    }

    /// How many events of the customer wait in the outbox.
    pub async fn waiting(&self, customer: &str) -> anyhow::Result<usize> {
        Ok(self.of_customer(tables::OUTBOX, None, customer).await?.len())
    }

    /// The customer's audit rows.
    pub async fn audit(&self, customer: &str) -> anyhow::Result<Vec<AuditRow>> {
        Ok(serde_dynamo::from_items(self.of_customer(tables::AUDIT_LOGS, None, customer).await?)?)
    }

    /// How many stored errors the customer has.
    pub async fn errors(&self, customer: &str) -> anyhow::Result<usize> {
        Ok(self.of_customer(tables::WORKFLOW_ERRORS, Some(CUSTOMER_INDEX), customer).await?.len())
    }

    /// An application's row.
    pub async fn application(&self, application: &str) -> anyhow::Result<Option<Item>> {
        self.get(tables::APPLICATIONS, "applicationId", application).await
    }

    /// Whether the checks of an application's identity left a row.
    pub async fn kyc_result(&self, application: &str) -> anyhow::Result<bool> {
        Ok(self.get(tables::KYC_RESULTS, "applicationId", application).await?.is_some())
    }

    /// Whether an application's recommendations left a row.
    pub async fn recommendations(&self, application: &str) -> anyhow::Result<bool> {
        Ok(self.get(tables::POLICY_RECOMMENDATIONS, "applicationId", application).await?.is_some())
    }

    /// An event's marker.
    pub async fn marker_row(&self, event: &str) -> anyhow::Result<Option<Item>> {
        self.get(tables::PROCESSED_EVENTS, "eventId", event).await
    }

    /// The state of an event's marker.
    pub async fn marker(&self, event: &str) -> anyhow::Result<Option<String>> {
        let item = self.marker_row(event).await?;
        Ok(item.and_then(|item| item.get("state")?.as_s().ok().cloned()))
    }

    /// Deletes everything that the customer left, and says how many rows that were.
    pub async fn purge(&self, customer: &str) -> anyhow::Result<usize> {
        let mut removed = 0;
        for event in self.audit(customer).await? {
            removed += self
                .delete_all(
                    tables::PROCESSED_EVENTS,
                    &["eventId"],
                    vec![[("eventId".to_owned(), AttributeValue::S(event.event_id))].into()],
                )
                .await?;
        }
        for item in self.of_customer(tables::APPLICATIONS, Some(CUSTOMER_INDEX), customer).await? {
            let key: Item = item.into_iter().filter(|(name, _)| name == "applicationId").collect();
            for table in [tables::KYC_RESULTS, tables::POLICY_RECOMMENDATIONS, tables::APPLICATIONS] {
                removed += self.delete_all(table, &["applicationId"], vec![key.clone()]).await?;
            }
        }
        for (table, index, key) in [
            (tables::OUTBOX, None, &["customerId", "sequence"][..]),
            (tables::AUDIT_LOGS, None, &["customerId", "eventId"]),
            (tables::WORKFLOW_ERRORS, Some(CUSTOMER_INDEX), &["eventId"]),
            (tables::WEBSOCKET_CONNECTIONS, Some(CUSTOMER_INDEX), &["connectionId"]),
            (tables::USERS, None, &["customerId"]),
        ] {
            let items = self.of_customer(table, index, customer).await?;
            removed += self.delete_all(table, key, items).await?;
        }
        Ok(removed)
    }

    async fn delete_all(&self, table: &str, key: &[&str], items: Vec<Item>) -> anyhow::Result<usize> {
        let count = items.len();
        for mut item in items {
            item.retain(|name, _| key.contains(&name.as_str()));
            self.client
                .delete_item()
                .table_name(self.table(table))
                .set_key(Some(item))
                .send()
                .await
                .called("dynamodb:DeleteItem")?;
        }
        Ok(count)
    }

    async fn get(&self, table: &str, key: &str, value: &str) -> anyhow::Result<Option<Item>> {
        let get = self
            .client
            .get_item()
            .table_name(self.table(table))
            .key(key, AttributeValue::S(value.into()))
            .consistent_read(true);
        Ok(get.send().await.called("dynamodb:GetItem")?.item)
    }

    async fn of_customer(&self, table: &str, index: Option<&str>, customer: &str) -> anyhow::Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(self.table(table))
                .set_index_name(index.map(Into::into))
                .key_condition_expression("customerId = :customer")
                .expression_attribute_values(":customer", AttributeValue::S(customer.into()))
                // An index is never consistent; the tables themselves are asked for what is there now.
                .consistent_read(index.is_none())
                .set_exclusive_start_key(from)
                .send()
                .await
                .called("dynamodb:Query")?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}
