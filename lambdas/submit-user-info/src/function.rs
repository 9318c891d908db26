//! What an instance of the function holds from its start on.

use shared::events::EventType;
use shared::producer::Producer;

/// The function as the catalogue names it.
const SOURCE: &str = "submit-user-info";

/// Everything is the producers' common part.
pub struct Function {
    /// Clients, tables, tokens.
    pub producer: Producer,
}

impl Function {
    /// Connects.
    pub async fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        let producer = Producer::connect(&config, SOURCE, EventType::UserInfoSubmitted).await?;
        Ok(Self { producer })
    }
}
