//! The variables of functions: where their values come from, which of them are ours, and whether live traffic sees them.
//!
//! Deliberately absent: writing them. A variable is part of a function's desired state, so [`crate::functions`] sets it,
//! together with the code or (`env sync`) without.

mod outputs;
mod resolve;
mod status;
mod variables;

pub use outputs::Outputs;
pub use resolve::{Sources, resolve};
pub use status::{EnvDiffReport, EnvStatusReport, FunctionDiff, FunctionStatus, KeyDiff, Sides, diff, status};
pub use variables::{KeyState, MANAGED, Variables, check, compare, merge};
