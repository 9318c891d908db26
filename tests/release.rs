//! The lock while a run is under way: somebody else takes it.

use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::local::eventually;
use crate::support::platform::{Platform, faulty};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_run_whose_lock_was_overwritten_stops_before_its_next_change]
}

const RELEASES: &str = "onboard-ai-releases-local";

fn lock(platform: &Platform) -> Option<Value> {
    let rows = platform.python("scan", &[RELEASES]);
    rows.as_array().unwrap().iter().find(|row| row["kind"]["S"] == "lock").cloned()
}

/// The lock as somebody on another computer would hold it.
fn thief() -> Value {
    let now = jiff::Timestamp::now().to_string();
    json!({
        "kind": {"S": "lock"}, "id": {"S": "environment"}, "holder": {"S": "another-release"}, "who": {"S": "mallory"},
        "host": {"S": "elsewhere"}, "place": {"S": "elsewhere"}, "pid": {"N": "1"}, "started": {"N": "1"},
        "command": {"S": "up"}, "since": {"S": now}, "termSeconds": {"N": "30"}, "renewedAt": {"S": now},
        "beat": {"N": "0"}
    })
}

/// The operations of Lambda that a run sent and that changed something.
fn changes(file: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let calls = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let changing = calls.filter(|call| call["service"] == "Lambda" && call["class"] == "mutate");
    changing.map(|call| call["operation"].as_str().unwrap().to_owned()).collect()
}

fn a_run_whose_lock_was_overwritten_stops_before_its_next_change() {
    let platform = faulty();
    let changed = platform.with_catalogue(|text| {
        text.replacen(
            "[functions.websocket-connect.variables]\n",
            "[functions.websocket-connect.variables]\nSTOLEN = { value = \"yes\" }\n",
            1,
        )
    });
    // The first change takes so long that the lock is overwritten meanwhile; the next one must not be sent.
    platform.add_fault("delay lambda:UpdateFunctionConfiguration --by 10s");
    let file = platform.folder().join("calls-without-the-lock");
    let run = platform
        .run(&["env", "sync", "--only", "websocket-connect", "-o", "json"])
        .env("ONBOARDCTL_CONFIG", changed.as_os_str());
    let child = run.env("ONBOARDCTL_RECORD_CALLS", file.as_os_str()).spawn();
    eventually("the change is under way", Duration::from_mins(1), || platform.struck() >= 1);
    platform.python("put", &[RELEASES, &thief().to_string()]);
    let ended = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(7), "{document:#}");
    assert_eq!(document["error"]["code"], "E-RELEASE-002", "{document:#}");
    let why = document["error"]["why"].to_string();
    assert!(why.contains("mallory@elsewhere"), "who holds it now is not named: {why}");
    assert!(why.contains("1 Lambda:UpdateFunctionConfiguration"), "what was done is not told: {why}");
    assert_eq!(changes(&file), ["UpdateFunctionConfiguration"], "a change was sent without the lock");
    let lock = lock(&platform).expect("the other holder's lock stays");
    assert_eq!(lock["holder"]["S"], "another-release");
    let history = platform.run(&["history", "-o", "json"]).run().expect(0).json();
    let release = &history["data"]["releases"][0];
    assert_eq!(release["result"], "interrupted", "{release:#}");
    assert!(release["reason"].as_str().unwrap().contains("mallory@elsewhere"), "{release:#}");
    // Once the lock is free, the next run undoes what was half done.
    platform.run(&["unlock", "another-release"]).run().expect(0);
    platform.clear_faults();
    platform.run(&["env", "sync"]).run().expect(0);
}
