//! What an instance of the function holds from its start on.

use aws_sdk_dynamodb::Client;
use shared::events::EventType;
use shared::keys;
use shared::outbox::{Outbox, PUBLISH_DEADLINE, Publisher};
use shared::sessions::Sessions;

/// Clients, tables, keys.
pub struct Function {
    /// Reaches the tables.
    pub dynamodb: Client,
    /// Customers.
    pub users: String,
    /// Outcomes by key.
    pub idempotency: String,
    /// Events on their way.
    pub outbox: Outbox,
    /// Kafka.
    pub publisher: Publisher,
    /// Tokens.
    pub sessions: Sessions,
}

impl Function {
    /// Connects everything at once, so that a cold start costs the slowest of them and not their sum.
    pub async fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration().await;
        let dynamodb = Client::new(&config);
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        // The first number parsed decodes the numbering plans of all countries; better now than in a request.
        let plans = tokio::task::spawn_blocking(crate::form::warm_up);
        let (sessions, publisher) = tokio::try_join!(
            Sessions::connect(secrets, keys::required(keys::SESSION_SECRET_ID)?),
            Publisher::connect(&config, Some(EventType::UserInfoSubmitted.topic()), PUBLISH_DEADLINE),
        )?;
        plans.await?;
        Ok(Self {
            users: keys::required(keys::USERS_TABLE)?,
            idempotency: keys::required(keys::IDEMPOTENCY_TABLE)?,
            outbox: Outbox { client: dynamodb.clone(), table: keys::required(keys::OUTBOX_TABLE)? },
            dynamodb,
            publisher,
            sessions,
        })
    }
}
