//! What an instance of the function holds from its start on.

use shared::events::EventType;
use shared::keys;
use shared::producer::Producer;

/// The function as the catalogue names it.
const SOURCE: &str = "submit-policy-selection";

/// Clients and tables.
pub struct Function {
    /// What all producers have.
    pub producer: Producer,
    /// Applications.
    pub applications: String,
    /// Recommendations.
    pub recommendations: String,
}

impl Function {
    /// Connects.
    pub async fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        Ok(Self {
            producer: Producer::connect(&config, SOURCE, EventType::WorkflowCompleted).await?,
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            recommendations: keys::required(keys::POLICY_RECOMMENDATIONS_TABLE)?,
        })
    }
}
