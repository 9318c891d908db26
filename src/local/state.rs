//! What is remembered: of a platform for its life, and of one run of it.

use std::path::PathBuf;

use base64::Engine as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::ports::Ports;
use super::processes::Identity;
use super::saved::Saved;
use super::{LocalSettings, executable, files};
use crate::catalogue::{Connection, StaticCredentials};

/// Ports, names and passwords: chosen once per state folder, because they live on in function variables, stack outputs
/// and the broker's metadata.
#[derive(Clone, Serialize, Deserialize)]
pub struct Platform {
    /// Marks this platform's processes.
    pub id: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The cluster's ARN.
    pub cluster_arn: String,
    /// Where everything listens.
    pub ports: Ports,
    /// The broker's own cluster id.
    pub kafka_cluster_id: String,
    /// Root credentials of the account.
    pub credentials: StaticCredentials,
    /// Password of the broker's administrator.
    pub kafka_admin_password: String,
    /// Password between the broker and its controller.
    pub kafka_controller_password: String,
}

impl Platform {
    /// Name of the broker's administrator.
    pub const KAFKA_ADMIN: &str = "onboardctl-admin";

    /// A new platform with these ports and fresh secrets.
    pub fn new(settings: &LocalSettings, ports: Ports) -> Self {
        // The cluster's uuid is the same on every computer, so that the ARN is known before anything runs.
        let cluster_arn = format!(
            "arn:aws:kafka:{}:{}:cluster/{}/5c0ffee5-10ca-4e57-9f00-0000000000a1-1",
            settings.region, settings.account, settings.cluster
        );
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            account: settings.account.clone(),
            region: settings.region.clone(),
            cluster_arn,
            ports,
            kafka_cluster_id: kafka_uuid(),
            credentials: StaticCredentials {
                access_key_id: format!("AKIA{}", &random_hex(8).to_uppercase()),
                secret_access_key: random_hex(20),
            },
            kafka_admin_password: random_hex(24),
            kafka_controller_password: random_hex(24),
        }
    }

    /// What clients are told.
    pub fn connection(&self, layout: &Layout) -> Connection {
        Connection {
            endpoint: format!("http://127.0.0.1:{}", self.ports.endpoint),
            site: format!("http://127.0.0.1:{}", self.ports.edge),
            cluster_arn: self.cluster_arn.clone(),
            certificate_authority: layout.certificate_authority().display().to_string(),
            credentials: self.credentials.clone(),
        }
    }
}

/// Random bytes in hexadecimal.
fn random_hex(bytes: usize) -> String {
    hex::encode((0..bytes).map(|_| rand::random::<u8>()).collect::<Vec<_>>())
}

/// A Kafka id: 16 bytes in URL-safe base64. One that begins with `-` would look like a flag.
fn kafka_uuid() -> String {
    loop {
        let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(uuid::Uuid::new_v4().as_bytes());
        if !id.starts_with('-') {
            return id;
        }
    }
}

/// Where the parts are, as `start` hands it to the supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsFound {
    /// The Java program.
    pub java: PathBuf,
    /// The folder with Kafka's jars.
    pub kafka: PathBuf,
    /// The Python program.
    pub python: PathBuf,
    /// The folder with ministack.
    pub ministack: PathBuf,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Something is not ready yet, or again.
    Starting,
    /// Everything answers.
    Ready,
    /// It is being ended.
    Stopping,
    /// It could not be started.
    Failed,
}

/// One part of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartRun {
    /// `kafka` or `aws`.
    pub name: String,
    /// Its process, while there is one.
    pub process: Option<Identity>,
    /// Whether it answers.
    pub ready: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// How it ended last: `killed by signal 9`.
    pub last_end: Option<String>,
    /// When it became ready last.
    pub ready_at: Option<Timestamp>,
}

/// One run of a platform: written by its supervisor, read by every command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The supervisor's process.
    pub supervisor: Identity,
    /// Which build it is.
    pub build: String,
    /// When it started.
    pub started_at: Timestamp,
    /// How far it is.
    pub phase: Phase,
    /// Why it could not be started.
    pub failure: Option<String>,
    /// Its parts.
    pub parts: Vec<PartRun>,
    /// The AWS APIs ended without saving: their state is as it was at this time.
    pub state_as_of: Option<Timestamp>,
}

/// Reads what runs, if anything does.
pub fn read_run(layout: &Layout) -> anyhow::Result<Option<Run>> {
    files::read_json(&layout.run())
}

/// Reads what the folder remembers, if it is a platform's.
pub fn read_platform(layout: &Layout) -> anyhow::Result<Option<Platform>> {
    files::read_json(&layout.platform())
}

/// As of when the AWS APIs' state is, if they ended without saving everything.
pub fn unsaved_since(layout: &Layout) -> Option<Timestamp> {
    if layout.aws_saved().exists() {
        return None;
    }
    Saved::read(&layout.aws_as_of())?.as_of
}

/// Which build this executable is. Length and time of change tell one build from the next without reading 100 MB.
pub fn build() -> anyhow::Result<String> {
    let path = executable::path()?;
    let metadata = std::fs::metadata(&path).map_err(|error| executable::gone(&path, &error))?;
    let changed = metadata.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{:x}-{:x}", metadata.len(), changed.as_nanos()))
}
