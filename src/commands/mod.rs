//! One noun = one folder, one verb = one file; the path is what you type. A command parses, calls its noun and reports.

pub mod completions;
<<<<<<< HEAD
pub mod confirm;
=======
pub mod config;
>>>>>>> 5c388e9 (config: show with origins, validate with every mistake and its place)
pub mod explain;
pub mod history;
pub mod local;
pub mod man;
pub mod schema;
pub mod stack;
pub mod status;
pub mod unlock;
pub mod verify;
