//! The whole journey through the edge at a steady rate: each step's answer and the time from submitting to the push, beside
//! the guide's targets; then the rate at which this machine saturates.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::driver::{self, Walked};
use crate::support::customer::block_on;
use crate::support::platform::Platform;

/// How long each rate is held.
const SECONDS: u32 = 60;

/// How long a rate's last journeys have to end.
const GRACE: Duration = Duration::from_mins(1);

/// The guide's targets in milliseconds, by step; a push has its own.
const TARGETS: [(&str, u32); 5] = [
    ("USER_INFO_SUBMITTED", 1_000),
    ("DOCUMENTS_PROCESSED", 5_000),
    ("KYC_VERIFIED", 10_000),
    ("POLICY_RECOMMENDED", 1_000),
    ("WORKFLOW_COMPLETED", 1_000),
];

/// What a push is allowed.
const PUSH_TARGET: u32 = 100;

/// How many journeys are walked one after another.
const ALONE: usize = 40;

/// Measures journeys that are alone; then how many a second end when sixteen walk at a time; then each rate. Beyond that
/// a steady rate measures its own queue, which is said with it.
pub fn measure(platform: &Platform) {
    let site = platform.site();
    crate::say(&format!("{ALONE} journeys, one after another, each going on once the push of the last step has come:"));
    let began = jiff::Timestamp::now().to_string();
    tell(&block_on(async { driver::hear_out(driver::walk(&site, ALONE, 1, true).await).await }));
    producers(platform, &began);
    let begun = std::time::Instant::now();
    let walked = block_on(async { driver::hear_out(driver::walk(&site, 200, 16, false).await).await });
    #[expect(clippy::cast_precision_loss, reason = "two hundred journeys")]
    let saturated = walked.len() as f64 / begun.elapsed().as_secs_f64();
    crate::say(&format!("saturated: 200 journeys at concurrency 16 end at {saturated:.1} a second"));
    tell(&walked);
    for per_second in [2, 5, 10] {
        let over = if f64::from(per_second) > saturated { " (more than this machine carries: they queue)" } else { "" };
        crate::say(&format!("{per_second} journeys a second for {SECONDS} s{over}:"));
        let began = jiff::Timestamp::now().to_string();
        let walked = block_on(async {
            let (mut walked, left) = at_rate(&site, per_second, SECONDS).await;
            if left > 0 {
                crate::say(&format!(
                    "  {left} had not ended {} s after the last began, and are not counted",
                    GRACE.as_secs()
                ));
            }
            let late = not_pushed(&mut walked).await;
            if late > 0 {
                crate::say(&format!("  {late} pushes had not come {} s after the last answer", GRACE.as_secs()));
            }
            driver::hear_out(walked).await
        });
        tell(&walked);
        producers(platform, &began);
    }
}

/// Starts `per_second` customers each second for `seconds`, however far the others are. Those who have walked, and how
/// many had not when their time was over.
async fn at_rate(site: &str, per_second: u32, seconds: u32) -> (Vec<Walked>, usize) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / per_second);
    let mut walking = Vec::new();
    for number in 0..per_second * seconds {
        ticks.tick().await;
        let (client, site) = (client.clone(), site.to_owned());
        walking.push(tokio::spawn(async move { driver::journey(&client, &site, number as usize, false).await }));
    }
    let until = tokio::time::Instant::now() + GRACE;
    let ended = walking.into_iter().map(async |mut walking| {
        if let Ok(walked) = tokio::time::timeout_at(until, &mut walking).await {
            return Some(walked.unwrap());
        }
        walking.abort();
        None
    });
    let ended = futures::future::join_all(ended).await;
    let left = ended.iter().filter(|walked| walked.is_none()).count();
    (ended.into_iter().flatten().collect(), left)
}

/// Waits until every accepted step was pushed; how many were not within the grace.
async fn not_pushed(walked: &mut [Walked]) -> usize {
    let until = tokio::time::Instant::now() + GRACE;
    let late = walked.iter_mut().map(async |walked| {
        let (accepted, Some(pushes)) = (walked.accepted.len(), &mut walked.pushes) else { return 0 };
        let all = pushes.wait_for(|count| *count >= accepted);
        if tokio::time::timeout_at(until, all).await.is_ok() { 0 } else { accepted - *pushes.borrow() }
    });
    futures::future::join_all(late).await.into_iter().sum()
}

fn tell(walked: &[Walked]) {
    let mut answers: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut pushes: Vec<Duration> = Vec::new();
    for customer in walked {
        for (step, took) in &customer.times {
            answers.entry(step).or_default().push(*took);
        }
        pushes.extend(customer.push_times.iter().map(|(_, took)| *took));
    }
    for (step, target) in TARGETS {
        crate::print(&format!("  {step} (target {target} ms)"), answers.get(step).map_or(&[], Vec::as_slice));
    }
    crate::print(&format!("  submit to push (target {PUSH_TARGET} ms)"), &pushes);
}

/// What each producer's own log says a request took it: from being handed over to its answer.
fn producers(platform: &Platform, began: &str) {
    let mut durations: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    let lines = platform.python_script("tests/clients/load.py", &["lines"]);
    for line in lines.as_array().unwrap() {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(line["text"].as_str().unwrap()) else { continue };
        let (timestamp, status) = (line["timestamp"].as_str().unwrap_or_default(), line["status"].as_u64());
        if line["message"] == "request" && timestamp >= began && status.is_some_and(|status| status < 300) {
            let took = Duration::from_millis(line["durationMs"].as_u64().unwrap());
            durations.entry(line["route"].as_str().unwrap().to_owned()).or_default().push(took);
        }
    }
    for (route, took) in durations {
        crate::print(&format!("  {route}, in its function"), &took);
    }
}
