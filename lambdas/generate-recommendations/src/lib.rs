//! Tile 5, first half: which policies fit a customer, why, and what they cost.
//!
//! From age, KYC, country and preferences comes a risk profile, from these a list of needs; what nothing covers yet is a
//! gap. Every policy of the catalogue (`data/policies.toml`) that the customer may take gets an adjusted price and a fit
//! ([`recommend`] says how, and what always holds); the best five are offered. The same input always gives the same answer.
//!
//! Deliberately absent: the preferences in any event or log, and in the tables too: what follows from them is kept.
//!
//! # Permissions
//! Beside what every producer needs: `dynamodb:GetItem` and `UpdateItem` on the applications, `PutItem` on the policy
//! recommendations. The date of birth is read with the producers' `GetItem` on the users.

pub mod catalogue;
pub mod coverage;
pub mod function;
mod handler;
pub mod money;
pub mod needs;
pub mod preferences;
pub mod profile;
pub mod recommend;
