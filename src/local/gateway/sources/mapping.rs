//! One mapping.
use serde::{Deserialize, Serialize};
/// x
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Mapping {}
