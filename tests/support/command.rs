//! Running the real executable.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// One run of the executable, not started yet.
pub struct Run {
    command: Command,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The executable that cargo built for this test run.
pub const EXECUTABLE: &str = env!("CARGO_BIN_EXE_onboardctl");

impl Run {
    /// The executable with nothing of our own surroundings but what it needs to find toolchains and registries.
    pub fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(EXECUTABLE);
        command.args(arguments);
        for (name, _) in std::env::vars() {
            if name.starts_with("ONBOARDCTL_") || (name.starts_with("AWS_") && name != "AWS_CA_BUNDLE") {
                command.env_remove(name);
            }
        }
        command.env_remove("NO_COLOR").env("AWS_EC2_METADATA_DISABLED", "true");
        Self { command }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Runs in `folder`.
    pub fn current_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Starts without waiting.
    pub fn spawn(mut self) -> std::process::Child {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs to the end. No run may hang: `assert_cmd` kills it after ten minutes.
    pub fn run(self) -> Ended {
        let mut command = assert_cmd::Command::from_std(self.command);
        command.timeout(Duration::from_mins(10));
        let output = command.output().unwrap();
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ended {
    /// Asserts the exit code, showing everything when it is another.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as exactly one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("not one JSON document: {error}\n{}\n--- stderr\n{}", self.stdout, self.stderr)
        })
    }
}
