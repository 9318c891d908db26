//! Kafka clients built from a cluster and its secret. Everything here only reads: nothing joins a group, nothing is
//! committed, and every wait has an end.

mod access;
mod config;
pub mod explain;
mod reader;

pub use access::{Access, Credentials, bootstrap};
pub use config::client_config;
pub use reader::{Position, Reader, Record, Watermarks};
