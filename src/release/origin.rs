//! Where a run comes from: person, computer, process, source revision.

use std::path::Path;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lock::{LockRow, Process};

/// The source revision that a run was started from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Git {
    /// The commit.
    pub sha: String,
    /// Whether tracked files differ from it.
    pub dirty: bool,
}

impl Git {
    /// `<sha>`, or `<sha>-dirty`.
    pub fn revision(&self) -> String {
        if self.dirty { format!("{}-dirty", self.sha) } else { self.sha.clone() }
    }
}

/// The person, computer and process of this run.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The person, as the computer names them.
    pub who: String,
    /// The computer's name.
    pub host: String,
    /// What tells one computer, boot and process space from another.
    pub place: String,
    /// This process.
    pub pid: u32,
    /// When it started, in seconds since the epoch.
    pub started: u64,
}

impl Origin {
    /// This run's own origin.
    pub fn here() -> Self {
        let pid = std::process::id();
        let host = sysinfo::System::host_name().unwrap_or_else(|_| "unknown".into());
        let who = ["USER", "LOGNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Self {
            who: who.or_else(home_owner).unwrap_or_else(|| "unknown".into()),
            place: place(&host),
            host,
            pid,
            started: started(pid).unwrap_or_default(),
        }
    }

    /// Whether the process behind a lock still runs.
    pub fn process_of(&self, row: &LockRow) -> Process {
        if row.place != self.place {
            return Process::Elsewhere;
        }
        // A process id alone comes back; with its start time it is one process of this boot.
        if started(row.pid) == Some(row.started) { Process::Alive } else { Process::Gone }
    }
}

/// The name of the home folder: what services and containers have when they have no `USER`.
fn home_owner() -> Option<String> {
    Some(std::env::home_dir()?.file_name()?.to_string_lossy().into_owned())
}

/// When a process of this computer started; `None` when there is none, or only what is left of one.
fn started(pid: u32) -> Option<u64> {
    let pid = sysinfo::Pid::from_u32(pid);
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_processes(sysinfo::ProcessesToUpdate::Some(&[pid]), true);
    let process = system.process(pid)?;
    let ended = matches!(process.status(), sysinfo::ProcessStatus::Zombie | sysinfo::ProcessStatus::Dead);
    (!ended).then(|| process.start_time())
}

/// Host name, boot and (on Linux) process namespace, hashed: two containers that share a host name see different processes.
fn place(host: &str) -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .unwrap_or_else(|_| sysinfo::System::boot_time().unwrap_or_default().to_string());
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let digest = Sha256::digest(format!("{host}\n{}\n{}", boot.trim(), namespace.display()));
    hex::encode(&digest[..8])
}

/// The revision of the working tree that `folder` is in; `None` without git or outside a repository.
pub async fn git(folder: &Path) -> Option<Git> {
    let sha = git_says(folder, &["rev-parse", "HEAD"]).await?;
    let status = git_says(folder, &["status", "--porcelain", "--untracked-files=no"]).await?;
    Some(Git { sha, dirty: !status.is_empty() })
}

async fn git_says(folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = tokio::process::Command::new("git");
    // Without optional locks, looking never makes a concurrent git command of the person fail.
    command
        .arg("--no-optional-locks")
        .args(arguments)
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(5), command.output()).await.ok()?.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_an_impossible_one_is_gone() {
        let here = Origin::here();
        let mut row = super::super::keeper::row_of(&here, "holder", "up", jiff::Timestamp::now());
        assert_eq!(here.process_of(&row), Process::Alive);
        row.started += 1000;
        assert_eq!(here.process_of(&row), Process::Gone, "the id was given to another process");
        row.started = here.started;
        row.pid = u32::MAX - 7;
        assert_eq!(here.process_of(&row), Process::Gone);
        row.place = "elsewhere".into();
        assert_eq!(here.process_of(&row), Process::Elsewhere);
    }
}
