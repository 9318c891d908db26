//! Many customers at once through the whole journey, with and without faults; then everything that they left is held
//! against what must be true (`checker`). The checker itself is tested with planted losses, doubles and disorder.

mod checker;
pub mod driver;
mod facts;
mod planted;
mod sound;
mod told;
mod topics;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::support::customer::block_on;
use crate::support::platform::Platform;
use driver::{Manner, Walked};
use facts::Facts;
use told::Repeats;

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
/// failing stack resource, which no customer meets. The seeds are such that each strikes at least three times
/// among the calls of even twenty journeys, which is asked for at the end.
const FAULTS: &[&str] = &[
    "throttle dynamodb:TransactWriteItems --rate 0.05 --seed 82",
    "fail sns:Publish --rate 0.1 --seed 46",
    "delay dynamodb:* --by 50ms --rate 0.1 --seed 18",
    "cut dynamodb:GetItem --rate 0.03 --seed 73",
    "cut dynamodb:TransactGetItems --rate 0.03 --seed 162",
    "lose-answer dynamodb:TransactWriteItems --rate 0.05 --seed 73",
    "lose-answer edge:Api --rate 0.03 --seed 8",
    "kill submit-user-info --on dynamodb:TransactWriteItems --rate 0.05 --seed 198",
    "kill consumer --on dynamodb:TransactWriteItems --rate 0.05 --seed 58",
    "deliver-twice consumer --rate 0.2 --seed 86",
    "stop-broker --for 5s",
];

/// Drives `journeys` customers, waits until nothing is on its way, and checks what they left.
fn run(platform: &Platform, journeys: usize, at_once: usize, faults: &[&str]) {
    let queues = ["alerts", "compliance"].map(|topic| {
        let queue = platform.load("listen", &[&format!("load-{topic}-{}", uuid::Uuid::new_v4()), topic]);
        queue.as_str().unwrap().to_owned()
    });
    let earlier = mails(platform);
    let (walked, repeats) = if faults.is_empty() {
        let manner = Manner { calmly: |number| number.is_multiple_of(3), looks: true };
        (walk(platform, journeys, at_once, manner, || {}), Repeats::Forbidden)
    } else {
        // A push that a killed function owes may be minutes late, so that nobody waits for one.
        let manner = Manner { calmly: |_| false, looks: true };
        let added: Vec<String> = faults.iter().map(|fault| platform.add_fault(fault)).collect();
        let end = || {
            let idle = idle(platform, faults, &added);
            platform.clear_faults();
            assert!(idle.is_empty(), "these faults struck nobody: {idle:#?}");
        };
        (walk(platform, journeys, at_once, manner, end), Repeats::Allowed)
    };
    let mut facts: Facts = serde_json::from_value(platform.load("facts", &[&queues[0], &queues[1]])).unwrap();
    facts.mails.retain(|mail| !earlier.contains(&mail.message_id));
    let problems = checker::check(&walked, &facts, repeats);
    let shown: Vec<&String> = problems.iter().take(20).collect();
    assert!(problems.is_empty(), "{} of {journeys} journeys' promises are broken: {shown:#?}", problems.len());
}

/// Walks, calls `end` when the last customer has walked, and waits until everything had its effects. The sockets listen
/// on the same runtime until then.
fn walk(platform: &Platform, journeys: usize, at_once: usize, manner: Manner, end: impl Fn()) -> Vec<Walked> {
    let effects = |waiting: &serde_json::Value| waiting["audit"].as_u64().unwrap();
    let before = effects(&platform.load("waiting", &[]));
    block_on(async {
        let walked = driver::walk(&platform.site(), journeys, at_once, manner).await;
        end();
        let accepted = walked.iter().map(|customer| customer.accepted.len() as u64).sum::<u64>();
        settle(platform, |waiting| effects(waiting) >= before + accepted);
        driver::hear_out(walked).await
    })
}

/// The mails that were sent before.
fn mails(platform: &Platform) -> BTreeSet<String> {
    let sent = platform.load("mails", &[]);
    sent.as_array().unwrap().iter().map(|mail| mail["MessageId"].as_str().unwrap().to_owned()).collect()
}

/// The faults that struck nobody, as they were asked for, with what became of each.
fn idle(platform: &Platform, faults: &[&str], added: &[String]) -> Vec<String> {
    let there = platform.faults();
    let found = |id: &String| there.iter().find(|fault| fault["id"] == id.as_str());
    let pairs = faults.iter().zip(added.iter().map(found));
    let idle = pairs.filter(|(_, fault)| fault.is_none_or(|fault| fault["struck"].as_u64() < Some(1)));
    idle.map(|(fault, found)| format!("{fault}: {found:?}")).collect()
}

/// Waits until the outbox is empty, every marker is done, every step has had its effect and no new one comes. An effect
/// that does not come is for the checker to tell.
fn settle(platform: &Platform, all_there: impl Fn(&serde_json::Value) -> bool) {
    let until = Instant::now() + SETTLES_WITHIN;
    let mut before = serde_json::Value::Null;
    loop {
        let now = platform.load("waiting", &[]);
        let (quiet, late) = (now["outbox"] == 0 && now["pending"] == 0 && now == before, Instant::now() > until);
        if quiet && (late || all_there(&now)) {
            return;
        }
        assert!(quiet || !late, "something is stuck {SETTLES_WITHIN:?} after the last answer: {now}");
        before = now;
        std::thread::sleep(Duration::from_secs(1));
    }
}
