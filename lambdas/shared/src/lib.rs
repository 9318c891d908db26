//! What the functions and the command line agree on: names, environment keys, events, rows of the tables, sessions,
//! HTTP answers, and the one outbox relay.
//!
//! Deliberately absent: anything about deploying, and any question of what stands behind the AWS endpoint.

pub mod afterwards;
pub mod api;
pub mod aws;
pub mod data_file;
pub mod events;
pub mod http;
pub mod idempotency;
pub mod interface;
pub mod keys;
pub mod log;
pub mod names;
pub mod outbox;
pub mod producer;
pub mod progress;
pub mod runtime;
pub mod sessions;
pub mod tables;
pub mod time;
pub mod trace;
pub mod transaction;
pub mod websocket;
