//! The platform on this computer: real Kafka, the AWS APIs and the gateway, supervised on loopback.
//!
//! `start` fetches the parts once, then starts a supervisor process in a session of its own, which starts and restarts
//! the parts. Everything of one platform lives in one state folder, so several can run at once.

mod certificates;
mod executable;
mod faults;
mod files;
pub mod gateway;
mod hands;
mod holder;
mod kafka;
mod keeper;
mod layout;
mod logs;
mod ministack;
mod parts;
mod ports;
mod probe;
mod processes;
mod reap;
mod reset;
mod saved;
mod scram_users;
mod settings;
mod start;
mod state;
mod status;
mod stop;
mod supervisor;

pub use faults::{FaultClearReport, FaultReport, FaultsReport, add as add_fault, clear as clear_faults, faults};
pub use gateway::faults::{FaultView, spec as fault_spec};
pub use logs::{Logs, LogsReport, logs};
pub use reset::{ResetReport, reset};
pub use settings::LocalSettings;
pub use start::{Started, start};
pub use status::{PartReport, StatusReport, status};
pub use stop::{StopReport, stop};
pub use supervisor::supervise;
