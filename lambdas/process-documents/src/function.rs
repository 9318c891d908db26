//! What an instance of the function holds from its start on.

use shared::events::EventType;
use shared::keys;
use shared::producer::Producer;

use crate::agents::builtin::Builtin;
use crate::agents::textract::Textract;
use crate::agents::{AgentName, Agents};
use crate::store::Store;

/// The function as the catalogue names it.
const SOURCE: &str = "process-documents";

/// Clients, tables, agents.
pub struct Function {
    /// What all producers have.
    pub producer: Producer,
    /// Applications.
    pub applications: String,
    /// Documents.
    pub store: Store,
    /// Who reads them.
    pub agents: Agents,
}

impl Function {
    /// Connects. An agent that is configured and not known, or not enabled, ends the start.
    pub async fn connect() -> anyhow::Result<Self> {
        let configured = AgentName::configured(&keys::required(keys::DOCUMENT_AGENT)?)?;
        let enabled = AgentName::enabled(&keys::required(keys::DOCUMENT_AGENTS)?)?;
        anyhow::ensure!(
            enabled.contains(&configured),
            "the agent {} reads by default and is not enabled",
            configured.as_str()
        );
        let config = shared::aws::configuration()?;
        let producer = Producer::connect(&config, SOURCE, EventType::DocumentsProcessed).await?;
        Ok(Self {
            producer,
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            store: Store::new(&config, keys::required(keys::DOCUMENTS_BUCKET)?),
            agents: Agents { configured, enabled, builtin: Builtin::default(), textract: Textract::new(&config) },
        })
    }
}
