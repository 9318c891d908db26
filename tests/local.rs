//! The platform on this computer: starting, stopping, what survives, and what goes wrong clearly.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::command::EXECUTABLE;
use crate::support::platform::Platform;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        nothing_listens_and_nothing_runs_after_stop,
        two_platforms_run_side_by_side,
        a_killed_part_comes_back_and_is_reported,
        a_killed_supervisor_leaves_nothing_behind,
        a_foreign_process_on_a_port_is_named,
        reset_wipes_the_state,
        an_executable_that_is_replaced_meanwhile_still_starts_the_platform,
        a_full_disk_is_told_and_the_next_try_works,
    ]
}

fn parts(platform: &Platform) -> Vec<Value> {
    let ended = platform.run(&["local", "status", "-o", "json"]).run().expect(0);
    ended.json()["data"]["parts"].as_array().cloned().unwrap_or_default()
}

/// The process of a part.
pub fn pid(platform: &Platform, part: &str) -> u32 {
    let found = parts(platform).into_iter().find(|entry| entry["part"] == part);
    u32::try_from(found.unwrap_or_else(|| panic!("no part {part}"))["pid"].as_u64().unwrap()).unwrap()
}

/// Whether a part is known to run as this process.
pub fn is_running(platform: &Platform, part: &str, pid: u32) -> bool {
    parts(platform).iter().any(|entry| entry["part"] == part && entry["pid"].as_u64() == Some(u64::from(pid)))
}

fn kill(pid: u32) {
    let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(status.success());
}

fn alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits for something that another process brings about.
pub fn eventually(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not within {limit:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn ports(platform: &Platform) -> Vec<u16> {
    let connection = platform.connection();
    ["endpoint", "site"]
        .iter()
        .map(|key| connection[key].as_str().unwrap().rsplit(':').next().unwrap().trim_end_matches('/').parse().unwrap())
        .collect()
}

fn nothing_listens_and_nothing_runs_after_stop() {
    let platform = Platform::new();
    platform.run(&["local", "start"]).run().expect(0);
    let pids: Vec<u32> = ["supervisor", "kafka", "aws"].iter().map(|part| pid(&platform, part)).collect();
    let ports = ports(&platform);
    let again = platform.run(&["local", "start"]).run().expect(0);
    assert!(again.stdout.contains("no changes") || again.stdout.contains("already"), "{}", again.stdout);
    platform.run(&["local", "stop"]).run().expect(0);
    for pid in pids {
        assert!(!alive(pid), "{pid} is still there");
    }
    for port in ports {
        TcpListener::bind(("127.0.0.1", port)).unwrap_or_else(|error| panic!("{port}: {error}"));
    }
    platform.run(&["local", "stop"]).run().expect(0);
}

fn two_platforms_run_side_by_side() {
    let (one, two) = (Platform::new(), Platform::new());
    one.supervise();
    two.supervise();
    assert_ne!(one.connection()["endpoint"], two.connection()["endpoint"]);
    for platform in [&one, &two] {
        assert!(parts(platform).iter().all(|part| part["state"] == "ready"));
    }
}

fn a_killed_part_comes_back_and_is_reported() {
    let platform = Platform::new();
    platform.supervise();
    for part in ["aws", "kafka"] {
        let before = pid(&platform, part);
        kill(before);
        eventually(&format!("{part} is back"), Duration::from_mins(1), || {
            parts(&platform).iter().any(|entry| {
                entry["part"] == part && entry["state"] == "ready" && entry["pid"].as_u64() != Some(u64::from(before))
            })
        });
        let table = platform.run(&["local", "status"]).run().expect(0);
        assert!(table.stdout.contains("restarted"), "{}", table.stdout);
    }
}

fn a_killed_supervisor_leaves_nothing_behind() {
    let platform = Platform::new();
    platform.run(&["local", "start"]).run().expect(0);
    let before: Vec<u32> = ["kafka", "aws"].iter().map(|part| pid(&platform, part)).collect();
    kill(pid(&platform, "supervisor"));
    platform.run(&["local", "start"]).run().expect(0);
    for pid in before {
        assert!(!alive(pid), "{pid} outlived its supervisor's successor");
    }
    assert!(parts(&platform).iter().all(|part| part["state"] == "ready"));
    platform.run(&["local", "stop"]).run().expect(0);
}

fn a_foreign_process_on_a_port_is_named() {
    let platform = Platform::new();
    platform.run(&["local", "start"]).run().expect(0);
    let port = ports(&platform)[0];
    platform.run(&["local", "stop"]).run().expect(0);
    let taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let ended = platform.run(&["local", "start"]).run();
    assert!([1, 7].contains(&ended.code), "{ended:?}");
    assert!(ended.stderr.contains(&std::process::id().to_string()), "the holder is not named: {}", ended.stderr);
    drop(taken);
    platform.run(&["local", "start"]).run().expect(0);
    platform.run(&["local", "stop"]).run().expect(0);
}

fn reset_wipes_the_state() {
    let platform = Platform::new();
    platform.run(&["local", "start"]).run().expect(0);
    platform.run(&["local", "reset"]).run().expect(0);
    assert!(!platform.state_dir().join("connection.json").exists());
}

fn an_executable_that_is_replaced_meanwhile_still_starts_the_platform() {
    let platform = Platform::new();
    std::fs::create_dir_all(platform.state_dir()).unwrap();
    let copy = platform.folder().join("onboardctl");
    std::fs::copy(EXECUTABLE, &copy).unwrap();
    // The command waits for this lock before it looks at itself, so that a rebuild fits in between for sure.
    let lock = std::fs::File::create(platform.state_dir().join("command.lock")).unwrap();
    lock.lock().unwrap();
    let mut command = std::process::Command::new(&copy);
    command.args(["local", "start", "-o", "json"]).env("ONBOARDCTL_STATE_DIR", platform.state_dir());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("the command waits for the lock", Duration::from_secs(10), || {
        let open = std::fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap().flatten();
        open.filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|path| path.ends_with("command.lock"))
    });
    std::fs::remove_file(&copy).unwrap();
    lock.unlock().unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(parts(&platform).iter().all(|part| part["state"] == "ready"));
    platform.run(&["local", "stop"]).run().expect(0);
}

/// A file system of its own for a platform's state; unmounted in the end.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount(folder: std::path::PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let options = ["-t", "tmpfs", "-o", &format!("size={size},mode=0700"), "tmpfs"];
        let mount = std::process::Command::new("mount").args(options).arg(&folder).stderr(Stdio::null()).status();
        mount.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    /// Takes all the space there is.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.0.join("filler")).unwrap();
        let block = vec![0; 1 << 20];
        while std::io::Write::write_all(&mut file, &block).is_ok() {}
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn a_full_disk_is_told_and_the_next_try_works() {
    let platform = Platform::new();
    let Some(disk) = SmallDisk::mount(platform.state_dir(), "400m") else {
        eprintln!("SKIPPED: a full disk is not shown, because this user may not mount a tmpfs");
        return;
    };
    let told = |arguments: &[&str]| {
        let ended = platform.run(arguments).run().expect(1);
        assert!(ended.stderr.contains("E-LOCAL-004"), "{arguments:?}: {ended:?}");
        let folder = platform.state_dir().display().to_string();
        assert!(ended.stderr.contains(&folder) && ended.stderr.contains("df -h"), "{arguments:?}: {ended:?}");
    };
    // Before it is started.
    disk.fill();
    told(&["local", "start"]);
    told(&["up"]);
    disk.make_room();
    platform.supervise();
    // The functions would need gigabytes; broker and tables are enough.
    platform.run(&["stack", "up"]).run().expect(0);
    // While it runs: whatever its parts do, the next command says what is wrong.
    disk.fill();
    let table = r#"{"kind": {"S": "filled"}, "id": {"S": "before"}}"#;
    platform.python("put", &["onboard-ai-releases-local", table]);
    told(&["up"]);
    told(&["local", "start"]);
    assert_eq!(platform.run(&["local", "status"]).run().code, 0, "the status can still be asked for");
    disk.make_room();
    let started = platform.run(&["local", "start", "-o", "json"]).run().expect(0).json();
    assert!(started["data"]["aws_state_as_of"].is_null(), "something was lost: {started:#}");
    assert!(parts(&platform).iter().all(|part| part["state"] == "ready"));
    let key = r#"{"kind": {"S": "filled"}, "id": {"S": "before"}}"#;
    assert!(!platform.python("item", &["onboard-ai-releases-local", key]).is_null(), "what was written then is lost");
    platform.run(&["topics", "create"]).run().expect(0);
    platform.end();
}
