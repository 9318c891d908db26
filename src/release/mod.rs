//! Who changed what, and that only one does at a time: the environment's lock and its ledger.
//!
//! Both live in the releases table of the bootstrap stack (`kind`, `id`). A run that changes something goes through
//! [`run::guarded`]: it takes the lock, writes its row as `running`, works, completes the row and gives the lock back.
//! A run that is killed leaves the row behind; it reads as `interrupted` as soon as its lock is no longer alive.
//!
//! Deliberately absent: personal data and values of variables. Rows hold names, versions and hashes.

pub mod history;
pub mod keeper;
pub mod ledger;
pub mod lock;
pub mod origin;
pub mod run;
pub mod snapshot;
pub mod unlock;

pub use keeper::Lease;
pub use ledger::{Outcome, ReleaseRow};
pub use run::{Ended, guarded, guarded_as};
