//! `onboardctl` deploys and operates the OnboardAI platform. See `ARCHITECTURE.md` for the rooms and the arrows.

pub mod aws;
pub mod catalogue;
pub mod cli;
pub mod commands;
pub mod context;
pub mod environment;
pub mod error;
pub mod exit;
pub mod functions;
pub mod kafka;
pub mod local;
pub mod output;
pub mod platform;
pub mod progress;
pub mod release;
pub mod stack;
pub mod status;
pub mod topics;
pub mod verify;

pub use cli::run;
