//! What policies pay for, and what a customer needs.

pub use shared::api::Coverage;
