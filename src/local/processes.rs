//! Processes by pid and start time: a bare pid may have become somebody else's.

use serde::{Deserialize, Serialize};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, Signal, System, UpdateKind};

/// The variable that marks every process of a platform, functions included: they inherit it.
pub const MARK: &str = "ONBOARDCTL_PLATFORM";
/// The variable that says which part a process belongs to.
pub const PART_MARK: &str = "ONBOARDCTL_PLATFORM_PART";

/// One process for sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its pid.
    pub pid: u32,
    /// When it started: clock ticks since boot on Linux, seconds elsewhere.
    pub started: u64,
}

impl Identity {
    /// The process that has this pid now, unless it has ended already.
    pub fn of(pid: u32) -> Option<Self> {
        started(pid).map(|started| Self { pid, started })
    }

    /// Ourselves.
    pub fn own() -> Option<Self> {
        Self::of(std::process::id())
    }

    /// Whether it still runs.
    pub fn alive(self) -> bool {
        started(self.pid) == Some(self.started)
    }

    /// Sends a signal, if it still runs.
    pub fn signal(self, signal: Signal) {
        let pid = Pid::from_u32(self.pid);
        let system = look(ProcessesToUpdate::Some(&[pid]), ProcessRefreshKind::nothing());
        if self.alive()
            && let Some(process) = system.as_ref().and_then(|system| system.process(pid))
        {
            process.kill_with(signal);
        }
    }
}

#[cfg(target_os = "linux")]
fn started(pid: u32) -> Option<u64> {
    // `proc_pid_stat(5)`: the name in parentheses may hold anything, the state follows it; field 22 is the start time.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(not(target_os = "linux"))]
fn started(pid: u32) -> Option<u64> {
    let pid = Pid::from_u32(pid);
    let system = look(ProcessesToUpdate::Some(&[pid]), ProcessRefreshKind::nothing())?;
    let process = system.process(pid)?;
    (!matches!(process.status(), sysinfo::ProcessStatus::Zombie | sysinfo::ProcessStatus::Dead))
        .then(|| process.start_time())
}

/// What the system says of these processes.
fn look(which: ProcessesToUpdate<'_>, kind: ProcessRefreshKind) -> Option<System> {
    let mut system = System::new().ok()?;
    system.refresh_processes_specifics(which, true, kind);
    Some(system)
}

/// The processes that carry a platform's mark, of one part or of all, as far as they can be seen.
pub fn marked(platform: &str, part: Option<&str>) -> Vec<Identity> {
    environments(platform, part).into_iter().map(|(process, _)| process).collect()
}

/// The same processes with their variables, each as `NAME=value`.
pub fn environments(platform: &str, part: Option<&str>) -> Vec<(Identity, Vec<String>)> {
    let kind = ProcessRefreshKind::nothing().with_environ(UpdateKind::Always).without_tasks();
    let Some(system) = look(ProcessesToUpdate::All, kind) else { return Vec::new() };
    let mark = format!("{MARK}={platform}");
    let part = part.map(|part| format!("{PART_MARK}={part}"));
    let ours = |process: &&Process| {
        let has = |wanted: &str| process.environ().iter().any(|variable| variable.to_str() == Some(wanted));
        has(&mark) && part.as_deref().is_none_or(has)
    };
    let variables = |process: &Process| {
        process.environ().iter().filter_map(|variable| variable.to_str().map(str::to_owned)).collect()
    };
    let found = system.processes().values().filter(ours);
    found.filter_map(|process| Some((Identity::of(process.pid().as_u32())?, variables(process)))).collect()
}

/// A process's name for messages: never its arguments, which may hold anything.
pub fn name(pid: u32) -> Option<String> {
    let pid = Pid::from_u32(pid);
    let system = look(ProcessesToUpdate::Some(&[pid]), ProcessRefreshKind::nothing())?;
    Some(system.process(pid)?.name().to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_is_known_by_more_than_its_pid() {
        let own = Identity::own().unwrap();
        assert!(own.alive());
        assert!(!Identity { started: own.started + 1, ..own }.alive());
    }

    #[test]
    fn marked_processes_are_found_and_ended() {
        let platform = uuid::Uuid::new_v4().to_string();
        let mut sleep = Command::new("sleep");
        let mut child = sleep.arg("60").env(MARK, &platform).env(PART_MARK, "aws").spawn().unwrap();
        let identity = Identity::of(child.id()).unwrap();
        assert_eq!(marked(&platform, None), [identity]);
        assert_eq!(marked(&platform, Some("aws")), [identity]);
        assert_eq!(marked(&platform, Some("kafka")), []);
        let (found, variables) = environments(&platform, Some("aws")).pop().unwrap();
        assert_eq!(found, identity);
        assert!(variables.contains(&format!("{MARK}={platform}")));
        identity.signal(Signal::Kill);
        child.wait().unwrap();
        assert!(!identity.alive());
        assert_eq!(marked(&platform, None), []);
    }
}
