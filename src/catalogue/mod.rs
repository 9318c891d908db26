//! The catalogue (`platform.toml`): parsed, validated with position and suggestion, read-only afterwards.
//!
//! [`Catalogue::load`] gives the whole of it, [`Catalogue::environment`] the chosen environment with everything laid
//! over it, [`names`] the physical names, [`settings`] values with their origin.

pub mod environment;
pub mod names;
pub mod parse;
pub mod report;
pub mod settings;
pub mod source;
pub mod templates;
pub mod types;
mod validate;

pub use environment::{Environment, Overrides};
pub use names::{Bucket, Instance, KafkaUser};
pub use settings::{Origin, Resolved, UserFile};
pub use source::Problem;
pub use types::*;

/// The environment of a command that names none: this computer's, so that nothing reaches AWS unless it is said.
pub const DEFAULT_ENVIRONMENT: &str = "local";
