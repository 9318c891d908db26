//! The calls of a run, without payloads: in memory, and as lines in the file that `ONBOARDCTL_RECORD_CALLS` names.

use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::operations::Class;

/// One call that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// `Lambda`.
    pub service: String,
    /// `GetFunction`.
    pub operation: String,
    /// What it does to the world.
    pub class: Class,
    /// The HTTP status of the last attempt.
    pub status: Option<u16>,
    /// The service's code, or `error` where it is not in the answer's headers.
    pub error: Option<String>,
    /// How long it took with its retries.
    pub ms: u64,
}

/// Where calls are written down.
#[derive(Debug, Default)]
pub struct Recorder {
    calls: Mutex<Vec<Call>>,
    file: Option<Mutex<File>>,
}

impl Recorder {
    /// A recorder that also appends to the file of `ONBOARDCTL_RECORD_CALLS`, where that can be opened.
    pub fn from_environment() -> Self {
        let file = std::env::var_os("ONBOARDCTL_RECORD_CALLS")
            .and_then(|path| File::options().create(true).append(true).open(path).ok())
            .map(Mutex::new);
        Self { calls: Mutex::default(), file }
    }

    /// Writes one call down.
    pub fn record(&self, call: Call) {
        if let (Some(file), Ok(line)) = (&self.file, serde_json::to_string(&call)) {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // One write per line: several processes may append to the same file.
            let _full_disk = file.write_all(format!("{line}\n").as_bytes());
        }
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
