//! The two modes of an event source mapping on a topic: what a record that cannot be handled does to its neighbours.

use std::collections::BTreeMap;
use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::local::eventually;
use crate::support::platform::{Platform, faulty};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_poison_record_repeats_its_neighbours_only_without_error_controls]
}

const SOON: Duration = Duration::from_mins(1);
const TOPIC: &str = "user-info-submitted";
const FUNCTION: &str = "onboard-ai-consumer-user_info_submitted-local";
const SHORT: &str = "consumer-user_info_submitted";

/// Deploys the consumer in a mode, with a window that gathers what is produced together.
fn deploy(platform: &Platform, poller: &str) {
    let changed = platform.with_catalogue(|text| {
        let text = text.replacen("poller = \"on-demand\"", &format!("poller = \"{poller}\""), 1);
        text.replacen("batching_window_seconds = 0", "batching_window_seconds = 2", 1)
    });
    let run = platform.run(&["lambdas", "deploy", "--only", SHORT]).env("ONBOARDCTL_CONFIG", changed.as_os_str());
    run.run().expect(0);
}

fn mapping(platform: &Platform) -> Value {
    let mappings = platform.python("mappings", &[]);
    mappings.as_array().unwrap().iter().find(|mapping| mapping["Topics"] == json!([TOPIC])).unwrap().clone()
}

/// Produces one event for each of these ids, all of one key and so of one partition.
fn produce(platform: &Platform, customer: &str, ids: &[&str]) {
    let events: Vec<String> = (1..)
        .zip(ids)
        .map(|(sequence, id)| {
            json!({
                "eventId": id, "eventType": "USER_INFO_SUBMITTED", "version": "1.0",
                "timestamp": "2026-11-23T10:00:00.000Z", "customerId": customer, "sequence": sequence,
                "source": "test", "traceId": "1-00000000-000000000000000000000000", "data": {"resubmitted": false}
            })
            .to_string()
        })
        .collect();
    let arguments: Vec<&str> = [TOPIC, customer].into_iter().chain(events.iter().map(String::as_str)).collect();
    assert_eq!(platform.python("produce", &arguments)["left"], 0);
}

/// How each event was handled, in order.
fn handled(platform: &Platform) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for line in platform.python("logged", &[FUNCTION, "record"]).as_array().unwrap() {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        found.entry(text("eventId")).or_default().push(text("handled"));
    }
    found
}

/// How often an event was tried and failed.
fn failed(platform: &Platform, id: &str) -> usize {
    let lines = platform.python("logged", &[FUNCTION, "the record has to be tried again"]);
    lines.as_array().unwrap().iter().filter(|line| line["eventId"] == id).count()
}

/// A batch of three whose second record fails until the fault is cleared; how the three were handled. It is its alert that
/// fails: a record that is handled already sends none, so that the fault strikes no other record when the batch is
/// repeated.
fn poisoned_batch(platform: &Platform) -> [Vec<String>; 3] {
    let customer = uuid::Uuid::now_v7().to_string();
    let ids = [(); 3].map(|()| uuid::Uuid::now_v7().to_string());
    platform.add_fault(&format!("fail sns:Publish --caller {SHORT} --nth 2 --count 1000"));
    produce(platform, &customer, &[&ids[0], &ids[1], &ids[2]]);
    eventually("the second record fails more than once", SOON, || failed(platform, &ids[1]) >= 3);
    assert_eq!(failed(platform, &ids[2]), 0, "a record overtook one that failed");
    platform.clear_faults();
    eventually("the whole batch is handled in the end", SOON, || handled(platform).contains_key(&ids[2]));
    let handled = handled(platform);
    assert_eq!(platform.rows_of("audit-logs-local", &customer), 3);
    ids.map(|id| handled[&id].clone())
}

fn a_poison_record_repeats_its_neighbours_only_without_error_controls() {
    let platform = faulty();
    deploy(&platform, "on-demand");
    assert!(mapping(&platform)["FunctionResponseTypes"].as_array().is_none_or(Vec::is_empty));
    let [first, second, third] = poisoned_batch(&platform);
    assert_eq!(first[0], "new");
    assert!(
        first.len() >= 3 && first[1..].iter().all(|again| again == "before"),
        "the batch is repeated whole: {first:?}"
    );
    assert_eq!((second, third), (vec!["notified_again".to_owned()], vec!["new".to_owned()]));

    deploy(&platform, "provisioned");
    let provisioned = mapping(&platform);
    assert_eq!(provisioned["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{provisioned:#}");
    let [first, second, third] = poisoned_batch(&platform);
    assert_eq!(first, ["new"], "a neighbour of the poison record was repeated");
    assert_eq!((second, third), (vec!["notified_again".to_owned()], vec!["new".to_owned()]));

    // With a limit the poison record is given up, and what comes after it goes on.
    let uuid = provisioned["UUID"].as_str().unwrap();
    platform.python("change_mapping", &[uuid, r#"{"MaximumRetryAttempts": 2}"#]);
    eventually("the mapping is changed", SOON, || mapping(&platform)["State"] == "Enabled");
    let customer = uuid::Uuid::now_v7().to_string();
    let (poison, after) = (uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string());
    platform.add_fault(&format!("fail sns:Publish --caller {SHORT} --always"));
    produce(&platform, &customer, &[&poison]);
    let log = || std::fs::read_to_string(platform.state_dir().join("logs/supervisor.log")).unwrap();
    eventually("the record is given up", SOON, || log().contains("gave up the batch at user-info-submitted-"));
    assert_eq!(failed(&platform, &poison), 3, "one try and two retries");
    platform.clear_faults();
    produce(&platform, &customer, &[&after]);
    eventually("the partition goes on", SOON, || handled(&platform).contains_key(&after));
    assert!(!handled(&platform).contains_key(&poison), "it was given up");

    // As the other tests expect it.
    platform.run(&["lambdas", "deploy", "--only", SHORT]).run().expect(0);
    let restored = mapping(&platform);
    assert!(restored["FunctionResponseTypes"].as_array().is_none_or(Vec::is_empty), "{restored:#}");
}
