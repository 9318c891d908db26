//! What an instance of the function holds from its start on.

use shared::events::EventType;
use shared::keys;
use shared::producer::Producer;

use crate::catalogue::{self, Policy};

/// The function as the catalogue names it.
const SOURCE: &str = "generate-recommendations";

/// Clients, tables, policies.
pub struct Function {
    /// What all producers have.
    pub producer: Producer,
    /// Applications.
    pub applications: String,
    /// Recommendations.
    pub recommendations: String,
    /// The catalogue.
    pub policies: Vec<Policy>,
}

impl Function {
    /// Connects, and reads the catalogue meanwhile.
    pub async fn connect() -> anyhow::Result<Self> {
        let policies = tokio::task::spawn_blocking(|| catalogue::load(&catalogue::FILE));
        let config = shared::aws::configuration()?;
        let producer = Producer::connect(&config, SOURCE, EventType::PolicyRecommended).await?;
        Ok(Self {
            producer,
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            recommendations: keys::required(keys::POLICY_RECOMMENDATIONS_TABLE)?,
            policies: policies.await??,
        })
    }
}
