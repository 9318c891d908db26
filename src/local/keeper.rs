//! Keeps one part running: starts it, waits until it answers, starts it again when it ends, says so.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use sysinfo::Signal;
use tokio::process::{Child, Command};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::layout::Layout;
use super::processes::{self, Identity};
use super::reap;
use super::supervisor::Board;
use crate::error::{Failure, codes};

/// A program that is kept running.
pub trait Part {
    /// Its name in state, status and logs.
    fn name(&self) -> &'static str;
    /// How it is started. Standard streams and marks are added.
    fn command(&self) -> anyhow::Result<Command>;
    /// Whether it answers.
    fn answers(&self) -> impl Future<Output = bool>;
}

/// The first pause before a part is started again; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A part that ran this long begins with the first pause again.
const SETTLED: Duration = Duration::from_secs(30);
/// A part that ends this often without ever having answered is not going to.
const HOPELESS: u32 = 3;
/// A log that is larger when a part is started becomes `….log.1`.
const LARGEST_LOG: u64 = 32 << 20;
/// How often a part is asked whether it answers.
const ASK_EVERY: Duration = Duration::from_millis(25);

/// Keeps a part running until it is cancelled, then ends it.
///
/// Runs on the supervisor's main thread: on Linux a child is told of the end of the thread that started it.
pub async fn keep(part: &impl Part, layout: &Layout, board: &Board, cancel: &CancellationToken) -> anyhow::Result<()> {
    let name = part.name();
    let (mut pause, mut early_ends, mut answered) = (FIRST_PAUSE, 0, false);
    loop {
        let begun = Instant::now();
        let mut child = spawn(part, layout, board)?;
        // Waiting for a child closes its input, which would tell it that we have ended.
        let input = child.stdin.take();
        let ended = tokio::select! {
            () = cancel.cancelled() => None,
            status = child.wait() => Some(status?),
            () = until_it_answers(part) => {
                answered = true;
                board.ready(name)?;
                tokio::select! {
                    () = cancel.cancelled() => None,
                    status = child.wait() => Some(status?),
                }
            }
        };
        let Some(status) = ended else {
            let _input = input;
            return end(name, &mut child, board).await;
        };
        drop(input);
        early_ends = if answered { 0 } else { early_ends + 1 };
        let how = describe(status);
        board.ended(name, &how, early_ends < HOPELESS)?;
        reap::kill_marked(board.platform(), Some(name), &[]).await;
        if early_ends >= HOPELESS {
            return Err(hopeless(name, &how, layout).into());
        }
        pause = if begun.elapsed() > SETTLED { FIRST_PAUSE } else { pause };
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn spawn(part: &impl Part, layout: &Layout, board: &Board) -> anyhow::Result<Child> {
    let name = part.name();
    let path = layout.log(name);
    if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LARGEST_LOG) {
        std::fs::rename(&path, path.with_extension("log.1"))?;
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    let mut command = part.command()?;
    command
        .env(processes::MARK, board.platform())
        .env(processes::PART_MARK, name)
        // Ours for as long as we live: that it closes is how a child learns of our end.
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0);
    let child = command.spawn().with_context(|| format!("{name} cannot be started"))?;
    board.started(name, child.id().and_then(Identity::of))?;
    Ok(child)
}

async fn until_it_answers(part: &impl Part) {
    while !part.answers().await {
        tokio::time::sleep(ASK_EVERY).await;
    }
}

/// Asks a part to end, and makes it end when it does not.
async fn end(name: &str, child: &mut Child, board: &Board) -> anyhow::Result<()> {
    if let Some(process) = child.id().and_then(Identity::of) {
        process.signal(Signal::Term);
    }
    let how = if let Ok(status) = tokio::time::timeout(reap::GRACE, child.wait()).await {
        describe(status?)
    } else {
        child.kill().await?;
        "killed, because it did not end when it was asked to".to_owned()
    };
    reap::kill_marked(board.platform(), Some(name), &[]).await;
    board.stopped(name, &how)
}

fn describe(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("killed by signal {signal}"),
        (None, Some(code)) => format!("ended with code {code}"),
        (None, None) => "ended".to_owned(),
    }
}

fn hopeless(name: &str, how: &str, layout: &Layout) -> Failure {
    let log = layout.log(name);
    let failure = Failure::new(&codes::LOCAL_PART, format!("{name} does not start")).why(how);
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    if let Err(full) = super::files::expect_space(layout.root()) {
        return full.why(format!("{name} {how}"));
    }
    if text.contains("No space left on device") {
        return super::files::disk_full(layout.root(), &format!("{name} said so in {}", log.display()));
    }
    let last: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).rev().take(5).collect();
    let failure = last.into_iter().rev().fold(failure, Failure::why);
    failure.fix(format!("onboardctl local logs {name}")).fix("onboardctl local reset")
}

/// When something happened, for the records.
pub fn now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_in_words() {
        assert_eq!(describe(ExitStatus::from_raw(9)), "killed by signal 9");
        assert_eq!(describe(ExitStatus::from_raw(0x0100)), "ended with code 1");
    }
}
