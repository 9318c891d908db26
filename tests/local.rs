//! The platform on this computer: starting, stopping, what survives, and what goes wrong clearly.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::platform::Platform;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        nothing_listens_and_nothing_runs_after_stop,
        two_platforms_run_side_by_side,
        a_killed_part_comes_back_and_is_reported,
        a_killed_supervisor_leaves_nothing_behind,
        a_foreign_process_on_a_port_is_named,
        reset_wipes_the_state,
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
