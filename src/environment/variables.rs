//! Whose a variable is. `UpdateFunctionConfiguration` replaces the whole map (`aws-facts.md`, section 3), so what
//! others set has to be read and written back, and what we set earlier has to be known to be taken away again.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Failure, codes};

/// Variables by key.
pub type Variables = BTreeMap<String, String>;

/// The variable that records which keys are ours. It travels with the map it describes: it is written by the same call
/// and published with the same version, so the record can never disagree with what it records.
pub const MANAGED: &str = "ONBOARDCTL_MANAGED";

/// Lambda's limit on all keys and values together (`aws-facts.md`, section 3).
const LIMIT_BYTES: usize = 4096;

/// A key's state on the side that is compared with what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// As wanted.
    Same,
    /// There with another value.
    Changed,
    /// Wanted and not there.
    Missing,
    /// Not ours; kept.
    Foreign,
    /// Ours earlier and no longer wanted; taken away.
    Stale,
}

/// What the map has to be: `wanted`, and what is not ours in `current`.
pub fn merge(wanted: &Variables, current: &Variables) -> Variables {
    let mut merged: Variables = current
        .iter()
        .filter(|(key, _)| matches!(state(key, wanted, current), KeyState::Foreign))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    merged.extend(wanted.clone());
    let keys: Vec<&str> = wanted.keys().map(String::as_str).collect();
    merged.insert(MANAGED.into(), keys.join(","));
    merged
}

/// Every key of either side with its state, sorted.
pub fn compare(wanted: &Variables, current: &Variables) -> Vec<(String, KeyState)> {
    let keys: BTreeSet<&String> = wanted.keys().chain(current.keys()).filter(|key| *key != MANAGED).collect();
    keys.into_iter().map(|key| (key.clone(), state(key, wanted, current))).collect()
}

fn state(key: &str, wanted: &Variables, current: &Variables) -> KeyState {
    match (wanted.get(key), current.get(key)) {
        (Some(wanted), Some(current)) if wanted == current => KeyState::Same,
        (Some(_), Some(_)) => KeyState::Changed,
        (Some(_), None) => KeyState::Missing,
        (None, _) if is_managed(key, current) => KeyState::Stale,
        (None, _) => KeyState::Foreign,
    }
}

fn is_managed(key: &str, current: &Variables) -> bool {
    key == MANAGED || current.get(MANAGED).is_some_and(|keys| keys.split(',').any(|managed| managed == key))
}

/// Refuses before the call what Lambda would refuse after it: too much, or a key that is Lambda's own.
pub fn check(function: &str, variables: &Variables) -> Result<(), Failure> {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Reserved environment variables".
    let reserved = |key: &&String| {
        key.starts_with("AWS_LAMBDA_")
            || key.starts_with("_X_AMZN_")
            || matches!(
                key.as_str(),
                "_HANDLER"
                    | "AWS_DEFAULT_REGION"
                    | "AWS_REGION"
                    | "AWS_EXECUTION_ENV"
                    | "AWS_ACCESS_KEY"
                    | "AWS_ACCESS_KEY_ID"
                    | "AWS_SECRET_ACCESS_KEY"
                    | "AWS_SESSION_TOKEN"
                    | "LAMBDA_TASK_ROOT"
                    | "LAMBDA_RUNTIME_DIR"
            )
    };
    if let Some(key) = variables.keys().find(reserved) {
        return Err(Failure::new(&codes::VARIABLES_REFUSED, format!("{function} cannot have the variable {key}"))
            .why("the name is reserved by Lambda"));
    }
    let bytes: usize = variables.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > LIMIT_BYTES {
        return Err(Failure::new(&codes::VARIABLES_REFUSED, format!("{function} has {bytes} bytes of variables"))
            .why(format!("Lambda takes {LIMIT_BYTES}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn foreign_keys_stay_and_ours_go_when_they_are_no_longer_wanted() {
        let current = map(&[("A", "1"), ("OLD", "2"), ("THEIRS", "3"), (MANAGED, "A,OLD")]);
        let wanted = map(&[("A", "9"), ("B", "8")]);
        assert_eq!(merge(&wanted, &current), map(&[("A", "9"), ("B", "8"), ("THEIRS", "3"), (MANAGED, "A,B")]));
        let states = compare(&wanted, &current);
        let expected = [
            ("A", KeyState::Changed),
            ("B", KeyState::Missing),
            ("OLD", KeyState::Stale),
            ("THEIRS", KeyState::Foreign),
        ];
        assert_eq!(states, expected.map(|(key, state)| (key.to_owned(), state)));
    }

    #[test]
    fn merging_twice_changes_nothing() {
        let wanted = map(&[("A", "1"), ("EMPTY", "")]);
        let once = merge(&wanted, &map(&[("THEIRS", "3")]));
        assert_eq!(merge(&wanted, &once), once);
        assert!(compare(&wanted, &once).iter().all(|(key, state)| *state == KeyState::Same || key == "THEIRS"));
    }

    #[test]
    fn what_lambda_would_refuse_is_refused_before_the_call() {
        assert!(check("f", &map(&[("A", "1")])).is_ok());
        assert!(check("f", &map(&[("AWS_REGION", "x")])).is_err());
        assert!(check("f", &map(&[("A", &"x".repeat(4096))])).is_err());
    }
}
