//! What an instance of the function holds from its start on.

use aws_sdk_dynamodb::Client;
use shared::keys;
use shared::sessions::Sessions;

/// Clients, table, address.
pub struct Function {
    /// Reaches the table.
    pub dynamodb: Client,
    /// Tickets by hash.
    pub tickets: String,
    /// Tokens.
    pub sessions: Sessions,
    /// Where a browser opens the WebSocket.
    pub websocket_url: String,
}

impl Function {
    /// Builds the clients and reads the session secret.
    pub async fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        Ok(Self {
            dynamodb: Client::new(&config),
            tickets: keys::required(keys::TICKETS_TABLE)?,
            websocket_url: keys::required(keys::WEBSOCKET_URL)?,
            sessions: Sessions::connect(secrets, keys::required(keys::SESSION_SECRET_ID)?).await?,
        })
    }
}
