//! Who calls: each function has an access key of its own, which its process holds in its environment.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Faults;
use super::spec::ROOT;

/// The most keys that are remembered: a new version of a function has a new one.
const MOST: usize = 1_000;

/// Functions by access key. A key stays one function's for good.
#[derive(Default)]
pub struct Callers(Mutex<HashMap<String, String>>);

impl Callers {
    fn known(&self, key: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn remember(&self, key: &str, function: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key.to_owned(), function.to_owned());
    }
}

impl Faults {
    /// Who holds this access key: a function, or root. A session of anybody else is nobody's that could be selected.
    pub async fn caller(&self, key: &str, root: &str) -> Option<String> {
        if key == root {
            return Some(ROOT.to_owned());
        }
        if let Some(function) = self.callers.known(key) {
            return Some(function);
        }
        let wanted = key.to_owned();
        let function = self.with_hands(move |hands| hands.function_with(&wanted)).await.ok().flatten()?;
        self.callers.remember(key, &function);
        Some(function)
    }
}
