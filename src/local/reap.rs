//! Ends what a platform left behind: the recorded processes, and whatever carries its mark.

use std::time::{Duration, Instant};

use sysinfo::Signal;

use super::processes::{self, Identity};
use super::state::{Platform, Run};

/// How long an orderly end may take: ministack saves, Kafka closes its logs.
pub const GRACE: Duration = Duration::from_secs(10);

/// Waits until none of these runs any more, or the patience ends; the answer is who is left.
pub async fn wait_for_end(processes: &[Identity], patience: Duration) -> Vec<Identity> {
    let begun = Instant::now();
    loop {
        let left: Vec<_> = processes.iter().copied().filter(|process| process.alive()).collect();
        if left.is_empty() || begun.elapsed() >= patience {
            return left;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Ends everything of a platform but the caller itself; the answer is how many processes there were.
pub async fn reap(platform: &Platform, run: Option<&Run>) -> usize {
    let mut found = Vec::new();
    if let Some(run) = run {
        let parts = run.parts.iter().filter_map(|part| part.process);
        found.extend(parts.chain([run.supervisor]).filter(|process| process.alive()));
    }
    for process in processes::marked(&platform.id, None) {
        if !found.contains(&process) {
            found.push(process);
        }
    }
    found.retain(|process| process.pid != std::process::id());
    for process in &found {
        process.signal(Signal::Term);
        // One that a fault holds hears of it only when it goes on.
        process.signal(Signal::Continue);
    }
    wait_for_end(&found, GRACE).await;
    kill_marked(&platform.id, None, &found).await;
    found.len()
}

/// Kills what carries the mark, and these. Repeatedly: a dying process may have started another one.
pub async fn kill_marked(platform: &str, part: Option<&str>, also: &[Identity]) {
    for _ in 0..5 {
        let mut found = processes::marked(platform, part);
        found.extend(also.iter().copied().filter(|process| process.alive()));
        found.retain(|process| process.pid != std::process::id());
        if found.is_empty() {
            return;
        }
        for process in &found {
            process.signal(Signal::Kill);
        }
        wait_for_end(&found, Duration::from_secs(2)).await;
    }
}
