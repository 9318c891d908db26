//! Platforms on this computer for tests: each in a state folder and on ports of its own, ended with the test run.

use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{EXECUTABLE, Run};
use super::root;

/// A platform and the folder it lives in.
pub struct Platform {
    folder: TempDir,
    lifeline: Mutex<Option<ChildStdin>>,
}

static SHARED: OnceLock<Platform> = OnceLock::new();
static FAULTY: OnceLock<Mutex<Platform>> = OnceLock::new();

/// The run's shared platform, brought up with `onboardctl up` by the first test that asks for it.
pub fn shared() -> &'static Platform {
    SHARED.get_or_init(|| {
        let platform = Platform::new();
        platform.supervise();
        platform.run(&["up", "-o", "json"]).run().expect(0);
        platform
    })
}

/// A platform for tests that add faults, which would strike everybody else on the shared one. Whoever has it has it
/// alone, without any fault of an earlier test.
pub fn faulty() -> MutexGuard<'static, Platform> {
    let platform = FAULTY.get_or_init(|| {
        let platform = Platform::new();
        platform.supervise();
        platform.run(&["up", "-o", "json"]).run().expect(0);
        Mutex::new(platform)
    });
    let held = platform.lock().unwrap_or_else(PoisonError::into_inner);
    held.run(&["local", "fault", "clear"]).run().expect(0);
    held
}

/// Ends the platforms that tests share, if any test started them.
pub fn end_shared_platforms() {
    if let Some(platform) = SHARED.get() {
        platform.end();
    }
    if let Some(platform) = FAULTY.get() {
        platform.lock().unwrap_or_else(PoisonError::into_inner).end();
    }
}

impl Platform {
    /// A state folder with a catalogue that builds functions in the profile that the tests themselves are built in.
    pub fn new() -> Self {
        let catalogue = std::fs::read_to_string(root().join("platform.toml")).unwrap();
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        Self::with(&catalogue.replacen("profile = \"release\"", &format!("profile = \"{profile}\""), 1))
    }

    /// A state folder with this catalogue.
    pub fn with(catalogue: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("onboardctl-test-").tempdir().unwrap();
        std::fs::write(folder.path().join("platform.toml"), catalogue).unwrap();
        Self { folder, lifeline: Mutex::new(None) }
    }

    /// Starts the platform so that it ends when our end of its standard input closes, however this process ends.
    pub fn supervise(&self) {
        let mut command = Command::new(EXECUTABLE);
        command.args(["local", "start", "--until-stdin-closes"]).env("ONBOARDCTL_STATE_DIR", self.state_dir());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        *self.lifeline.lock().unwrap() = child.stdin.take();
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// Where the platform keeps its state.
    pub fn state_dir(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// The platform's own folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A changed copy of the platform's catalogue.
    pub fn with_catalogue(&self, change: impl FnOnce(&str) -> String) -> PathBuf {
        let text = std::fs::read_to_string(self.folder.path().join("platform.toml")).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed, "the catalogue was not changed");
        let file = self.folder.path().join(format!("changed-{}.toml", uuid::Uuid::new_v4()));
        std::fs::write(&file, changed).unwrap();
        file
    }

    /// A run of the executable on this platform.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::new(arguments)
            .env("ONBOARDCTL_STATE_DIR", self.state_dir())
            .env("ONBOARDCTL_CONFIG", self.folder.path().join("platform.toml"))
            .current_dir(root())
    }

    /// The platform's connection file.
    pub fn connection(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.state_dir().join("connection.json")).unwrap()).unwrap()
    }

    /// Where the site, `/api` and `/ws` are served.
    pub fn site(&self) -> String {
        self.connection()["site"].as_str().unwrap().to_owned()
    }

    /// Ends the platform.
    pub fn end(&self) {
        let _ = self.run(&["local", "stop"]).run();
        drop(self.lifeline.lock().unwrap().take());
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.end();
    }
}
