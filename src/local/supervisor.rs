//! The process that keeps a platform running. It writes what it knows into `run.json`, which every command reads.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::gateway::{self, KafkaAccess, Options};
use super::hands::PlatformHands;
use super::kafka::Kafka;
use super::keeper::{keep, now};
use super::layout::Layout;
use super::ministack::Ministack;
use super::processes::Identity;
use super::scram_users::KafkaScramUsers;
use super::state::{self, PartRun, PartsFound, Phase, Platform, Run};
use super::{files, kafka, ministack, ports};
use crate::error::{Failure, codes};
use crate::progress::{Event, Events};

/// What is known of a run: kept in memory, written to `run.json` at every change, told in the supervisor's log.
pub struct Board {
    layout: Layout,
    platform: String,
    run: Mutex<Run>,
}

impl Board {
    fn lock(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The platform's mark.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    fn change(&self, change: impl FnOnce(&mut Run)) -> anyhow::Result<()> {
        let mut run = self.lock();
        change(&mut run);
        let starting = matches!(run.phase, Phase::Starting | Phase::Ready);
        if starting {
            run.phase = if run.parts.iter().all(|part| part.ready) { Phase::Ready } else { Phase::Starting };
        }
        match files::write_json(&self.layout.run(), &*run) {
            // What runs goes on; the next change is written again.
            Err(error) if files::is_full(&error) => Ok(()),
            written => written,
        }
    }

    fn part(&self, name: &str, change: impl FnOnce(&mut PartRun)) -> anyhow::Result<()> {
        self.change(|run| {
            if let Some(part) = run.parts.iter_mut().find(|part| part.name == name) {
                change(part);
            }
        })
    }

    /// A part's process was started.
    pub fn started(&self, name: &str, process: Option<Identity>) -> anyhow::Result<()> {
        self.say(&format!("{name} started, pid {}", process.map_or(0, |process| process.pid)));
        self.part(name, |part| part.process = process)
    }

    /// A part answers.
    pub fn ready(&self, name: &str) -> anyhow::Result<()> {
        self.say(&format!("{name} answers"));
        self.part(name, |part| {
            part.ready = true;
            part.ready_at = Some(now());
        })
    }

    /// A part ended although nobody asked it to.
    pub fn ended(&self, name: &str, how: &str, again: bool) -> anyhow::Result<()> {
        self.say(&format!("{name} {how}{}", if again { "; it is started again" } else { "" }));
        let unsaved = if name == ministack::NAME { state::unsaved_since(&self.layout) } else { None };
        self.change(|run| run.state_as_of = unsaved.or(run.state_as_of))?;
        self.part(name, |part| {
            part.process = None;
            part.ready = false;
            part.last_end = Some(how.to_owned());
            part.restarts += u32::from(again);
        })
    }

    /// A part ended because it was asked to.
    pub fn stopped(&self, name: &str, how: &str) -> anyhow::Result<()> {
        self.say(&format!("{name} {how}"));
        self.part(name, |part| {
            part.process = None;
            part.ready = false;
        })
    }

    /// A line in the supervisor's log. A full disk must not end the platform, so that it cannot be written is ignored.
    fn say(&self, words: &str) {
        say(&self.layout, words);
    }
}

fn say(layout: &Layout, words: &str) {
    let log = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(layout.log("supervisor"));
    if let Ok(mut log) = log {
        drop(writeln!(log, "{} {words}", now()));
    }
}

/// Runs a platform until it is asked to end. Its parts were found, and its ports checked, by the command that starts it.
pub async fn supervise(state_dir: &Path, until_stdin_closes: bool, cancel: &CancellationToken) -> anyhow::Result<()> {
    let layout = Layout::of(state_dir);
    let lock = files::lock(&layout.supervisor_lock(), Duration::from_secs(2), cancel).await?;
    let _lock = lock.ok_or_else(|| Failure::new(&codes::LOCAL_BUSY, "this platform has a supervisor already"))?;
    let missing = || Failure::new(&codes::LOCAL_STATE, "a supervisor needs what `local start` prepares");
    let platform = state::read_platform(&layout)?.ok_or_else(missing)?;
    let parts: PartsFound = files::read_json(&layout.parts())?.ok_or_else(missing)?;
    let board = board(&layout, &platform)?;
    board.say("supervisor started");
    let stop = cancel.child_token();
    let watcher = tokio::spawn(watch(layout.clone(), platform.id.clone(), until_stdin_closes, stop.clone()));
    let result = run(&layout, &platform, &parts, &board, &stop).await;
    watcher.abort();
    match &result {
        Ok(()) => {
            board.say("supervisor ends");
            // The last sign that this end was orderly.
            files::remove(&layout.run())?;
        }
        Err(error) => {
            board.say(&format!("supervisor fails: {error:#}"));
            let failure = failure_text(error);
            board.change(|run| {
                run.phase = Phase::Failed;
                run.failure = Some(failure);
            })?;
        }
    }
    result
}

/// A failure in a form that the starting command can make a failure of again.
fn failure_text(error: &anyhow::Error) -> String {
    let document = match error.downcast_ref::<Failure>() {
        Some(failure) => {
            serde_json::json!({"code": failure.code.id, "what": failure.what, "why": failure.why, "fix": failure.fix})
        }
        None => serde_json::json!({"code": codes::LOCAL_PART.id, "what": format!("{error:#}")}),
    };
    document.to_string()
}

fn board(layout: &Layout, platform: &Platform) -> anyhow::Result<Board> {
    let part = |name: &str| PartRun {
        name: name.to_owned(),
        process: None,
        ready: false,
        restarts: 0,
        last_end: None,
        ready_at: None,
    };
    let run = Run {
        supervisor: Identity::own().context("this process cannot be seen")?,
        build: state::build()?,
        started_at: now(),
        phase: Phase::Starting,
        failure: None,
        parts: [kafka::NAME, ministack::NAME].map(part).into(),
        state_as_of: None,
    };
    files::write_json(&layout.run(), &run)?;
    Ok(Board { layout: layout.clone(), platform: platform.id.clone(), run: Mutex::new(run) })
}

async fn run(
    layout: &Layout,
    platform: &Platform,
    parts: &PartsFound,
    board: &Board,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let gateway = start_gateway(layout, platform, parts).await?;
    let broker = Kafka::new(layout, platform, parts);
    let aws = Ministack::new(layout, platform, parts);
    aws.prepare()?;
    // Ends together whatever ends first: a part that cannot run takes the others along.
    let ending = stop.child_token();
    let (ending, parts_end) = (&ending, CancellationToken::new());
    let gateway_end = async {
        ending.cancelled().await;
        // Calls under way are answered before those who answer them end.
        drop(tokio::time::timeout(Duration::from_secs(5), gateway.stop()).await);
        parts_end.cancel();
        anyhow::Ok(())
    };
    let broker_end = async {
        let result = match broker.prepare().await {
            Ok(()) => keep(&broker, layout, board, &parts_end).await,
            Err(error) => Err(error),
        };
        ending.cancel();
        result
    };
    let aws_end = async {
        let result = keep(&aws, layout, board, &parts_end).await;
        ending.cancel();
        result
    };
    let stopping = async {
        ending.cancelled().await;
        board.change(|run| run.phase = Phase::Stopping)
    };
    let (gateway, broker, aws, stopping) = tokio::join!(gateway_end, broker_end, aws_end, stopping);
    gateway.and(broker).and(aws).and(stopping)
}

async fn start_gateway(layout: &Layout, platform: &Platform, parts: &PartsFound) -> anyhow::Result<gateway::Running> {
    let log = layout.clone();
    let credentials = &platform.credentials;
    gateway::start(Options {
        aws_listener: listen("the AWS endpoint", platform.ports.endpoint).await?,
        edge_listener: listen("the edge", platform.ports.edge).await?,
        upstream: SocketAddr::from((Ipv4Addr::LOCALHOST, platform.ports.ministack)),
        region: platform.region.clone(),
        account: platform.account.clone(),
        cluster_arn: platform.cluster_arn.clone(),
        kafka: KafkaAccess {
            bootstrap: format!("127.0.0.1:{}", platform.ports.kafka),
            ca_pem: layout.certificate_authority(),
            admin_username: Platform::KAFKA_ADMIN.to_owned(),
            admin_password: platform.kafka_admin_password.clone(),
        },
        root_credentials: aws_credential_types::Credentials::new(
            &credentials.access_key_id,
            &credentials.secret_access_key,
            None,
            None,
            "onboardctl-local",
        ),
        state_file: layout.gateway_state(),
        aws_as_of: layout.aws_as_of(),
        scram: Arc::new(KafkaScramUsers::new(layout, platform, parts)),
        hands: Arc::new(PlatformHands::new(layout, platform)?),
        events: Events::to(move |event| tell(&log, &event)),
    })
    .await
}

/// What the gateway does on its own goes into the supervisor's log.
fn tell(layout: &Layout, event: &Event) {
    match event {
        Event::Warning { message } | Event::Note { message } => say(layout, &format!("gateway: {message}")),
        other => say(layout, &format!("gateway: {}", serde_json::to_string(other).unwrap_or_default())),
    }
}

async fn listen(what: &str, port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|_| ports::taken(what, port).into())
}

/// Asks the run to end when standard input closes (for tests), or when the state folder is gone or somebody else's.
async fn watch(layout: Layout, platform: String, until_stdin_closes: bool, stop: CancellationToken) {
    let input = async {
        if until_stdin_closes {
            let mut sink = tokio::io::sink();
            // Whatever happens to it, it does not give anything any more.
            drop(tokio::io::copy(&mut tokio::io::stdin(), &mut sink).await);
        } else {
            std::future::pending::<()>().await;
        }
    };
    let folder = async {
        let ours = || matches!(state::read_platform(&layout), Ok(Some(found)) if found.id == platform);
        while ours() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::select! {
        () = input => {}
        () = folder => {}
    }
    stop.cancel();
}

/// Whose logs there are.
pub const LOGS: [&str; 3] = ["supervisor", kafka::NAME, ministack::NAME];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_tells_when_everything_answers() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::of(folder.path());
        layout.create().unwrap();
        let settings = crate::local::settings::sample(folder.path());
        let platform = Platform::new(&settings, ports::Ports::choose().unwrap());
        let board = board(&layout, &platform).unwrap();
        let phase = || state::read_run(&layout).unwrap().unwrap().phase;
        board.ready(kafka::NAME).unwrap();
        assert_eq!(phase(), Phase::Starting);
        board.ready(ministack::NAME).unwrap();
        assert_eq!(phase(), Phase::Ready);
        board.ended(ministack::NAME, "killed by signal 9", true).unwrap();
        let run = state::read_run(&layout).unwrap().unwrap();
        assert_eq!((run.phase, run.parts[1].restarts), (Phase::Starting, 1));
        assert!(run.state_as_of.is_none(), "it never saved anything");
    }
}
