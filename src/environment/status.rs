//! What live traffic sees of the variables: `env diff` and `env status`. Values show as tokens, so that equal ones can
//! be told from different ones and nothing is revealed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{KeyState, Variables, compare};

/// `env diff`: what is wanted against what alias `live` serves.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EnvDiffReport {
    /// Functions, sorted.
    pub functions: Vec<FunctionDiff>,
}

/// One function's variables.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FunctionDiff {
    /// The physical name.
    pub function: String,
    /// The version that alias `live` names; absent: nothing is live.
    pub live_version: Option<String>,
    /// Its keys, sorted.
    pub keys: Vec<KeyDiff>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyDiff {
    /// The variable's name.
    pub key: String,
    /// Its state behind the alias.
    pub state: KeyState,
    /// Stands for the wanted value; equal values have equal tokens within one report.
    pub wanted: Option<String>,
    /// Stands for the value that live traffic sees.
    pub live: Option<String>,
}

/// `env status`: which functions serve variables that are behind their source.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EnvStatusReport {
    /// Functions, sorted.
    pub functions: Vec<FunctionStatus>,
    /// How many are behind.
    pub behind: usize,
}

/// One function.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FunctionStatus {
    /// The physical name.
    pub function: String,
    /// The version that alias `live` names; absent: nothing is live.
    pub live_version: Option<String>,
    /// Keys that live traffic does not see as they are wanted.
    pub behind: Vec<String>,
    /// Keys that were set on `$LATEST` and never published.
    pub unpublished: Vec<String>,
}

/// What is compared for one function.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// The physical name.
    pub function: String,
    /// What the catalogue wants.
    pub wanted: Variables,
    /// Version and variables behind alias `live`.
    pub live: Option<(String, Variables)>,
    /// Variables of `$LATEST`.
    pub latest: Option<Variables>,
}

/// The report of `env diff`.
pub fn diff(sides: &[Sides]) -> EnvDiffReport {
    let mut tokens = Tokens::default();
    let nothing = Variables::new();
    let functions = sides.iter().map(|side| {
        let live = side.live.as_ref().map_or(&nothing, |(_, variables)| variables);
        let keys = compare(&side.wanted, live).into_iter().map(|(key, state)| KeyDiff {
            wanted: side.wanted.get(&key).map(|value| tokens.of(value)),
            live: live.get(&key).map(|value| tokens.of(value)),
            key,
            state,
        });
        FunctionDiff {
            function: side.function.clone(),
            keys: keys.collect(),
            live_version: side.live.as_ref().map(|(version, _)| version.clone()),
        }
    });
    EnvDiffReport { functions: functions.collect() }
}

/// The report of `env status`.
pub fn status(sides: &[Sides]) -> EnvStatusReport {
    let nothing = Variables::new();
    let functions: Vec<_> = sides
        .iter()
        .map(|side| {
            let live = side.live.as_ref().map_or(&nothing, |(_, variables)| variables);
            let behind = compare(&side.wanted, live)
                .into_iter()
                .filter(|(_, state)| !matches!(state, KeyState::Same | KeyState::Foreign))
                .map(|(key, _)| key);
            let latest = side.latest.as_ref().unwrap_or(live);
            let unpublished = compare(latest, live).into_iter().filter(|(_, state)| *state != KeyState::Same);
            FunctionStatus {
                function: side.function.clone(),
                live_version: side.live.as_ref().map(|(version, _)| version.clone()),
                behind: behind.collect(),
                unpublished: unpublished.map(|(key, _)| key).collect(),
            }
        })
        .collect();
    let behind = functions.iter().filter(|function| !function.behind.is_empty()).count();
    EnvStatusReport { functions, behind }
}

/// Numbers values in the order in which they are met.
#[derive(Default)]
struct Tokens<'a>(BTreeMap<&'a str, usize>);

impl<'a> Tokens<'a> {
    fn of(&mut self, value: &'a str) -> String {
        let next = self.0.len() + 1;
        format!("#{}", self.0.entry(value).or_insert(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn sides() -> Vec<Sides> {
        vec![
            Sides {
                function: "one".into(),
                wanted: map(&[("A", "canary"), ("B", "other")]),
                live: Some(("3".into(), map(&[("A", "canary"), ("B", "canary")]))),
                latest: Some(map(&[("A", "canary"), ("B", "other")])),
            },
            Sides { function: "two".into(), wanted: map(&[("A", "canary")]), live: None, latest: None },
        ]
    }

    #[test]
    fn equal_values_have_equal_tokens_and_no_value_is_shown() {
        let report = diff(&sides());
        let first = &report.functions[0].keys;
        assert_eq!(first[0].wanted, first[0].live);
        assert_eq!((first[1].state, &first[1].live), (KeyState::Changed, &first[0].live));
        assert_eq!(report.functions[1].keys[0].state, KeyState::Missing);
        assert!(!serde_json::to_string(&report).unwrap().contains("canary"));
    }

    #[test]
    fn status_names_what_is_behind_and_what_was_never_published() {
        let report = status(&sides());
        assert_eq!(report.behind, 2);
        assert_eq!(
            (&report.functions[0].behind[..], &report.functions[0].unpublished[..]),
            (&["B".to_owned()][..], &["B".to_owned()][..])
        );
    }
}
