//! Each function's role is the least it needs. Every permission of every role, as it is in IAM, is taken away once: the
//! function then does all that it does, and the denial has to be told, naming this action and this resource. A permission
//! that nobody misses fails the test, and so does a role that lacks one.

mod ground;
mod iam;
mod producers;
mod scene;
mod templates;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use libtest_mimic::Trial;
use shared::events::EventType;

use crate::support::customer::{Customer, block_on};
use ground::{Ground, within};
use iam::Permission;
use producers::Threshold;
use scene::{Played, Scene};

const PRODUCERS: [&str; 5] =
    ["submit-user-info", "process-documents", "perform-kyc", "generate-recommendations", "submit-policy-selection"];
const SOCKETS: [&str; 4] = ["websocket-authorizer", "websocket-connect", "websocket-default", "websocket-disconnect"];

/// How long a mapping may take to notice that its role lacks something, or has it again.
const NOTICED: Duration = Duration::from_secs(5);

/// What Lambda may take with the role to poll an event source.
const POLLED_WITH: [&str; 4] = ["kafka:", "secretsmanager:", "kms:", "dynamodb:"];

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![no_permission_can_be_taken_away_unnoticed];
    trials.extend(templates::trials());
    trials
}

fn consumer(kind: EventType) -> String {
    format!("consumer-{}", kind.topic().replace('-', "_"))
}

/// Functions that are walked one after the other, with what each does.
type Lane = Vec<(String, Scene)>;

fn no_permission_can_be_taken_away_unnoticed() {
    let ground = Ground::new(crate::faults::deployed());
    let began = Instant::now();
    let (walked, failures) = block_on(async {
        let mut lanes: Vec<Lane> = Vec::new();
        for function in PRODUCERS {
            lanes.push(vec![(function.into(), Scene::Producer(Box::new(Threshold::of(&ground, function).await)))]);
        }
        let mut sockets = Lane::new();
        for function in SOCKETS {
            sockets.push((function.into(), Scene::Socket(Customer::new(&ground.site).await)));
        }
        lanes.push(sockets);
        lanes.push(vec![("outbox-relay".into(), Scene::Relay), ("archiver".into(), Scene::Archiver)]);
        let mut walked = walk_all(&ground, lanes).await;
        // Consumers come last: what the producers publish needs them whole.
        let consumers = EventType::ALL.map(|kind| vec![(consumer(kind), Scene::Consumer(kind))]);
        walked.extend(walk_all(&ground, consumers.into()).await);
        let failures: Vec<String> = walked.iter().flat_map(|role| role.failures.clone()).collect();
        (walked, failures)
    });
    let count: usize = walked.iter().map(|role| role.permissions).sum();
    report(&walked, count, began.elapsed());
    assert!(failures.is_empty(), "{} of {count} permissions:\n{}", failures.len(), failures.join("\n"));
    assert!(walked.len() == 17 && count >= 200, "only {count} permissions of {} roles were found", walked.len());
}

#[expect(clippy::print_stderr, reason = "how long the walk took is told to whoever runs it")]
fn report(walked: &[Walked], count: usize, took: Duration) {
    for role in walked {
        eprintln!("{:32} {:3} permissions {:4.0?}", role.function, role.permissions, role.took);
    }
    eprintln!("{count} permissions were taken away, one at a time, in {took:.0?}");
}

/// A role that was walked.
struct Walked {
    function: String,
    permissions: usize,
    failures: Vec<String>,
    took: Duration,
}

async fn walk_all(ground: &Ground, lanes: Vec<Lane>) -> Vec<Walked> {
    let lanes = lanes.iter().map(async |lane| {
        let mut walked = Vec::new();
        for (function, scene) in lane {
            walked.push(walk(ground, function, scene).await);
        }
        walked
    });
    futures::future::join_all(lanes).await.into_iter().flatten().collect()
}

async fn walk(ground: &Ground, function: &str, scene: &Scene) -> Walked {
    let began = Instant::now();
    let role = ground.role(function).await;
    let policies = ground.iam.policies(&role).await;
    let permissions = policies.permissions();
    let mut failures = whole(ground, function, scene, "before the walk").await;
    ground.iam.allow(&role, &permissions.iter().collect::<Vec<_>>()).await;
    ground.iam.strip(&role, &policies).await;
    for taken in &permissions {
        let others: Vec<&Permission> = permissions.iter().filter(|permission| *permission != taken).collect();
        ground.iam.allow(&role, &others).await;
        // What is played while a log line is on its way may miss it once.
        let mut seen = Err(Played::default());
        for _ in 0..2 {
            seen = if taken.action.starts_with("logs:") {
                is_silent(ground, function, scene).await
            } else {
                is_told(ground, function, scene, taken).await
            };
            if seen.is_ok() {
                break;
            }
        }
        if let Err(played) = seen {
            failures.push(format!("{function}: nobody misses {taken}; told: {:#?}", played.wrong));
        }
    }
    ground.iam.restore(&role, &policies).await;
    failures.extend(whole(ground, function, scene, "after the walk").await);
    Walked { function: function.to_owned(), permissions: permissions.len(), failures, took: began.elapsed() }
}

/// With every permission in place, from a cold start on, everything is as it should be and no denial is told.
async fn whole(ground: &Ground, function: &str, scene: &Scene, when: &str) -> Vec<String> {
    let polls = within(NOTICED, async || !ground.mapping(function).await.contains("PROBLEM")).await;
    ground.chill(function);
    let since = Timestamp::now();
    let played = scene.play(ground, function).await;
    let lines = ground.lines(function, since).await;
    let denied = lines.iter().chain(&played.told).filter(|line| line.contains("not authorized to perform"));
    let mut wrong: Vec<String> =
        played.wrong.iter().chain(denied).map(|wrong| format!("{function} {when}: {wrong}")).collect();
    if lines.is_empty() {
        wrong.push(format!("{function} {when}: it logs nothing"));
    }
    if !polls {
        wrong.push(format!("{function} {when}: {}", ground.mapping(function).await));
    }
    wrong
}

/// Whether the denial of a permission that was taken away is told, by name: in an answer, in the function's log or as
/// the result of its event source mapping.
async fn is_told(ground: &Ground, function: &str, scene: &Scene, taken: &Permission) -> Result<(), Played> {
    let since = Timestamp::now();
    let is_consumer = matches!(scene, Scene::Consumer(_));
    let of_secrets = taken.action.starts_with("secretsmanager:") || taken.action == "kms:Decrypt";
    if of_secrets && !is_consumer {
        // Read while a function starts, and then kept.
        ground.chill(function);
    }
    // A consumer itself talks neither to the cluster nor to Secrets Manager: its mapping does.
    let by_mapping = is_consumer && ["kafka:", "secretsmanager:"].iter().any(|it| taken.action.starts_with(it));
    let played = if by_mapping { Played::default() } else { scene.play(ground, function).await };
    let named = |line: &String| denials(line).any(|(action, on)| action == taken.action && taken.covers(on));
    // Secrets Manager does not say which key, nor what may not be done with it.
    let key = |line: &String| taken.action == "kms:Decrypt" && line.contains("Access to KMS is not allowed");
    let told = |line: &String| named(line) || key(line);
    let polled = POLLED_WITH.iter().any(|prefix| taken.action.starts_with(prefix));
    let found = played.told.iter().any(told)
        || within(Duration::from_millis(200), async || ground.lines(function, since).await.iter().any(told)).await
        || (polled && within(NOTICED, async || named(&ground.mapping(function).await)).await);
    if found { Ok(()) } else { Err(played) }
}

/// Actions and resources of the denials in a text: a function's, as IAM words it, and a mapping's.
fn denials(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let function =
        text.split("is not authorized to perform: ").skip(1).filter_map(|rest| rest.split_once(" on resource: "));
    let mapping = text.split("is not allowed to call ").skip(1).filter_map(|rest| rest.split_once(" on "));
    function.chain(mapping).map(|(action, rest)| {
        let rest = rest.trim_start_matches(['\\', '"']);
        (action, rest.split([' ', '"', '\\', ';', '<', '&']).next().unwrap_or_default())
    })
}

/// Whether a function that works leaves no line: what it may not write is lost, and nobody is told.
async fn is_silent(ground: &Ground, function: &str, scene: &Scene) -> Result<(), Played> {
    let since = Timestamp::now();
    let played = scene.play(ground, function).await;
    let lines = ground.lines(function, since).await;
    if lines.is_empty() && played.wrong.is_empty() { Ok(()) } else { Err(played) }
}
