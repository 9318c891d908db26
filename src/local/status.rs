//! `local status`: what runs, and what happened to it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::layout::Layout;
use super::state::{self, Phase};
use super::{LocalSettings, kafka, ministack, probe};

/// What runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatusReport {
    /// `ready`, `starting`, `stopping`, `failed`, or `stopped`.
    pub state: String,
    /// The platform's folder.
    pub state_dir: String,
    /// The AWS endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_endpoint: Option<String>,
    /// Where site, API and WebSocket are served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Supervisor and parts.
    pub parts: Vec<PartReport>,
    /// The AWS APIs ended without saving at some time of this run: their state was as of this time then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub aws_state_as_of: Option<Timestamp>,
}

/// One process of the platform.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartReport {
    /// `supervisor`, `kafka` or `aws`.
    pub part: String,
    /// `ready`, `starting`, `stopped`, or `silent` when it runs and does not answer.
    pub state: String,
    /// Its pid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Where it listens.
    pub addresses: Vec<String>,
    /// Since when it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// How often it was started again.
    pub restarts: u32,
    /// How it ended the last time that nobody had asked it to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_end: Option<String>,
}

/// Looks at the platform. Changes nothing.
///
/// # Errors
/// The state folder cannot be read.
pub async fn status(settings: &LocalSettings) -> anyhow::Result<StatusReport> {
    let layout = Layout::of(&settings.state_dir);
    let folder = layout.root().display().to_string();
    let Some(platform) = state::read_platform(&layout)? else {
        let (parts, state) = (Vec::new(), "stopped".to_owned());
        return Ok(StatusReport {
            state,
            state_dir: folder,
            aws_endpoint: None,
            site: None,
            parts,
            aws_state_as_of: None,
        });
    };
    let run = state::read_run(&layout)?;
    let alive = run.as_ref().filter(|run| run.supervisor.alive());
    let ports = platform.ports;
    let address = |port: u16| format!("127.0.0.1:{port}");
    let mut parts = vec![PartReport {
        part: "supervisor".into(),
        state: if alive.is_some() { "ready" } else { "stopped" }.into(),
        pid: alive.map(|run| run.supervisor.pid),
        addresses: vec![address(ports.endpoint), address(ports.edge)],
        since: alive.map(|run| run.started_at),
        restarts: 0,
        last_end: None,
    }];
    for part in run.iter().flat_map(|run| &run.parts) {
        let process = part.process.filter(|process| process.alive());
        let (answers, addresses) = match part.name.as_str() {
            kafka::NAME => {
                (probe::kafka(&layout, &platform).await, vec![address(ports.kafka), address(ports.controller)])
            }
            ministack::NAME => (probe::ministack(ports.ministack).await, vec![address(ports.ministack)]),
            _ => continue,
        };
        let state = match (process.is_some(), answers, part.ready) {
            (false, ..) => "stopped",
            (true, true, _) => "ready",
            (true, false, true) => "silent",
            (true, false, false) => "starting",
        };
        parts.push(PartReport {
            part: part.name.clone(),
            state: state.into(),
            pid: process.map(|process| process.pid),
            addresses,
            since: part.ready_at,
            restarts: part.restarts,
            last_end: part.last_end.clone(),
        });
    }
    let state = match alive.map(|run| run.phase) {
        None => "stopped",
        Some(Phase::Starting) => "starting",
        Some(Phase::Ready) if parts.iter().any(|part| part.state != "ready") => "starting",
        Some(Phase::Ready) => "ready",
        Some(Phase::Stopping) => "stopping",
        Some(Phase::Failed) => "failed",
    };
    let connection = platform.connection(&layout);
    Ok(StatusReport {
        state: state.into(),
        state_dir: folder,
        aws_endpoint: Some(connection.endpoint),
        site: Some(connection.site),
        parts,
        aws_state_as_of: run.and_then(|run| run.state_as_of),
    })
}
