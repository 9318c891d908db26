//! What a step's event does on its way through its consumer: which sockets wait for which, what is made again after a
//! failure, and what a late event may still write.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{SOON, Standing, Step};
use crate::local::eventually;
use crate::support::customer::{Customer, block_on};
use crate::support::platform::{Platform, faulty, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        slow_sockets_do_not_hold_the_batch,
        a_socket_that_takes_nothing_does_not_hold_the_partition,
        a_push_that_failed_is_made_again_and_the_mail_is_not,
        a_late_event_leaves_what_only_it_can_give,
    ]
}

const TOPIC: &str = "user-info-submitted";
const CONSUMER: &str = "onboard-ai-consumer-user_info_submitted-local";

/// Hands events to a consumer as one batch of one partition, at offsets that no record has.
fn hand_over(platform: &Platform, function: &str, topic: &str, events: &[Value]) {
    let first = jiff::Timestamp::now().as_microsecond();
    let record = |(offset, event): (i64, &Value)| {
        json!({ "topic": topic, "partition": 0, "offset": offset, "timestamp": -1, "headers": [],
            "value": STANDARD.encode(event.to_string()) })
    };
    let records: Vec<Value> = (first..).zip(events).map(record).collect();
    let batch = json!({ "eventSource": "aws:kafka", "records": { format!("{topic}-0"): records } });
    let answer = platform.python("invoke", &[function, &batch.to_string()]);
    assert!(answer["error"].is_null(), "{answer:#}");
}

/// An event of a customer, as its topic has it.
fn event(event_type: &str, customer: &str, sequence: u64, data: &Value) -> Value {
    json!({ "eventId": uuid::Uuid::now_v7().to_string(), "eventType": event_type, "version": "1.0",
        "timestamp": "2026-11-23T10:00:00.000Z", "customerId": customer, "sequence": sequence, "source": "test",
        "traceId": "1-00000000-000000000000000000000000", "data": data })
}

/// Nine customers in one batch. The first eight pushes that arrive hang, whose ever they are, and the ninth does not: it
/// can arrive only if the eight are under way beside it.
fn slow_sockets_do_not_hold_the_batch() {
    let platform = faulty();
    let site = platform.site();
    let customers = block_on(async {
        let (mut customers, mut sockets) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            let customer = Customer::new(&site).await;
            sockets.push(customer.socket().await);
            customers.push(customer.id);
        }
        platform
            .add_fault("delay execute-api:PostToConnection --by 120s --count 8 --caller consumer-user_info_submitted");
        let events: Vec<Value> =
            customers.iter().map(|id| event("USER_INFO_SUBMITTED", id, 1, &json!({ "resubmitted": false }))).collect();
        hand_over(&platform, CONSUMER, TOPIC, &events);
        assert_eq!(platform.struck(), 8);
        for (socket, event) in sockets.iter_mut().zip(&events) {
            let pushed = socket.event("USER_INFO_SUBMITTED", SOON).await.expect("a push that hung is made again");
            assert_eq!(pushed["eventId"], event["eventId"]);
        }
        customers
    });
    platform.clear_faults();
    let lines = platform.python("logged", &[CONSUMER, "pushed"]);
    let ours = |line: &&Value| customers.iter().any(|id| line["customerId"] == id.as_str());
    let (begun, ended): (Vec<i64>, Vec<i64>) = (lines.as_array().unwrap().iter().filter(ours))
        .map(|line| {
            let ended: jiff::Timestamp = line["timestamp"].as_str().unwrap().parse().unwrap();
            (ended.as_millisecond() - line["durationMs"].as_i64().unwrap(), ended.as_millisecond())
        })
        .unzip();
    assert_eq!(begun.len(), 9, "{lines:#}");
    assert!(begun.iter().max() <= ended.iter().min(), "one waited for another: {begun:?} to {ended:?}");
}

fn a_socket_that_takes_nothing_does_not_hold_the_partition() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        platform
            .add_fault("delay execute-api:PostToConnection --by 120s --always --caller consumer-user_info_submitted");
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        let state = || {
            let rows = platform.load("rows", &["audit-logs-local"]);
            let row = rows.as_array().unwrap().iter().find(|row| row["customerId"] == customer.id.as_str())?.clone();
            let markers = platform.load("rows", &["processed-events-local"]);
            let marker = markers.as_array().unwrap().iter().find(|marker| marker["eventId"] == row["eventId"])?;
            Some(marker["state"].clone())
        };
        eventually("the record is done", Duration::from_mins(1), || state() == Some(json!("DONE")));
        platform.clear_faults();
        // The same key, and so the same partition.
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        let pushed = socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the partition goes on");
        assert_eq!(pushed["sequence"], 2, "the first push did not hang: {pushed}");
        let slow = platform.python("logged", &[CONSUMER, "a socket was too slow"]);
        let of_us = |line: &&Value| line["customerId"] == customer.id.as_str() && line["SlowSockets"] == 1;
        assert!(slow.as_array().unwrap().iter().any(|line| of_us(&line)), "{slow:#}");
    });
}

fn a_push_that_failed_is_made_again_and_the_mail_is_not() {
    let platform = faulty();
    block_on(async {
        let mut standing = Standing::at(&platform.site(), "POLICY_RECOMMENDED").await;
        let mut socket = standing.walker.customer.socket().await;
        // More often than a client tries by itself.
        platform.add_fault("fail execute-api:PostToConnection --count 10 --caller consumer-workflow_completed");
        standing.take(Step::Select).await;
        let pushed = socket.event("WORKFLOW_COMPLETED", SOON).await.expect("the push");
        assert_eq!(platform.struck(), 10);
        let reference = format!("Reference: {}", pushed["eventId"].as_str().unwrap());
        let mails = || {
            let mails = platform.load("mails", &[]);
            mails.as_array().unwrap().iter().filter(|mail| mail.to_string().contains(&reference)).count()
        };
        eventually("the mail is sent", SOON, || mails() > 0);
        assert_eq!(mails(), 1);
    });
    platform.clear_faults();
}

/// Topics are independent: the last step's event may be handled before those of earlier ones.
fn a_late_event_leaves_what_only_it_can_give() {
    let platform = shared();
    let (customer, application) = (uuid::Uuid::new_v4().to_string(), uuid::Uuid::new_v4().to_string());
    let key = json!({ "applicationId": { "S": application } });
    let row = || platform.python("item", &["applications-local", &key.to_string()]);
    let handle = |event_type: &str, sequence: u64, data: Value| {
        let topic = event_type.to_lowercase();
        let mut event = event(event_type, &customer, sequence, &data);
        event["applicationId"] = json!(application);
        let function = format!("onboard-ai-consumer-{topic}-local");
        hand_over(platform, &function, &topic.replace('_', "-"), &[event]);
    };
    let recommendations = || json!({ "recommendations": [{ "policyId": "term-life", "fitScore": 91.5 }] });
    handle("POLICY_RECOMMENDED", 3, recommendations());
    assert!(row().is_null(), "an application that is not there came back as a fragment");

    let owned = json!({ "applicationId": { "S": application }, "customerId": { "S": customer },
        "riskLevel": { "S": "HIGH" }, "averageConfidence": { "N": "0.5" }, "policyId": { "S": "whole-life" } });
    platform.python("put", &["applications-local", &owned.to_string()]);
    handle("WORKFLOW_COMPLETED", 6, json!({ "policyId": "term-life" }));
    handle("POLICY_RECOMMENDED", 5, recommendations());
    handle("KYC_VERIFIED", 4, json!({ "status": "APPROVED", "riskLevel": "LOW" }));
    handle("DOCUMENTS_PROCESSED", 3, json!({ "averageConfidence": 0.9 }));
    // Older than the one of its kind that is there.
    handle("POLICY_RECOMMENDED", 2, json!({ "recommendations": [] }));
    let row = row();
    for (name, value) in owned.as_object().unwrap() {
        assert_eq!(row[name], *value, "{name} is the producers'");
    }
    assert_eq!((&row["status"]["S"], &row["eventSequence"]["N"]), (&json!("COMPLETED"), &json!("6")));
    assert!(row["archiveAt"]["N"].is_string(), "{row:#}");
    assert_eq!(row["topRecommendations"]["L"][0]["M"]["policyId"]["S"], "term-life", "{row:#}");
    assert_eq!(row["eventAverageConfidence"]["N"], "0.9", "{row:#}");
}
