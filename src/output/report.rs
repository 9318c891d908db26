//! What every command's answer can do.

use super::Screen;

/// A command's answer: data first, a table for people second.
pub trait Report: serde::Serialize + schemars::JsonSchema {
    /// The kind in the envelope's `schema`: `lambdas-deploy`, from `contracts.md`.
    const KIND: &'static str;

    /// The form for people.
    fn render(&self, screen: &mut Screen);
}
