//! Bad requests, generated: every route answers each of them as its fault deserves, nothing panics or hangs, and nobody
//! gets mail. `ONBOARDCTL_TEST_BODIES` says how many a route is sent, `ONBOARDCTL_TEST_SEED` which ones.

mod bodies;
mod cases;
mod fields;
mod judge;
mod values;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use libtest_mimic::Trial;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::support::customer::block_on;
use crate::support::platform::{Platform, shared};
use judge::{documented, is_refusal, judge, shown, written_down};
use wire::Answered;
use world::World;

/// How long after the last answer every refusal must have become its event.
const SETTLES_WITHIN: Duration = Duration::from_mins(5);

/// How many requests are under way at once.
const AT_ONCE: usize = 16;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        session,
        user_submit,
        user_progress,
        documents_upload,
        documents_process,
        application_status,
        kyc_verify,
        policy_recommend,
        policy_select,
        socket_ticket,
        what_no_function_can_be_given_is_413,
    ]
}

fn session() {
    run(Route::Session);
}
fn user_submit() {
    run(Route::Submit);
}
fn user_progress() {
    run(Route::Progress);
}
fn documents_upload() {
    run(Route::Upload);
}
fn documents_process() {
    run(Route::Process);
}
fn application_status() {
    run(Route::Status);
}
fn kyc_verify() {
    run(Route::Verify);
}
fn policy_recommend() {
    run(Route::Recommend);
}
fn policy_select() {
    run(Route::Select);
}
fn socket_ticket() {
    run(Route::Ticket);
}

/// Around the 6 MB that an invocation takes and the 10 MB that API Gateway takes.
fn what_no_function_can_be_given_is_413() {
    let platform = shared();
    let address = platform.site().trim_start_matches("http://").trim_end_matches('/').to_owned();
    block_on(async {
        let world = World::new(&platform.site(), Route::Session).await;
        for megabytes in [5, 7, 11] {
            for route in [Route::Session, Route::Submit, Route::Select, Route::Ticket] {
                let headers = vec![
                    ("authorization", format!("Bearer {}", world.token).into_bytes()),
                    ("content-type", b"application/json".to_vec()),
                ];
                let body = vec![b' '; megabytes * 1024 * 1024];
                let framing = wire::Framing::Length;
                let target = route.path().as_bytes().to_vec();
                let sent = wire::Sent { method: "POST".to_owned(), target, headers, framing, body };
                let answered = sent.send(&address).await;
                let Answered::Whole { status, body, .. } = answered else {
                    panic!("{megabytes} MB to {route:?}: {answered:?}")
                };
                let body: Value = serde_json::from_slice(&body).expect("an answer in JSON");
                documented(route, status, &body).unwrap_or_else(|problem| panic!("{megabytes} MB: {problem}"));
                // A function refuses what it is handed, but for one that reads no body.
                let by_function = body["error"]["code"] == "BODY_TOO_LARGE" || status == 201;
                let expected = if by_function && route == Route::Ticket { 201 } else { 413 };
                assert_eq!(status, expected, "{megabytes} MB to {route:?}");
                // Lambda takes 6 MB, which nobody enforces on this computer: in between either may answer.
                let may_answer = if by_function { megabytes < 10 } else { megabytes > 6 };
                assert!(may_answer, "{megabytes} MB to {route:?}: {body}");
            }
        }
    });
}

/// A route of the HTTP API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Session,
    Submit,
    Progress,
    Upload,
    Process,
    Status,
    Verify,
    Recommend,
    Select,
    Ticket,
}

/// What a route is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A path.
    Read,
    /// Nothing, and it looks at nothing.
    Nothing,
    /// Nothing that matters; an `Idempotency-Key` counts.
    Bare,
    Json,
}

impl Route {
    /// The path; `{}` is its parameter.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Session => "/api/session",
            Self::Submit => "/api/user/submit",
            Self::Progress => "/api/user/{}/progress",
            Self::Upload => "/api/documents/upload",
            Self::Process => "/api/documents/process",
            Self::Status => "/api/applications/{}/status",
            Self::Verify => "/api/kyc/verify",
            Self::Recommend => "/api/policy/recommend",
            Self::Select => "/api/policy/select",
            Self::Ticket => "/api/ws/ticket",
        }
    }

    pub const fn kind(self) -> Kind {
        match self {
            Self::Session => Kind::Bare,
            Self::Ticket => Kind::Nothing,
            Self::Progress | Self::Status => Kind::Read,
            _ => Kind::Json,
        }
    }

    /// Whether it may be taken without a session.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Session | Self::Submit)
    }

    /// The path as the interface writes it.
    fn documented(self) -> String {
        let parameter = if self == Self::Status { "{applicationId}" } else { "{customerId}" };
        self.path().replacen("{}", parameter, 1)
    }
}

fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// Sends a route its requests and holds what came of them against what must.
fn run(route: Route) {
    let count = usize::try_from(variable("ONBOARDCTL_TEST_BODIES", 200)).unwrap();
    let seed = variable("ONBOARDCTL_TEST_SEED", 20_261_124);
    let platform = shared();
    let address = platform.site().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let workers = AT_ONCE.min(count.div_ceil(50));
    let queue = platform.load("listen", &[&format!("bad-{}", uuid::Uuid::new_v4())]);
    let run_id: u32 = rand::random();
    let began = Instant::now();
    let (tally, customers) = block_on(async {
        let site = platform.site();
        // Not all at once: each would start functions of its own.
        let worlds = futures::stream::iter(0..workers).map(|_| World::new(&site, route)).buffered(4);
        let worlds: Vec<World> = worlds.collect().await;
        let customers: Vec<String> = worlds.iter().map(|world| world.customer.clone()).collect();
        let each = count.div_ceil(workers);
        // A worker has a customer of its own: two steps of one customer at once are another test's.
        let work = worlds
            .iter()
            .enumerate()
            .map(|(worker, world)| work(route, world, &address, (seed, run_id, u32::try_from(worker).unwrap()), each));
        let tallies = futures::future::join_all(work).await;
        (tallies.into_iter().fold(Tally::default(), Tally::and), customers)
    });
    let took = began.elapsed();
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{route:?}: {} in {took:.1?}, seed {seed}: {:?}", tally.sent, tally.statuses);
    drop(out);
    let mut problems = tally.problems;
    let left = Left { queue: queue.as_str().unwrap(), run: format!("1-{run_id:08x}-"), customers };
    problems.extend(afterwards(platform, &left, &tally.refused));
    let shown: String = problems.iter().take(10).fold(String::new(), |mut text, problem| {
        let _ = writeln!(text, "- {problem}");
        text
    });
    assert!(problems.is_empty(), "{} of {} with ONBOARDCTL_TEST_SEED={seed}:\n{shown}", problems.len(), tally.sent);
}

/// What came of the requests of one worker, or of all.
#[derive(Default)]
struct Tally {
    sent: usize,
    /// How often each status was answered; 0 is a connection that ended.
    statuses: BTreeMap<u16, usize>,
    /// Trace ids of the requests that were refused for what they are: each is an event.
    refused: Vec<String>,
    problems: Vec<String>,
}

impl Tally {
    fn and(mut self, other: Self) -> Self {
        self.sent += other.sent;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.refused.extend(other.refused);
        self.problems.extend(other.problems);
        self
    }
}

async fn work(
    route: Route,
    world: &World,
    address: &str,
    (seed, run_id, worker): (u64, u32, u32),
    count: usize,
) -> Tally {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..12].copy_from_slice(&worker.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let strategy = cases::cases(route, world, today);
    let mut tally = Tally::default();
    for number in 0..count {
        let mut case = strategy.new_tree(&mut runner).expect("a request can be generated").current();
        let trace = format!("1-{run_id:08x}-{worker:08x}{number:016x}");
        case.sent.headers.push(("x-amzn-trace-id", format!("Root={trace}").into_bytes()));
        let answered = case.sent.send(address).await;
        tally.sent += 1;
        let status = if let Answered::Whole { status, .. } = &answered { *status } else { 0 };
        *tally.statuses.entry(status).or_default() += 1;
        match judge(route, &case, &answered).and_then(|()| written_down(route, &case, status)) {
            Err(problem) => tally.problems.push(format!("{worker}/{number}: {problem}\n  {}", shown(&case, &answered))),
            Ok(()) if matches!(status, 400 | 413 | 415) && is_refusal(&answered) => tally.refused.push(trace),
            Ok(()) => {}
        }
        if tally.problems.len() >= 10 {
            break;
        }
    }
    tally
}

/// By what the traces of one run's requests are found.
struct Left<'a> {
    /// What listens to both SNS topics.
    queue: &'a str,
    /// How their trace ids begin.
    run: String,
    customers: Vec<String>,
}

/// What the requests must have left: an event for each that was refused for what it is, no mail, no message to anybody
/// about them, and no function that panicked or failed.
fn afterwards(platform: &Platform, left: &Left, refused: &[String]) -> Vec<String> {
    let until = Instant::now() + SETTLES_WITHIN;
    let mut problems = Vec::new();
    loop {
        let stored = platform.load("refusals", &[]);
        let count = |trace: &String| stored[trace.as_str()].as_u64().unwrap_or_default();
        let missing = refused.iter().filter(|trace| count(trace) == 0).count();
        if missing == 0 {
            let twice = refused.iter().filter(|trace| count(trace) > 1).count();
            problems.extend((twice > 0).then(|| format!("{twice} refusals are stored twice")));
            break;
        }
        if Instant::now() > until {
            problems.push(format!("{missing} of {} refusals are not stored after {SETTLES_WITHIN:?}", refused.len()));
            break;
        }
        // Each look reads the whole table.
        std::thread::sleep(Duration::from_secs(2) + Duration::from_millis(refused.len() as u64));
    }
    let told = platform.load("messages", &[left.queue]);
    for message in told.as_array().unwrap() {
        let of_run = message["traceId"].as_str().is_some_and(|trace| trace.starts_with(&left.run));
        let of_customer = message["customerId"].as_str().is_some_and(|id| left.customers.iter().any(|own| own == id));
        // Operators hear of every submission: that is what an accepted one does.
        if (of_run || of_customer) && message["eventType"] != "USER_INFO_SUBMITTED" {
            problems.push(format!("a message to operators: {message}"));
        }
    }
    let mails = platform.load("mails", &[]);
    let to_us = mails.as_array().unwrap().iter().filter(|mail| mail.to_string().contains(world::DOMAIN));
    problems.extend(to_us.map(|mail| format!("a mail: {mail}")));
    let failures = platform.load("failures", &[&left.run]);
    problems.extend(failures.as_array().unwrap().iter().map(|line| format!("a function failed: {line}")));
    problems
}
