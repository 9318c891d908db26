//! Tile 5, second half: the customer chooses one of the recommended policies, which completes the application.
//!
//! Deliberately absent: a contract. What follows the choice is the insurer's business and begins with the event.
//!
//! # Permissions
//! Beside what every producer needs: `dynamodb:GetItem` and `UpdateItem` on the applications, `GetItem` on the policy
//! recommendations.

pub mod function;
mod handler;
