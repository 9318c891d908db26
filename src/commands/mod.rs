//! One noun = one folder, one verb = one file; the path is what you type. A command parses, calls its noun and reports.

pub mod completions;
pub mod config;
pub mod confirm;
pub mod down;
pub mod env;
pub mod explain;
pub mod history;
pub mod lambdas;
pub mod local;
pub mod man;
pub mod schema;
pub mod stack;
pub mod status;
pub mod topics;
pub mod unlock;
pub mod up;
pub mod verify;
