//! Proves the platform end to end: a customer is submitted through the edge, and each station is looked at with its time.
//!
//! It needs what operators have: the site's address, reading and deleting rows of the data tables, a temporary queue
//! on the topics that people hear from, the topics' records, the functions' logs. Every run has customers and a queue of its own, so two
//! runs never meet; what a killed run left behind is found by its queue's tags and removed by the next one.
//!
//! Deliberately absent: load (that is `verify bench`) and repair (that is `doctor`).

mod cleanup;
mod denied;
mod handled;
mod journey;
mod negative;
mod notices;
mod record;
mod report;
mod review;
mod run;
mod site;
mod socket;
mod sockets;
mod stations;
mod tables;
mod wait;

pub use report::{Step, StepResult, VerifyReport};
pub use run::run;
