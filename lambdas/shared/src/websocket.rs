//! What API Gateway hands the functions of the WebSocket, and the connection row that they share.

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use serde::Deserialize;

use crate::keys;
use crate::tables::ConnectionRow;

/// API Gateway closes a WebSocket after two hours. Source: Amazon API Gateway Developer Guide, "Quotas for configuring
/// and running a WebSocket API".
pub const LIFETIME_SECONDS: i64 = 2 * 60 * 60;

/// The table with a row per connection.
pub struct Connections {
    /// Reaches it.
    pub dynamodb: Client,
    /// Its name.
    pub table: String,
}

impl Connections {
    /// Builds the client; it connects with its first call.
    pub fn new(config: &SdkConfig) -> anyhow::Result<Self> {
        Ok(Self { dynamodb: Client::new(config), table: keys::required(keys::CONNECTIONS_TABLE)? })
    }
}

/// An event of a WebSocket route. Only the authorizer's context says whose socket it is; the query string is never read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What API Gateway knows of the connection.
    pub request_context: Context,
    /// The message, on routes that have one.
    #[serde(default)]
    pub body: Option<String>,
}

/// The connection and what the authorizer said about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The connection's id.
    pub connection_id: String,
    /// When it opened, epoch milliseconds.
    #[serde(default)]
    pub connected_at: Option<i64>,
    /// The authorizer's context.
    #[serde(default)]
    pub authorizer: Option<Authorized>,
}

/// The authorizer's context: values are texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorized {
    /// Whose ticket opened the socket.
    #[serde(default)]
    pub customer_id: Option<String>,
}

impl Context {
    /// Whose socket it is.
    pub fn customer(&self) -> Option<&str> {
        self.authorizer.as_ref()?.customer_id.as_deref().filter(|id| !id.is_empty())
    }

    /// The row of this connection; none where no authorizer said whose it is.
    pub fn row(&self, now_milliseconds: i64) -> Option<ConnectionRow> {
        let connected_at = self.connected_at.unwrap_or(now_milliseconds);
        Some(ConnectionRow {
            connection_id: self.connection_id.clone(),
            customer_id: self.customer()?.to_owned(),
            connected_at,
            expires_at: connected_at / 1000 + LIFETIME_SECONDS,
        })
    }
}

/// What a route answers API Gateway with.
pub fn status(code: u16) -> serde_json::Value {
    serde_json::json!({ "statusCode": code })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_customer_comes_from_the_authorizer_only() {
        let event = |authorizer: serde_json::Value| -> Event {
            serde_json::from_value(json!({
                "queryStringParameters": { "customerId": "other" },
                "requestContext": { "connectionId": "x=", "connectedAt": 5_000, "authorizer": authorizer },
            }))
            .unwrap()
        };
        let row = event(json!({ "customerId": "c-1", "principalId": "c-1" })).request_context.row(9_000).unwrap();
        assert_eq!((row.customer_id.as_str(), row.connected_at, row.expires_at), ("c-1", 5_000, 5 + LIFETIME_SECONDS));
        assert!(event(json!({})).request_context.row(9_000).is_none());
        assert!(event(json!(null)).request_context.row(9_000).is_none());
    }
}
