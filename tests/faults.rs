//! Faults that the platform must bear: the broker away, a consumer killed, records that cannot be read, a permission
//! that is missing, secrets that were rotated.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::local::eventually;
use crate::support::customer::{Customer, Socket, block_on, call};
use crate::support::platform::{Platform, faulty, shared};

const SOON: Duration = Duration::from_secs(30);

/// A record of a megabyte: with its key and the batch around it just what a broker takes by default
/// (`max.message.bytes`, 1,048,588). In Base64 it is 1.4 MB of the 6 MB that an invocation may have.
const LARGEST: &str = "@1048000";

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_missing_broker_delays_events_and_loses_none,
        a_killed_consumer_still_pushes_and_writes_once,
        unreadable_records_become_dead_letters_and_the_partition_goes_on,
        a_missing_permission_fails_verify_at_its_station,
        a_rotated_session_secret_keeps_one_predecessor,
        a_rotated_kafka_login_is_fetched_again,
        a_ticket_expires,
        parts_killed_while_customers_submit_lose_nothing_that_was_saved,
    ]
}

/// A platform of its own with everything deployed.
pub fn deployed() -> Platform {
    // The functions are built once, by the shared platform's `up`.
    let _ = shared();
    let platform = Platform::new();
    platform.supervise();
    platform.run(&["up", "-o", "json"]).run().expect(0);
    platform
}

fn signal(name: &str, pid: &str) {
    assert!(std::process::Command::new("kill").args([name, pid]).status().unwrap().success());
}

fn broker(platform: &Platform) -> String {
    let ended = platform.run(&["local", "status", "-o", "json"]).run().expect(0).json();
    let parts = ended["data"]["parts"].as_array().unwrap().clone();
    parts.iter().find(|part| part["part"] == "kafka").unwrap()["pid"].to_string()
}

fn a_missing_broker_delays_events_and_loses_none() {
    let platform = deployed();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        // A submission before the fault makes sure that the functions are warm and connected.
        assert_eq!(Customer::new(&site).await.submit(None, Customer::information()).await.status, 201);
        let broker = broker(&platform);
        signal("-STOP", &broker);
        let first = customer.submit(None, Customer::information()).await;
        let mut changed = Customer::information();
        changed["lastName"] = json!("Byron");
        let second = customer.submit(None, changed).await;
        signal("-CONT", &broker);
        assert_eq!(first.status, 202, "{first:?}");
        assert_eq!(first.body["eventPending"], true);
        assert_eq!(first.body["customerId"], customer.id.as_str());
        assert_eq!(second.status, 202, "{second:?}");
        let one = socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the first event");
        let two = socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the second event");
        assert!(one["sequence"].as_u64() < two["sequence"].as_u64(), "{one} before {two}");
        assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(1)).await.is_none(), "an event acted twice");
        let records = platform.python("consume", &["user-info-submitted", &customer.id]);
        let sequences: Vec<u64> =
            records.as_array().unwrap().iter().filter_map(|record| record["value"]["sequence"].as_u64()).collect();
        assert!(sequences.is_sorted() && sequences.len() >= 2, "{sequences:?}");
        eventually("the outbox is empty", SOON, || platform.python("scan", &["outbox-local"]) == json!([]));
    });
}

/// The processes of a function, found by the function's name in their environment.
pub fn processes_of(platform: &Platform, function: &str) -> Vec<String> {
    let wanted = format!("AWS_LAMBDA_FUNCTION_NAME={function}");
    let endpoint = platform.connection()["endpoint"].as_str().unwrap().to_owned();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else { continue };
        let variables: Vec<&str> =
            environment.split(|byte| *byte == 0).filter_map(|part| std::str::from_utf8(part).ok()).collect();
        if variables.contains(&wanted.as_str()) && variables.iter().any(|variable| variable.contains(&endpoint)) {
            found.push(name);
        }
    }
    found
}

fn a_killed_consumer_still_pushes_and_writes_once() {
    let platform = deployed();
    let site = platform.site();
    block_on(async {
        let mut customers = Vec::new();
        for _ in 0..10 {
            let customer = Customer::new(&site).await;
            let socket = customer.socket().await;
            customers.push((customer, socket));
        }
        for (customer, _) in &customers {
            assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
            for process in processes_of(&platform, "onboard-ai-consumer-user_info_submitted-local") {
                let _ = std::process::Command::new("kill").args(["-9", &process]).status();
            }
        }
        for (customer, socket) in &mut customers {
            let event =
                socket.event("USER_INFO_SUBMITTED", Duration::from_mins(1)).await.expect("the push still comes");
            assert_eq!(event["customerId"], customer.id.as_str());
            let rows: Vec<Value> = platform
                .python("scan", &["audit-logs-local"])
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["customerId"]["S"] == customer.id.as_str())
                .cloned()
                .collect();
            assert_eq!(rows.len(), 1, "{rows:#?}");
        }
    });
}

fn unreadable_records_become_dead_letters_and_the_partition_goes_on() {
    let platform = shared();
    let site = platform.site();
    let unknown = json!({
        "eventId": uuid::Uuid::now_v7(), "eventType": "USER_INFO_SUBMITTED", "version": "99", "timestamp": "2026-11-23T10:00:00Z",
        "customerId": "nobody", "sequence": 1, "source": "test", "traceId": "test", "data": {}
    })
    .to_string();
    let bucket = "onboard-ai-dead-letters-local-123456789012";
    let before = platform.python("objects", &[bucket]).as_array().unwrap().len();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        // The same key: all of them, and the customer's own event behind them, are in one partition.
        let arguments = ["user-info-submitted", &customer.id, "this is not JSON", LARGEST, &unknown];
        assert_eq!(platform.python("produce", &arguments)["left"], 0);
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the partition goes on");
    });
    eventually("three dead letters with their bytes", SOON, || {
        platform.python("objects", &[bucket]).as_array().unwrap().len() >= before + 3
    });
    eventually("three errors with their origin", SOON, || {
        let rows = platform.python("scan", &["workflow-errors-local"]);
        rows.as_array().unwrap().iter().filter(|row| row.to_string().contains("user-info-submitted")).count() >= 3
    });
}

fn a_missing_permission_fails_verify_at_its_station() {
    let platform = deployed();
    let taken = platform.python("deny", &["ConsumerUserInfoSubmittedRole", "sns:Publish"]);
    assert!(!taken.as_array().unwrap().is_empty(), "no role allowed sns:Publish");
    let ended = platform.run(&["verify", "-o", "json"]).run().expect(6);
    let document = ended.json();
    let failed: Vec<&Value> =
        document["data"]["steps"].as_array().unwrap().iter().filter(|step| step["result"] == "fail").collect();
    assert!(!failed.is_empty() && failed.iter().any(|step| step.to_string().contains("sns:Publish")), "{document:#}");
    platform.python("restore", &[&taken.to_string()]);
    platform.run(&["verify"]).run().expect(0);
}

fn a_rotated_session_secret_keeps_one_predecessor() {
    let platform = deployed();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let path = format!("/api/user/{}/progress", customer.id);
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        platform.python("rotate", &["onboard-ai-session-local"]);
        assert_eq!(
            call(&site, "GET", &path, Some(&customer.token), None, None).await.status,
            200,
            "the previous secret's token"
        );
        let newer = Customer::new(&site).await;
        platform.python("rotate", &["onboard-ai-session-local"]);
        let fresh = Customer::new(&site).await;
        assert_eq!(call(&site, "POST", "/api/session", Some(&fresh.token), None, None).await.status, 201);
        drop(newer);
        assert_eq!(
            call(&site, "GET", &path, Some(&customer.token), None, None).await.status,
            401,
            "the last but one secret's token"
        );
    });
}

fn a_rotated_kafka_login_is_fetched_again() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        // Warm and logged in with the old password.
        assert_eq!(Customer::new(&site).await.submit(None, Customer::information()).await.status, 201);
        let rotated = platform.python("rotate_login", &["producer"]);
        assert_eq!(rotated["refused"], json!([]), "{rotated}");
        // A connection that is open stays logged in, so that the old password is only refused at the next one.
        let before = crate::local::pid(&platform, "kafka");
        signal("-9", &before.to_string());
        eventually("the broker is back", Duration::from_mins(1), || {
            let ended = platform.run(&["local", "status", "-o", "json"]).run().expect(0).json();
            let parts = ended["data"]["parts"].as_array().unwrap();
            parts.iter().any(|part| part["part"] == "kafka" && part["state"] == "ready" && part["pid"] != before)
        });
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        let answer = customer.submit(None, Customer::information()).await;
        assert!([201, 202].contains(&answer.status), "{answer:?}");
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the event is delivered");
        // The one that was running has the new password now: nothing is left to the relay any more.
        let deadline = tokio::time::Instant::now() + SOON;
        while Customer::new(&site).await.submit(None, Customer::information()).await.status != 201 {
            assert!(tokio::time::Instant::now() < deadline, "no event is published at once any more");
        }
    });
}

fn a_ticket_expires() {
    let platform = shared();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let answer = call(&site, "POST", "/api/ws/ticket", Some(&customer.token), None, None).await;
        let expires: jiff::Timestamp = answer.body["expiresAt"].as_str().unwrap().parse().unwrap();
        let wait = expires.duration_since(jiff::Timestamp::now()).as_secs();
        assert!((0..=60).contains(&wait), "a ticket is good for {wait} s");
        tokio::time::sleep(Duration::from_secs(u64::try_from(wait).unwrap() + 2)).await;
        assert_eq!(Socket::open(&site, answer.body["ticket"].as_str()).await.err(), Some(403));
    });
}

/// Customers whose first step was accepted, and when that was known here.
type Accepted = Arc<Mutex<Vec<(String, Timestamp)>>>;

/// Submits one customer after another until `stop`; what fails while a part is away is not accepted and does not count.
fn submitting(site: String, accepted: Accepted, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        block_on(async {
            let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
            while !stop.load(Ordering::Relaxed) {
                let request = client.post(format!("{site}/api/user/submit")).json(&Customer::information());
                if let Ok(response) = request.send().await
                    && matches!(response.status().as_u16(), 201 | 202)
                    && let Ok(body) = response.json::<Value>().await
                {
                    let customer = body["customerId"].as_str().unwrap().to_owned();
                    accepted.lock().unwrap().push((customer, Timestamp::now()));
                }
            }
        });
    })
}

/// Kills a part and waits until the platform is back. Where the AWS APIs lost something: from when until when what was
/// accepted may be gone.
fn kill_and_return(platform: &Platform, part: &str) -> Option<Range<Timestamp>> {
    let before = crate::local::pid(platform, part);
    signal("-9", &before.to_string());
    eventually("the end is noticed", SOON, || !crate::local::is_running(platform, part, before));
    let started = platform.run(&["local", "start", "-o", "json"]).run().expect(0).json();
    let as_of = started["data"]["aws_state_as_of"].as_str()?;
    Some(as_of.parse().unwrap()..Timestamp::now())
}

fn parts_killed_while_customers_submit_lose_nothing_that_was_saved() {
    let platform = deployed();
    let (accepted, stop) = (Accepted::default(), Arc::new(AtomicBool::new(false)));
    let customers = submitting(platform.site(), Arc::clone(&accepted), Arc::clone(&stop));
    let more = || {
        let before = accepted.lock().unwrap().len();
        eventually("steps are accepted", Duration::from_mins(1), || accepted.lock().unwrap().len() >= before + 20);
    };
    more();
    let mut lost = Vec::new();
    for part in ["kafka", "aws", "supervisor"] {
        let gone = kill_and_return(&platform, part);
        assert!(part != "aws" || gone.is_some(), "nobody was told what may be gone");
        lost.extend(gone);
        more();
    }
    stop.store(true, Ordering::Relaxed);
    customers.join().unwrap();
    platform.run(&["up"]).run().expect(0);
    let accepted = accepted.lock().unwrap();
    let kept: Vec<_> = accepted.iter().filter(|(_, at)| !lost.iter().any(|gone| gone.contains(at))).collect();
    assert!(kept.len() >= 60, "only {} of {} are kept", kept.len(), accepted.len());
    let effects = || {
        let rows = platform.python("scan", &["audit-logs-local"]);
        let customer = |row: &Value| row["customerId"]["S"].as_str().map(str::to_owned);
        let mut counts = HashMap::<String, usize>::new();
        rows.as_array().unwrap().iter().filter_map(customer).for_each(|id| *counts.entry(id).or_default() += 1);
        counts
    };
    // What waited in the outbox when the AWS APIs were killed is found by the sweep of the second minute at the latest.
    eventually("every step that was accepted before T has its effect", Duration::from_mins(3), || {
        let counts = effects();
        kept.iter().all(|(id, _)| counts.contains_key(id))
    });
    let doubled: Vec<String> = effects().into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect();
    assert!(doubled.is_empty(), "acted twice: {doubled:?}");
}
