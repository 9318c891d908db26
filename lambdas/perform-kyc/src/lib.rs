//! Tile 4: five checks of who the customer is, and what follows from them.
//!
//! The checks are pure functions of what the customer declared, what was read from the documents, the data files
//! (`data/countries.toml`, `data/watchlist.toml`: invented names only) and the thresholds of the catalogue. Names are
//! compared by their Jaro-Winkler similarity after transliteration (`names`).
//!
//! Deliberately absent: a verdict by a person. A case that needs one goes to compliance with its event, and the customer
//! may bring better documents meanwhile.
//!
//! # Permissions
//! Beside what every producer needs: `dynamodb:GetItem` and `UpdateItem` on the applications, `UpdateItem` on the KYC
//! results. The customer's row is read with the producers' `GetItem` on the users.
//!
#![doc = include_str!("../DECISIONS.md")]

pub mod case;
pub mod checks;
pub mod countries;
pub mod decision;
pub mod function;
mod handler;
pub mod names;
pub mod spelling;
pub mod thresholds;
pub mod watchlist;
