//! `onboardctl local supervise`: what `start` starts. It needs no catalogue and no settings, and it takes the time that
//! an orderly end takes, so it has a runtime and signals of its own.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::local;

/// Keeps a platform running.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The platform's folder.
    folder: PathBuf,
    /// Ends when standard input closes.
    #[arg(long)]
    until_stdin_closes: bool,
}

/// Runs the command.
///
/// # Errors
/// A part does not start, or the folder is not one that `start` prepared.
pub fn run(args: &Args) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(async {
        let cancel = CancellationToken::new();
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        // A terminal that closes must not take the platform along.
        let mut hangup = signal(SignalKind::hangup())?;
        let asked = cancel.clone();
        tokio::spawn(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            asked.cancel();
        });
        tokio::spawn(async move { while hangup.recv().await.is_some() {} });
        local::supervise(&args.folder, args.until_stdin_closes, &cancel).await
    });
    // A blocking read of standard input must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(100));
    ended.map(|()| Exit::Done)
}
