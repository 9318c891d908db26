//! What faults do to functions and the broker, and that nothing is lost or doubled by them.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::fault_injection::{attempts, row, statuses};
use crate::local::eventually;
use crate::support::customer::{Customer, block_on};
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
