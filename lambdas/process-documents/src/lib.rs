//! Tiles 2 and 3: reads a customer's documents and says what they hold.

pub mod agents;
pub mod reader;
