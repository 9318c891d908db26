//! Where things are inside a platform's state folder.

use std::path::{Path, PathBuf};

use super::files;

/// The paths inside one state folder.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout of this folder. Nothing is created.
    pub fn of(root: &Path) -> Self {
        // Children run in other folders, so that a relative path would mean something else to them.
        Self { root: std::path::absolute(root).unwrap_or_else(|_| root.to_owned()) }
    }

    /// Creates the folders, readable by their owner only.
    pub fn create(&self) -> anyhow::Result<()> {
        for folder in [self.root.clone(), self.logs(), self.kafka(), self.aws(), self.aws_temporary()] {
            files::create_private_folder(&folder)?;
        }
        Ok(())
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Ports, names and passwords that stay for the folder's life.
    pub fn platform(&self) -> PathBuf {
        self.root.join("platform.json")
    }

    /// What runs now. Absent after an orderly stop.
    pub fn run(&self) -> PathBuf {
        self.root.join("run.json")
    }

    /// Where the parts are, for the supervisor.
    pub fn parts(&self) -> PathBuf {
        self.root.join("parts.json")
    }

    /// Up to which loss the person was told.
    pub fn told(&self) -> PathBuf {
        self.root.join("told.json")
    }

    /// How clients reach the platform.
    pub fn connection(&self) -> PathBuf {
        self.root.join("connection.json")
    }

    /// Everything that may be in the folder, the locks aside.
    pub fn everything(&self) -> Vec<PathBuf> {
        let files = [self.run(), self.parts(), self.told(), self.connection(), self.gateway_state(), self.platform()];
        [vec![self.kafka(), self.aws(), self.logs()], files.into()].concat()
    }

    /// Held by the command that starts, stops or wipes this platform.
    pub fn command_lock(&self) -> PathBuf {
        self.root.join("command.lock")
    }

    /// Held by the supervisor while it lives.
    pub fn supervisor_lock(&self) -> PathBuf {
        self.root.join("supervisor.lock")
    }

    /// All logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The log of one part.
    pub fn log(&self, part: &str) -> PathBuf {
        self.logs().join(format!("{part}.log"))
    }

    /// The broker's files.
    pub fn kafka(&self) -> PathBuf {
        self.root.join("kafka")
    }

    /// The certificate authority of the broker's certificate.
    pub fn certificate_authority(&self) -> PathBuf {
        self.kafka().join("ca.pem")
    }

    /// The AWS APIs' files.
    pub fn aws(&self) -> PathBuf {
        self.root.join("aws")
    }

    /// The AWS APIs' saved state.
    pub fn aws_state(&self) -> PathBuf {
        self.aws().join("state")
    }

    /// Written by the AWS APIs when they ended after saving.
    pub fn aws_saved(&self) -> PathBuf {
        self.aws().join("saved")
    }

    /// How far the AWS APIs have saved (`saved.rs`).
    pub fn aws_as_of(&self) -> PathBuf {
        self.aws().join("as-of.json")
    }

    /// Makes the AWS APIs ask whether a fault strikes: there only while one might.
    pub fn asked(&self) -> PathBuf {
        self.aws().join("faults.json")
    }

    /// Unpacked functions and the like.
    pub fn aws_temporary(&self) -> PathBuf {
        self.aws().join("tmp")
    }

    /// The gateway's state.
    pub fn gateway_state(&self) -> PathBuf {
        self.root.join("gateway.json")
    }
}
