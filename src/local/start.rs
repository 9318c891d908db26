//! `local start`: from whatever is there to a platform that answers.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::Timestamp;
use process_wrap::tokio::{ChildWrapper, CommandWrap, ProcessSession};
use schemars::JsonSchema;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::layout::Layout;
use super::ports::Ports;
use super::state::{self, Phase, Platform, Run};
use super::stop::{self, command_lock};
use super::{LocalSettings, executable, files, parts, processes, reap};
use crate::error::{Failure, codes};
use crate::progress::Events;

/// What `local start` did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Started {
    /// Whether anything was started.
    pub changed: bool,
    /// How long it took.
    pub duration_ms: u64,
    /// The AWS endpoint.
    pub aws_endpoint: String,
    /// Where site, API and WebSocket are served.
    pub site: String,
    /// The broker.
    pub kafka: String,
    /// The platform's folder.
    pub state_dir: String,
    /// The AWS APIs ended without saving since anybody was told: their state is as it was at this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub aws_state_as_of: Option<Timestamp>,
}

/// How long a platform may take until it answers; the parts are there by then.
const PATIENCE: Duration = Duration::from_mins(2);

/// Starts the platform, or finds it running.
///
/// # Errors
/// `E-LOCAL-…`: see `onboardctl explain`.
pub async fn start(settings: &LocalSettings, events: &Events, cancel: &CancellationToken) -> anyhow::Result<Started> {
    let begun = Instant::now();
    let layout = Layout::of(&settings.state_dir);
    layout.create()?;
    // Also of a platform that runs: its parts end one by one on a full disk.
    files::expect_space(layout.root())?;
    let _lock = command_lock(&layout, cancel).await?;
    let build = state::build()?;
    let earlier = state::read_run(&layout)?;
    let running = earlier.as_ref().is_some_and(|run| {
        run.supervisor.alive() && run.build == build && !matches!(run.phase, Phase::Failed | Phase::Stopping)
    });
    let changed = !running || settings.choose_ports;
    let mut unclean = None;
    if changed {
        unclean = clear(&layout, earlier.as_ref(), &build, events).await?;
        launch(settings, &layout, events, cancel).await?;
    } else {
        wait_until_ready(&layout, events, cancel, None).await?;
    }
    let platform = state::read_platform(&layout)?.context("the platform's file is gone")?;
    let connection = platform.connection(&layout);
    if !layout.connection().is_file() {
        files::write_json(&layout.connection(), &connection)?;
    }
    let aws_state_as_of = tell_loss(&layout, unclean, changed, events)?;
    Ok(Started {
        changed,
        duration_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        aws_endpoint: connection.endpoint,
        site: connection.site,
        kafka: format!("127.0.0.1:{}", platform.ports.kafka),
        state_dir: layout.root().display().to_string(),
        aws_state_as_of,
    })
}

/// Ends what runs with another build, and what an earlier run left behind. The answer is as of when the state of the
/// AWS APIs is, when that earlier run did not end orderly.
async fn clear(
    layout: &Layout,
    earlier: Option<&Run>,
    build: &str,
    events: &Events,
) -> anyhow::Result<Option<Timestamp>> {
    let Some(platform) = state::read_platform(layout)? else { return Ok(None) };
    if let Some(run) = earlier.filter(|run| run.supervisor.alive()) {
        if run.build != build {
            events.note("onboardctl was rebuilt since the platform was started: it is started again");
        }
        stop::end_supervisor(run).await;
    }
    let left = reap::reap(&platform, earlier).await;
    if left > 0 {
        events.note(format!("{left} processes of an earlier run were ended"));
    }
    // An orderly end removes the run's file, and a failed start wrote into it that it failed.
    let unclean = state::read_run(layout)?.filter(|run| run.phase != Phase::Failed);
    Ok(unclean.and_then(|run| state::unsaved_since(layout).or(run.state_as_of)))
}

/// Starts a supervisor and waits until everything answers.
async fn launch(
    settings: &LocalSettings,
    layout: &Layout,
    events: &Events,
    cancel: &CancellationToken,
) -> anyhow::Result<()> {
    let found = parts::ensure(settings, events, cancel).await?;
    let platform = match state::read_platform(layout)? {
        Some(platform) if settings.choose_ports => Platform { ports: Ports::choose()?, ..platform },
        Some(platform) => platform,
        None => Platform::new(settings, Ports::choose()?),
    };
    platform.ports.check()?;
    files::write_json(&layout.platform(), &platform)?;
    files::write_json(&layout.parts(), &found)?;
    files::remove(&layout.run())?;
    let mut supervisor = spawn(settings, layout)?;
    let waited = wait_until_ready(layout, events, cancel, Some(&mut *supervisor)).await;
    if waited.is_ok() {
        files::write_json(&layout.connection(), &platform.connection(layout))?;
    }
    waited
}

/// The supervisor in a session of its own: it outlives this command and its terminal.
fn spawn(settings: &LocalSettings, layout: &Layout) -> anyhow::Result<Box<dyn ChildWrapper>> {
    let path = layout.log("supervisor");
    let log = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let log = log.map_err(|error| files::disk(&error, &path).unwrap_or_else(|| files::unusable(&error, &path)))?;
    let executable = executable::path()?;
    let mut command = CommandWrap::with_new(&executable, |command| {
        command.args(["local", "supervise"]).arg(layout.root());
        if settings.until_stdin_closes {
            command.arg("--until-stdin-closes").stdin(Stdio::inherit());
        } else {
            command.stdin(Stdio::null());
        }
        // A variable that makes no sense to it must not keep it from starting.
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_str().is_some_and(|name| name.starts_with("ONBOARDCTL_"))) {
            command.env_remove(name);
        }
        command.env_remove(processes::MARK).current_dir(layout.root()).stdout(Stdio::null()).stderr(log);
    });
    command.wrap(ProcessSession);
    command.spawn().map_err(|error| executable::gone(&executable, &error).into())
}

/// Waits until everything answers, or it is clear that it will not.
async fn wait_until_ready(
    layout: &Layout,
    events: &Events,
    cancel: &CancellationToken,
    mut supervisor: Option<&mut dyn ChildWrapper>,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut told: Vec<String> = Vec::new();
    loop {
        let ended = supervisor.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
        let run = state::read_run(layout)?;
        if let Some(run) = &run {
            for part in run.parts.iter().filter(|part| part.ready) {
                if !told.contains(&part.name) {
                    told.push(part.name.clone());
                    events.item("local", &part.name, "ready", true);
                }
            }
            match run.phase {
                Phase::Ready => return Ok(()),
                Phase::Failed => return Err(failure_of(run, layout).into()),
                Phase::Starting | Phase::Stopping => {}
            }
        }
        let gone = ended || (supervisor.is_none() && run.is_none_or(|run| !run.supervisor.alive()));
        if gone {
            return Err(not_started(layout).into());
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new(&codes::LOCAL_SLOW, "the platform does not answer yet")
                .why(format!("waited {} s", PATIENCE.as_secs()))
                .fix("onboardctl local status")
                .into());
        }
        tokio::select! {
            () = cancel.cancelled() => {
                let failure = Failure::new(&codes::INTERRUPTED, "interrupted while the platform starts");
                return Err(failure.why("the supervisor goes on without us").fix("onboardctl local status").into());
            }
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
}

/// Makes a failure of what the supervisor wrote.
fn failure_of(run: &Run, layout: &Layout) -> Failure {
    let text = run.failure.as_deref().unwrap_or_default();
    let Ok(document) = serde_json::from_str::<serde_json::Value>(text) else { return not_started(layout) };
    let code = codes::ALL.iter().find(|code| Some(code.id) == document["code"].as_str());
    let what = document["what"].as_str().unwrap_or("the platform could not be started");
    let mut failure = Failure::new(code.copied().unwrap_or(&codes::LOCAL_PART), what);
    let texts = |key: &str| {
        let list = document[key].as_array().cloned().unwrap_or_default();
        list.into_iter().filter_map(|text| text.as_str().map(String::from)).collect::<Vec<_>>()
    };
    failure.why = texts("why");
    failure.fix = texts("fix");
    failure
}

fn not_started(layout: &Layout) -> Failure {
    // On a full disk the supervisor cannot leave its reason behind.
    if let Err(full) = files::expect_space(layout.root()) {
        return full;
    }
    let log = std::fs::read_to_string(layout.log("supervisor")).unwrap_or_default();
    let last: Vec<&str> = log.lines().rev().take(3).collect();
    let failure = Failure::new(&codes::LOCAL_PART, "the supervisor ended before the platform answered");
    last.into_iter().rev().fold(failure, Failure::why).fix("onboardctl local logs supervisor")
}

/// Says once that the AWS APIs lost what they had not saved: in an earlier run, or in this one.
fn tell_loss(
    layout: &Layout,
    unclean: Option<Timestamp>,
    changed: bool,
    events: &Events,
) -> anyhow::Result<Option<Timestamp>> {
    let during_run = if changed { None } else { state::read_run(layout)?.and_then(|run| run.state_as_of) };
    let Some(as_of) = unclean.or(during_run) else { return Ok(None) };
    if files::read_json::<Timestamp>(&layout.told())? == Some(as_of) {
        return Ok(None);
    }
    files::write_json(&layout.told(), &as_of)?;
    events.warn(format!(
        "the AWS APIs ended without saving: AWS state as of {as_of}; `onboardctl up` mends what is missing"
    ));
    Ok(Some(as_of))
}
