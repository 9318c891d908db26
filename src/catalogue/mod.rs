//! The catalogue (`platform.toml`): parsed, validated with position and suggestion, read-only afterwards.

pub mod names;
pub mod types;

pub use types::*;
