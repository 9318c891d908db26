//! `onboardctl` deploys and operates the OnboardAI platform. See `ARCHITECTURE.md` for the rooms and the arrows.

pub mod aws;
pub mod catalogue;
pub mod context;
pub mod error;
pub mod exit;
pub mod kafka;
pub mod local;
pub mod progress;

/// Runs one command line and says how it ended.
pub fn run(_arguments: impl IntoIterator<Item = std::ffi::OsString>) -> std::process::ExitCode {
    exit::Exit::Usage.into()
}
