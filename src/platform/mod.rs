//! The whole platform of an environment: its parts in their order, observed side by side, brought up one after another.
//!
//! `up` is nothing but the six steps for each part: stack, topics, lambdas. A run whose plans are all empty takes no
//! lock and sends nothing but reads.
//!
//! Deliberately absent: the platform on this computer. The commands start and stop it before and after.

mod down;
mod part;
mod removal;
mod report;
mod up;

pub use down::{DownPlan, Removal};
pub use part::Parts;
pub use report::{DownReport, PartReport, UpReport, Urls};
pub use up::{UpOptions, UpPlan, urls};
