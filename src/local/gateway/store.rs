//! What the gateway must remember over a restart: associated secrets and event source mappings, in one file that is
//! always replaced whole.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::sources::mapping::Mapping;

/// A secret that is associated with the cluster, and the user it made.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Association {
    /// ARN of the secret.
    pub secret: String,
    /// SCRAM user that was made from it.
    pub username: String,
}

/// Everything that is remembered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct State {
    /// Associated secrets, oldest first.
    #[serde(default)]
    pub associations: Vec<Association>,
    /// Event source mappings, oldest first.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
}

/// The state and its file.
pub struct Store {
    file: PathBuf,
    state: Mutex<State>,
}

impl Store {
    /// Reads the file; one that does not exist is an empty state.
    pub fn open(file: PathBuf) -> anyhow::Result<Self> {
        let state = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("the gateway's state file {} cannot be read", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
        };
        Ok(Self { file, state: Mutex::new(state) })
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and saves it; a state that cannot be saved is left as it was.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> anyhow::Result<T> {
        let mut state = self.lock();
        let mut next = state.clone();
        let result = change(&mut next);
        save(&self.file, &next)?;
        *state = next;
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic between two assignments cannot leave half a state: changes are made on a copy.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn save(file: &Path, state: &State) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let next = file.with_extension("next");
        let mut out = std::fs::File::create(&next)?;
        serde_json::to_writer_pretty(&mut out, state)?;
        out.write_all(b"\n")?;
        out.sync_all()?;
        std::fs::rename(&next, file)
    };
    write().with_context(|| format!("the gateway cannot save its state to {}", file.display()))
}
