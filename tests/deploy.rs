//! Deploying: converging, sending nothing twice, resuming after a kill, refusing, the lock and the ledger.

use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::Trial;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_second_up_sends_only_reads,
        a_dry_run_changes_nothing,
        read_only_shows_the_plan_from_reads_alone,
        a_killed_up_is_finished_by_the_next,
        one_run_at_a_time_holds_the_lock,
        every_change_is_a_release,
        fewer_partitions_are_refused,
        another_cluster_is_not_changed,
        a_new_variable_reaches_live_traffic_and_the_code_stays,
        the_first_failed_resource_is_named,
        builds_are_byte_identical,
        down_keeps_data_and_up_finds_it_again,
    ]
}

/// The calls that a run recorded, by class.
fn calls(file: &Path, class: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|call| call["class"] == class)
        .collect()
}

fn recorded(platform: &Platform, arguments: &[&str]) -> (crate::support::command::Ended, PathBuf) {
    let file = platform.folder().join(format!("calls-{}", uuid::Uuid::new_v4()));
    (platform.run(arguments).env("ONBOARDCTL_RECORD_CALLS", file.as_os_str()).run(), file)
}

fn a_second_up_sends_only_reads() {
    let (ended, file) = recorded(shared(), &["up", "-o", "json"]);
    let document = ended.expect(0).json();
    for part in document["data"]["parts"].as_array().unwrap() {
        assert_eq!(part["changed"], false, "{part}");
        assert_eq!(part["summary"], "no changes", "{part}");
    }
    assert!(document["data"]["release"].is_null() && document["data"]["verify"].is_null(), "{document:#}");
    assert!(!calls(&file, "read").is_empty(), "nothing was recorded");
    assert_eq!(calls(&file, "mutate"), Vec::<Value>::new());
    assert_eq!(calls(&file, "scratch"), Vec::<Value>::new());
}

fn a_dry_run_changes_nothing() {
    let platform = Platform::new();
    platform.supervise();
    for arguments in [&["stack", "up", "--dry-run"][..], &["up", "--dry-run"], &["topics", "create", "--dry-run"]] {
        let (ended, file) = recorded(&platform, arguments);
        assert!([0, 1].contains(&ended.code), "{arguments:?}: {ended:?}");
        assert_eq!(calls(&file, "mutate"), Vec::<Value>::new(), "{arguments:?}");
    }
    assert_eq!(platform.python("topics", &[]), json!([]));
}

fn read_only_shows_the_plan_from_reads_alone() {
    let platform = Platform::new();
    platform.supervise();
    let (ended, file) = recorded(&platform, &["stack", "up", "--read-only"]);
    assert!(ended.expect(0).stdout.contains("UsersTable"), "the plan is not shown");
    assert!(!calls(&file, "read").is_empty(), "nothing was recorded");
    assert_eq!(calls(&file, "mutate"), Vec::<Value>::new());
    assert_eq!(calls(&file, "scratch"), Vec::<Value>::new());
}

/// Moments at which `up` is killed: some, or as many as `ONBOARDCTL_TEST_KILLS` says. Printed, so that they can be had again
/// with `ONBOARDCTL_TEST_SEED`.
fn moments() -> Vec<Duration> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("ONBOARDCTL_TEST_SEED").unwrap_or_else(rand::random);
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let count = number("ONBOARDCTL_TEST_KILLS").unwrap_or(4);
    let moments: Vec<Duration> =
        (0..count).map(|_| Duration::from_millis(random.random_range(100..LATEST_KILL))).collect();
    say(&format!("up is killed after {moments:?} (ONBOARDCTL_TEST_SEED={seed})"));
    moments
}

#[expect(clippy::print_stderr, reason = "what is needed to run a failed test again")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// A whole `up` with built functions takes about as long.
const LATEST_KILL: u64 = 12_000;

/// The processes that were started for this platform, by whoever: its folder is in their environment.
fn processes_of(platform: &Platform) -> Vec<String> {
    let folder = platform.state_dir().display().to_string();
    let own = std::process::id().to_string();
    let of_platform = |entry: &std::fs::DirEntry| {
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&folder) && entry.file_name() != own.as_str()
    };
    let found = std::fs::read_dir("/proc").unwrap().flatten().filter(of_platform);
    found
        .map(|entry| {
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            format!("{}: {}", entry.file_name().display(), String::from_utf8_lossy(&command).replace('\0', " "))
        })
        .collect()
}

fn a_killed_up_is_finished_by_the_next() {
    // The functions are built once, by the shared platform's `up`.
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    for moment in moments() {
        let mut child = platform.run(&["up"]).spawn();
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().unwrap();
    }
    platform.run(&["up", "-o", "json"]).run().expect(0);
    let functions = platform.run(&["lambdas", "list", "-o", "json"]).run().expect(0).json();
    let functions = functions["data"]["functions"].as_array().unwrap().clone();
    assert_eq!(functions.len(), 17);
    assert!(functions.iter().all(|function| function["state"] == "Active"), "{functions:#?}");
    assert_eq!(platform.python("mappings", &[]).as_array().unwrap().len(), 7, "a doubled event source mapping");
    let versions = platform.python("versions", &["onboard-ai-"]);
    let versions = versions.as_object().unwrap();
    assert_eq!(versions.len(), 17, "{versions:#?}");
    // Code and variables were the same in every run.
    assert!(versions.values().all(|published| *published == json!(["1"])), "a doubled version: {versions:#?}");
    let rows = platform.python("scan", &["onboard-ai-releases-local"]);
    assert!(rows.as_array().unwrap().iter().all(|row| row["kind"]["S"] != "lock"), "a lock is left: {rows:#}");
    let again = platform.run(&["up", "-o", "json"]).run().expect(0).json();
    assert!(again["data"]["parts"].as_array().unwrap().iter().all(|part| part["changed"] == false), "{again:#}");
    let verified = platform.run(&["verify", "-o", "json"]).run().expect(0).json();
    let stations = verified["data"]["steps"].as_array().unwrap();
    let passed = |station: &serde_json::Value| station["result"] == "pass" && station["ms"].is_u64();
    assert!(stations.iter().all(passed), "every station passes and says when: {stations:#?}");
    platform.end();
    // What a killed `up` had started (cargo) ends by itself.
    let mut left = Vec::new();
    for _ in 0..600 {
        left = processes_of(&platform);
        if left.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(left.is_empty(), "orphans: {left:#?}");
}

fn one_run_at_a_time_holds_the_lock() {
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.run(&["stack", "up"]).run().expect(0);
    // `topics create` may win the lock too: then `up` waits its turn.
    let mut first = platform.run(&["up", "--lock-timeout", "5m"]).spawn();
    let mut refused = None;
    for _ in 0..200 {
        let ended = platform.run(&["topics", "create", "-o", "json"]).run();
        if ended.code == 7 {
            refused = Some(ended.json());
            break;
        }
        if first.try_wait().unwrap().is_some() {
            break;
        }
    }
    assert!(first.wait().unwrap().success());
    // `topics create` may have come first and left nothing to do: then there was nothing to be locked out of.
    if let Some(document) = refused {
        let text = document["error"].to_string();
        assert!(text.contains("up") && text.contains("unlock"), "{text}");
    }
}

fn every_change_is_a_release() {
    let history = shared().run(&["history", "-o", "json"]).run().expect(0).json();
    let releases = history["data"]["releases"].as_array().unwrap();
    assert!(!releases.is_empty());
    assert_eq!(releases.iter().filter(|release| release["live"] == true).count(), 1, "{releases:#?}");
    for field in ["id", "at", "who", "command", "git", "result", "parts"] {
        assert!(!releases[0][field].is_null(), "{field} is missing in {}", releases[0]);
    }
    let id = releases[0]["id"].as_str().unwrap();
    shared().run(&["history", "show", id]).run().expect(0);
    shared().run(&["history", "show", "nope"]).run().expect(1);
}

fn fewer_partitions_are_refused() {
    let changed = shared().with_catalogue(|text| text.replacen("partitions = 3", "partitions = 2", 1));
    let (ended, file) = recorded_with(&changed, &["topics", "create"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.stderr.contains("user-info-submitted") || ended.stdout.contains("user-info-submitted"), "{ended:?}");
    assert_eq!(calls(&file, "mutate"), Vec::<Value>::new());
    let more = shared().with_catalogue(|text| text.replacen("partitions = 3", "partitions = 4", 1));
    let (ended, _) = recorded_with(&more, &["topics", "create"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.stderr.contains("--allow-repartition"), "{ended:?}");
}

fn another_cluster_is_not_changed() {
    let changed = shared().with_catalogue(|text| {
        text.replacen("9f00-0000000000a1-1", "9f00-0000000000a1-2", 1).replacen(
            "retention = \"7d\"",
            "retention = \"6d\"",
            1,
        )
    });
    for arguments in [&["topics", "create"][..], &["up"]] {
        let (ended, file) = recorded_with(&changed, arguments);
        assert_eq!(ended.code, 3, "{ended:?}");
        assert!(ended.stderr.contains("E-AWS-003") && ended.stderr.contains("0000000000a1-2"), "{ended:?}");
        assert_eq!(calls(&file, "mutate"), Vec::<Value>::new());
    }
}

fn recorded_with(catalogue: &Path, arguments: &[&str]) -> (crate::support::command::Ended, PathBuf) {
    let file = catalogue.with_extension("calls");
    let run = shared().run(arguments).env("ONBOARDCTL_CONFIG", catalogue.as_os_str());
    (run.env("ONBOARDCTL_RECORD_CALLS", file.as_os_str()).run(), file)
}

fn a_new_variable_reaches_live_traffic_and_the_code_stays() {
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.run(&["up", "-o", "json"]).run().expect(0);
    let list = |platform: &Platform| platform.run(&["lambdas", "list", "-o", "json"]).run().expect(0).json();
    let before = list(&platform);
    let changed = platform.with_catalogue(|text| {
        text.replacen(
            "[functions.websocket-connect.variables]\n",
            "[functions.websocket-connect.variables]\nADDED = { value = \"yes\" }\n",
            1,
        )
    });
    let sync = platform
        .run(&["env", "sync", "-o", "json"])
        .env("ONBOARDCTL_CONFIG", changed.as_os_str())
        .run()
        .expect(0)
        .json();
    let touched: Vec<&Value> = sync["data"]["functions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|function| function["action"] == "updated")
        .collect();
    assert_eq!(touched.len(), 1, "{sync:#}");
    let after = list(&platform);
    let of = |document: &Value| {
        let functions = document["data"]["functions"].as_array().unwrap().clone();
        functions
            .into_iter()
            .find(|function| function["function"].as_str().unwrap().contains("websocket-connect"))
            .unwrap()
    };
    assert_eq!(of(&before)["code_sha256"], of(&after)["code_sha256"]);
    assert_ne!(of(&before)["live_version"], of(&after)["live_version"]);
    let variables = platform.python("variables", &["onboard-ai-websocket-connect-local"]);
    assert_eq!(variables["ADDED"], "yes", "{variables}");
}

fn the_first_failed_resource_is_named() {
    let platform = Platform::new();
    platform.supervise();
    platform.python("create_bucket", &["onboard-ai-documents-local-123456789012"]);
    let ended = platform.run(&["stack", "up"]).run().expect(1);
    assert!(ended.stderr.contains("DocumentsBucket"), "{}", ended.stderr);
}

fn builds_are_byte_identical() {
    let build = || {
        let document = shared().run(&["lambdas", "build", "-o", "json"]).run().expect(0).json();
        document["data"]["functions"].to_string()
    };
    let hashes = |text: &str| text.matches("code_sha256").count();
    let (one, two) = (build(), build());
    assert!(hashes(&one) >= 7, "{one}");
    let only = |text: &str| {
        let functions: Vec<Value> = serde_json::from_str(text).unwrap();
        functions.iter().map(|function| function["code_sha256"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(only(&one), only(&two));
}

fn down_keeps_data_and_up_finds_it_again() {
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.run(&["up", "-o", "json"]).run().expect(0);
    platform.python("put", &["users-local", r#"{"customerId": {"S": "kept"}}"#]);
    platform.run(&["down", "--yes"]).run().expect(0);
    platform.supervise();
    platform.run(&["up", "-o", "json"]).run().expect(0);
    assert!(!platform.python("item", &["users-local", r#"{"customerId": {"S": "kept"}}"#]).is_null(), "data was lost");
    platform.run(&["verify"]).run().expect(0);
}
