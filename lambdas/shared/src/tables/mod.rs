//! The rows of the tables as types, and how they become `DynamoDB` items. Attributes are camelCase, times RFC 3339
//! except for `expiresAt` (epoch seconds, the TTL attribute) and the millisecond fields that say so.

mod application;
mod decisions;
mod rows;

pub use application::{
    ApplicationDocument, ApplicationRow, CHECK_DIGIT_FAILED, CONTRADICTED, DocumentType, field_names,
};
pub use decisions::{KycResultsRow, KycTry, RecommendationsRow};
pub use rows::{
    AuditRow, ConnectionRow, MarkerRow, MarkerState, OutboxRow, OutboxState, TicketRow, UserRow, WorkflowErrorRow,
    attributes,
};

use std::collections::HashMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A `DynamoDB` item.
pub type Item = HashMap<String, AttributeValue>;

/// A row as an item.
pub fn to_item(row: &impl Serialize) -> anyhow::Result<Item> {
    serde_dynamo::to_item(row).context("a row does not become an item")
}

/// An item as a row.
pub fn from_item<Row: DeserializeOwned>(item: Item) -> anyhow::Result<Row> {
    serde_dynamo::from_item(item).context("an item is not the row that its table holds")
}

/// A text attribute.
pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// A number attribute.
pub fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Any serialisable value as an attribute.
pub fn attribute(value: &impl Serialize) -> anyhow::Result<AttributeValue> {
    serde_dynamo::to_attribute_value(value).context("a value does not become an attribute")
}
