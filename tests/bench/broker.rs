//! A broker that was away and is back: how long until the event that waited has its effect, the push to its customer.
//! `cargo bench --bench latency -- broker` measures this alone.

use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::support::customer::{Customer, Socket, block_on};
use super::support::platform::Platform;
use super::{print, say};

const TIMES: usize = 8;

/// The broker's process, and since when it answers.
fn broker(platform: &Platform) -> Option<(u64, Timestamp)> {
    let document = platform.run(&["local", "status", "-o", "json"]).run().expect(0).json();
    let parts: Vec<Value> = document["data"]["parts"].as_array()?.clone();
    let kafka = parts.into_iter().find(|part| part["part"] == "kafka" && part["state"] == "ready")?;
    Some((kafka["pid"].as_u64()?, kafka["since"].as_str()?.parse().ok()?))
}

fn signal(name: &str, pid: u64) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

fn since(then: Timestamp) -> Duration {
    Timestamp::now().duration_since(then).try_into().unwrap_or_default()
}

/// A customer who listens, and the broker's process. Somebody else submits until an event is published at once: after a
/// broker's end the first one may still be left pending.
async fn ready(platform: &Platform, site: &str) -> (Customer, Socket, u64) {
    let customer = Customer::new(site).await;
    let socket = customer.socket().await;
    while Customer::new(site).await.submit(None, Customer::information()).await.status != 201 {}
    let (pid, _) = broker(platform).expect("a broker");
    (customer, socket, pid)
}

/// Stopped for two seconds and continued, then killed and started again by the supervisor.
pub fn measure(platform: &Platform) {
    let (mut stopped, mut killed) = (Vec::new(), Vec::new());
    let site = platform.site();
    for round in 0..TIMES {
        block_on(async {
            let (customer, mut socket, pid) = ready(platform, &site).await;
            signal("-STOP", pid);
            let answer = customer.submit(None, Customer::information()).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            tokio::time::sleep(Duration::from_secs(2)).await;
            signal("-CONT", pid);
            let back = Timestamp::now();
            socket.event("USER_INFO_SUBMITTED", Duration::from_mins(2)).await.expect("the event");
            stopped.push(since(back));
        });
        block_on(async {
            let (customer, mut socket, pid) = ready(platform, &site).await;
            signal("-9", pid);
            let answer = customer.submit(None, Customer::information()).await;
            assert!([201, 202].contains(&answer.status), "{answer:?}");
            socket.event("USER_INFO_SUBMITTED", Duration::from_mins(2)).await.expect("the event");
            let seen = Timestamp::now();
            let back = loop {
                match broker(platform) {
                    Some((other, back)) if other != pid => break back,
                    _ => std::thread::sleep(Duration::from_millis(50)),
                }
            };
            killed.push(seen.duration_since(back).try_into().unwrap_or_default());
        });
        say(&format!("round {round}: stopped {:?}, killed {:?}", stopped[round], killed[round]));
    }
    print("broker continued to push", &stopped);
    print("killed broker answers again to push", &killed);
}
