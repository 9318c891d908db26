//! Benchmarks: `cargo bench`. Everything that is measured in milliseconds is measured here and never in a test. Figures are
//! printed with the machine they were taken on; nothing fails for being slow.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be measured ends the run, and says where")]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

mod broker;
#[path = "../load/driver.rs"]
mod driver;
mod journeys;

use std::time::{Duration, Instant};

use support::command::Run;
use support::customer::{Customer, block_on};
use support::platform::Platform;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let only = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    say(&format!("machine: {} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH));
    print("onboardctl --help", &sample(20, || drop(Run::new(&["--help"]).run().expect(0))));
    if only.as_deref() == Some("broker") {
        let platform = Platform::new();
        platform.supervise();
        platform.run(&["up"]).run().expect(0);
        return broker::measure(&platform);
    }
    let platform = Platform::with(&std::fs::read_to_string(support::root().join("platform.toml")).unwrap());
    platform.supervise();
    if only.as_deref() == Some("journeys") {
        platform.run(&["up"]).run().expect(0);
        return journeys::measure(&platform);
    }
    let first = Instant::now();
    platform.run(&["up"]).run().expect(0);
    say(&format!("first up on a started platform, functions built as needed: {:.1} s", first.elapsed().as_secs_f64()));
    print("second up", &sample(5, || drop(platform.run(&["up"]).run().expect(0))));
    print("status", &sample(5, || drop(platform.run(&["status"]).run().expect(0))));
    print("verify", &sample(5, || drop(platform.run(&["verify"]).run().expect(0))));
    let (submits, pushes) = block_on(submissions(&platform.site(), 100));
    print("POST /api/user/submit", &submits);
    print("submit to push", &pushes);
    say(&format!("append to function: {}", append_to_function(&platform)));
    say(&format!("cold start beside Node: {}", cold_start(&platform)));
    let started = platform.python_script("tests/bench/init.py", &[zips().to_str().unwrap(), "10"]);
    for (name, measured) in started.as_object().unwrap() {
        say(&format!("start of {name}: {measured}"));
    }
    journeys::measure(&platform);
    broker::measure(&platform);
    platform.end();
}

fn append_to_function(platform: &Platform) -> serde_json::Value {
    platform.python_script("tests/bench/append_to_function.py", &["1000"])
}

/// Where the functions lie as they are deployed.
fn zips() -> std::path::PathBuf {
    support::root().join("target/onboardctl/host/release")
}

/// Our function as it was built for the platform, and the same work in Node.
fn cold_start(platform: &Platform) -> serde_json::Value {
    let packages = support::foreign::node_packages(&[
        "kafkajs@2.2.4",
        "@aws-sdk/client-dynamodb@3.1164.0",
        "@aws-sdk/client-secrets-manager@3.1164.0",
    ]);
    let script = packages.join("cold_start.mjs");
    std::fs::copy(support::root().join("tests/bench/cold_start.mjs"), &script).unwrap();
    let zip = zips().join("submit-user-info.zip");
    let arguments = [zip.to_str().unwrap(), script.to_str().unwrap(), "15"];
    platform.python_script("tests/bench/cold_start.py", &arguments)
}

/// Submissions one after another, each by a new customer with an open socket: time to the answer, time to the push.
async fn submissions(site: &str, count: usize) -> (Vec<Duration>, Vec<Duration>) {
    let (mut answers, mut pushes) = (Vec::new(), Vec::new());
    for round in 0..count + 5 {
        let customer = Customer::new(site).await;
        let mut socket = customer.socket().await;
        let begun = Instant::now();
        let answer = customer.submit(None, Customer::information()).await;
        let answered = begun.elapsed();
        assert_eq!(answer.status, 201, "{answer:?}");
        socket.event("USER_INFO_SUBMITTED", Duration::from_secs(20)).await.expect("a push");
        if round >= 5 {
            answers.push(answered);
            pushes.push(begun.elapsed());
        }
    }
    (answers, pushes)
}

fn sample(count: usize, mut run: impl FnMut()) -> Vec<Duration> {
    (0..count)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect()
}

fn print(what: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort();
    let at = |part: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = ((times.len() as f64) * part) as usize;
        times[index.min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    say(&format!("{what}: n {} p50 {:.1} ms p95 {:.1} ms p99 {:.1} ms", times.len(), at(0.5), at(0.95), at(0.99)));
}

#[expect(clippy::print_stdout, reason = "a benchmark's answer")]
fn say(line: &str) {
    println!("{line}");
}
