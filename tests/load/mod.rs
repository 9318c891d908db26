//! Many customers at once through the whole journey, with and without faults; then everything that they left is held
//! against what must be true (`checker`). The checker itself is tested with planted losses, doubles and disorder.

mod checker;
pub mod driver;
mod facts;
mod planted;

use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::support::customer::block_on;
use crate::support::platform::Platform;
use facts::Facts;

/// How long after the last answer everything must have had its effects.
const SETTLES_WITHIN: Duration = Duration::from_mins(3);

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![every_promise_holds_without_and_under_faults];
    trials.extend(planted::trials());
    trials
}

fn every_promise_holds_without_and_under_faults() {
    let (sound, faulty) = journeys();
    let platform = crate::faults::deployed();
    run(&platform, sound, 16, &[]);
    run(&platform, faulty, 16, FAULTS);
}

/// How many journeys without and with faults: `ONBOARDCTL_TEST_JOURNEYS=500,200` for the full load, which takes some
/// fifteen minutes with functions that are not optimised; a test run takes a tenth of it.
fn journeys() -> (usize, usize) {
    let Ok(text) = std::env::var("ONBOARDCTL_TEST_JOURNEYS") else { return (50, 20) };
    let (sound, faulty) = text.split_once(',').expect("two numbers: 500,200");
    (sound.parse().expect("a number of journeys"), faulty.parse().expect("a number of journeys"))
}

/// Faults in force while the customers are on their way, each as `local fault add` takes it: every kind there is but a
/// failing stack resource, which no customer meets.
const FAULTS: &[&[&str]] = &[
    &["throttle", "dynamodb:TransactWriteItems", "--rate", "0.05", "--seed", "1"],
    &["fail", "sns:Publish", "--rate", "0.1", "--seed", "2"],
    &["delay", "dynamodb:*", "--by", "50ms", "--rate", "0.1", "--seed", "3"],
    &["cut", "dynamodb:GetItem", "--rate", "0.03", "--seed", "4"],
    &["cut", "dynamodb:TransactGetItems", "--rate", "0.03", "--seed", "10"],
    &["lose-answer", "dynamodb:TransactWriteItems", "--rate", "0.05", "--seed", "5"],
    &["lose-answer", "edge:Api", "--rate", "0.03", "--seed", "6"],
    &["kill", "submit-user-info", "--on", "dynamodb:TransactWriteItems", "--rate", "0.05", "--seed", "7"],
    &["kill", "consumer", "--after", "20ms", "--rate", "0.05", "--seed", "8"],
    &["deliver-twice", "consumer", "--rate", "0.2", "--seed", "9"],
    &["stop-broker", "--for", "5s"],
];

/// Drives `journeys` customers, waits until nothing is on its way, and checks what they left.
fn run(platform: &Platform, journeys: usize, at_once: usize, faults: &[&[&str]]) {
    let queue = platform.load("listen", &[&format!("load-{}", uuid::Uuid::new_v4())]);
    for fault in faults {
        let arguments: Vec<&str> = ["local", "fault", "add"].iter().chain(fault.iter()).copied().collect();
        platform.run(&arguments).run().expect(0);
    }
    // The sockets listen on the same runtime until everything has settled.
    let walked = block_on(async {
        let walked = driver::walk(&platform.site(), journeys, at_once, false).await;
        if !faults.is_empty() {
            platform.run(&["local", "fault", "clear"]).run().expect(0);
        }
        settle(platform);
        driver::hear_out(walked).await
    });
    let facts: Facts = serde_json::from_value(platform.load("facts", &[queue.as_str().unwrap()])).unwrap();
    let problems = checker::check(&walked, &facts);
    let shown: Vec<&String> = problems.iter().take(20).collect();
    assert!(problems.is_empty(), "{} of {journeys} journeys' promises are broken: {shown:#?}", problems.len());
}

/// Waits until the outbox is empty, every marker is done and no new audit row comes.
fn settle(platform: &Platform) {
    let until = Instant::now() + SETTLES_WITHIN;
    let mut before = serde_json::Value::Null;
    loop {
        let now = platform.load("waiting", &[]);
        if now["outbox"] == 0 && now["pending"] == 0 && now == before {
            return;
        }
        assert!(Instant::now() < until, "something is stuck {SETTLES_WITHIN:?} after the last answer: {now}");
        before = now;
        std::thread::sleep(Duration::from_secs(1));
    }
}
