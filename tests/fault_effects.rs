//! What faults do to functions and the broker, and that nothing is lost or doubled by them.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::json;

use crate::fault_injection::{attempts, row, statuses};
use crate::local::eventually;
use crate::support::customer::{Customer, block_on, call};
use crate::support::platform::faulty;

const SOON: Duration = Duration::from_secs(30);
const SUBMIT: &str = "submit-user-info";
const CONSUMER: &str = "consumer-user_info_submitted";

pub fn trials() -> Vec<Trial> {
    crate::trials![
        only_the_callers_that_are_named_are_struck,
        a_throttled_poller_delivers_in_the_end,
        a_killed_function_is_started_again,
        a_function_killed_after_its_transaction_leaves_one_event,
        a_key_is_not_held_by_a_call_that_failed,
        a_batch_that_is_delivered_twice_acts_once,
        a_broker_that_stands_still_loses_nothing,
    ]
}

fn only_the_callers_that_are_named_are_struck() {
    let platform = faulty();
    let site = platform.site();
    platform.add_fault(&format!("throttle dynamodb:* --caller {SUBMIT} --count 2"));
    assert_eq!(statuses(&attempts(&platform, "dynamodb", "put_item", &row("root"), 3)), [200, 200, 200]);
    assert_eq!(platform.struck(), 0, "root is not the function");
    let answer = block_on(async { Customer::new(&site).await.submit(None, Customer::information()).await });
    assert_eq!(answer.status, 201, "the function's client tries again: {answer:?}");
    assert_eq!(platform.struck(), 2);
    platform.clear_faults();
    platform.add_fault("throttle dynamodb:PutItem --caller root");
    assert_eq!(statuses(&attempts(&platform, "dynamodb", "put_item", &row("root"), 2)), [400, 200]);
}

fn a_throttled_poller_delivers_in_the_end() {
    let platform = faulty();
    let site = platform.site();
    for fault in ["throttle lambda:Invoke", "lose-answer lambda:Invoke", "cut lambda:Invoke"] {
        block_on(async {
            let customer = Customer::new(&site).await;
            let mut socket = customer.socket().await;
            platform.add_fault(&format!("{fault} --caller poller --count 2"));
            assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
            socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the push still comes");
            eventually("the fault struck twice", SOON, || platform.struck() == 2);
            assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(1)).await.is_none(), "{fault}: twice");
            assert_eq!(platform.rows_of("audit-logs-local", &customer.id), 1, "{fault}");
        });
        platform.clear_faults();
    }
}

fn a_killed_function_is_started_again() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        platform.add_fault(&format!("kill {SUBMIT} --nth 2"));
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201, "the first is not meant");
        let killed = customer.submit(None, Customer::information()).await;
        assert!(killed.status >= 500, "{killed:?}");
        assert_eq!(platform.struck(), 1);
        let again = customer.submit(None, Customer::information()).await;
        assert!(again.status < 500, "{again:?}");
        assert_eq!(platform.struck(), 1, "it strikes once");
        // Who has answered before it is time is not killed, and that is no strike: the fault waits for the next.
        platform.clear_faults();
        platform.add_fault(&format!("kill {SUBMIT} --after 3s"));
        assert!(customer.submit(None, Customer::information()).await.status < 500);
        eventually("the strike is taken back", SOON, || platform.faults()[0]["matched"] == 1 && platform.struck() == 0);
        assert_eq!(platform.faults()[0]["state"], "active");
        // Killed while it handles a batch, the consumer gets the batch again.
        platform.clear_faults();
        let other = Customer::new(&site).await;
        let mut socket = other.socket().await;
        platform.add_fault(&format!("kill {CONSUMER}"));
        assert_eq!(other.submit(None, Customer::information()).await.status, 201);
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the push still comes");
        assert_eq!(platform.struck(), 1);
        assert_eq!(platform.rows_of("audit-logs-local", &other.id), 1);
    });
}

fn a_function_killed_after_its_transaction_leaves_one_event() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        for (when, effects) in [("before", 0), ("after", 1)] {
            let customer = Customer::new(&site).await;
            let mut socket = customer.socket().await;
            platform.add_fault(&format!("kill {SUBMIT} --on dynamodb:TransactWriteItems --when {when}"));
            let answer = customer.submit(None, Customer::information()).await;
            assert!(answer.status >= 500, "{when}: {answer:?}");
            assert_eq!(platform.struck(), 1);
            assert_eq!(platform.rows_of("users-local", &customer.id), effects, "{when} the transaction");
            let event =
                socket.event("USER_INFO_SUBMITTED", Duration::from_secs(if effects == 0 { 3 } else { 90 })).await;
            assert_eq!(event.is_some(), effects == 1, "{when}: an event needs its row, and a row has its event");
            assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(2)).await.is_none(), "{when}: twice");
            platform.clear_faults();
        }
    });
}

fn a_key_is_not_held_by_a_call_that_failed() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let answered = async |fault: &str, key: &str, expected: &[u16]| {
            platform.add_fault(fault);
            for status in expected {
                let answer = customer.submit(Some(key), Customer::information()).await;
                assert_eq!(answer.status, *status, "{fault}: {answer:?}");
            }
            assert!(platform.struck() > 0, "{fault}");
            platform.clear_faults();
        };
        let caller = format!("--caller {SUBMIT}");
        // The claim took effect, so the SDK's own repeat of it meets the row that it made.
        answered(&format!("lose-answer dynamodb:PutItem {caller}"), "lost-claim", &[201, 201]).await;
        // What an SDK gives up on is answered 500; the client repeats it at once.
        let fault = format!("fail dynamodb:TransactWriteItems {caller} --count 3");
        answered(&fault, "failed-step", &[500, 201, 201]).await;
        // A refusal that a repeat may not hear gives the key back, also where the answer to that gets lost.
        platform.add_fault("lose-answer dynamodb:DeleteItem --caller process-documents --count 2");
        for _ in 0..2 {
            let body = json!({ "applicationId": uuid::Uuid::new_v4().to_string(), "documents": [
                { "documentId": uuid::Uuid::new_v4().to_string() }] });
            let (path, token) = ("/api/documents/process", Some(customer.token.as_str()));
            let answer = call(&site, "POST", path, token, Some("given-back"), Some(body)).await;
            assert!([403, 404].contains(&answer.status), "{answer:?}");
        }
        assert_eq!(platform.struck(), 2);
        assert_eq!(platform.rows_of("audit-logs-local", &customer.id), 2, "one event for each step that was accepted");
    });
}

fn a_batch_that_is_delivered_twice_acts_once() {
    let platform = faulty();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        platform.add_fault(&format!("deliver-twice {CONSUMER}"));
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the push");
        eventually("the batch was repeated", SOON, || platform.struck() == 1);
        assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(2)).await.is_none(), "a second push");
        assert_eq!(platform.rows_of("audit-logs-local", &customer.id), 1);
    });
    let log = std::fs::read_to_string(platform.state_dir().join("logs/supervisor.log")).unwrap();
    assert!(log.contains("a fault repeats the batch"), "{log}");
}

fn a_broker_that_stands_still_loses_nothing() {
    let platform = faulty();
    let site = platform.site();
    let kafka = || {
        let parts = platform.run(&["local", "status", "-o", "json"]).run().expect(0).json()["data"]["parts"].clone();
        parts.as_array().unwrap().iter().find(|part| part["part"] == "kafka").unwrap()["state"].clone()
    };
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        assert_eq!(Customer::new(&site).await.submit(None, Customer::information()).await.status, 201);
        platform.add_fault("stop-broker");
        assert_eq!(kafka(), "silent");
        let answer = customer.submit(None, Customer::information()).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        platform.clear_faults();
        eventually("the broker answers again", SOON, || kafka() == "ready");
        socket.event("USER_INFO_SUBMITTED", Duration::from_mins(1)).await.expect("the event");
        assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(1)).await.is_none(), "twice");
    });
    let begun = Instant::now();
    platform.add_fault("stop-broker --for 4s");
    assert_eq!(kafka(), "silent");
    eventually("the broker goes on by itself", SOON, || kafka() == "ready");
    assert!(begun.elapsed() >= Duration::from_secs(4), "{:?}", begun.elapsed());
}
