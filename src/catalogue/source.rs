//! Where each value of the catalogue stands in its file, and how a mistake in it is told: file, line, column and
//! the nearest known name.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use toml::de::{DeTable, DeValue};

use crate::error::{Failure, codes};

/// A place in a file, counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One value as the file writes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where its key stands.
    pub key: Position,
    /// Where its value stands.
    pub value: Position,
    /// The value as text; absent for a table.
    pub text: Option<String>,
}

/// The file that a catalogue was parsed from, with the place of every key.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The file as it is named in messages: `platform.toml`, or the path that `--config` gave.
    pub file: String,
    /// Every key by its dotted path, for example `topics.kyc-verified.partitions`.
    pub entries: BTreeMap<String, Entry>,
}

/// One mistake in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The known name that is nearest to what was written.
    pub suggestion: Option<String>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.file, self.message)?,
            line => write!(formatter, "{}:{line}:{}: {}", self.file, self.column, self.message)?,
        }
        match &self.suggestion {
            Some(name) => write!(formatter, ", did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl Problem {
    /// All problems as one failure: the first is what happened, the others follow as evidence. `None` without any.
    pub fn failure(problems: &[Self]) -> Option<Failure> {
        let (first, others) = problems.split_first()?;
        let failure = Failure::new(&codes::CONFIG_INVALID, first.to_string());
        let failure = others.iter().fold(failure, |failure, problem| failure.why(problem.to_string()));
        Some(if first.file == super::parse::EMBEDDED_NAME {
            failure.fix("onboardctl config validate")
        } else {
            failure.fix(format!("onboardctl config validate --config {}", first.file))
        })
    }
}

impl Source {
    /// Notes the place of every key below `table`.
    pub(super) fn index(file: &str, text: &str, table: &DeTable<'_>) -> Self {
        let mut entries = BTreeMap::new();
        collect(text, table, "", &mut entries);
        Self { file: file.into(), entries }
    }

    /// Where `path` is written: `platform.toml:12`. The file alone if it is not written there.
    pub fn place(&self, path: &str) -> String {
        match self.entries.get(path) {
            Some(entry) => format!("{}:{}", self.file, entry.key.line),
            None => self.file.clone(),
        }
    }

    /// A problem with the value at `path`, or with the nearest table above it that the file writes.
    pub(super) fn problem(&self, path: &str, message: impl Into<String>) -> Problem {
        let mut at = path;
        loop {
            if let Some(entry) = self.entries.get(at) {
                let position = if entry.text.is_some() && at == path { entry.value } else { entry.key };
                return self.problem_at(position, message);
            }
            match at.rsplit_once('.') {
                Some((above, _)) => at = above,
                None => return self.problem_at(Position::default(), message),
            }
        }
    }

    /// A problem at a position.
    pub(super) fn problem_at(&self, position: Position, message: impl Into<String>) -> Problem {
        Problem {
            file: self.file.clone(),
            line: position.line,
            column: position.column,
            message: message.into(),
            suggestion: None,
        }
    }

    /// The path of the table that holds the key written at `position`.
    pub(super) fn table_of_key(&self, position: Position) -> Option<&str> {
        let (path, _) = self.entries.iter().find(|(_, entry)| entry.key == position)?;
        path.rsplit_once('.').map(|(table, _)| table)
    }
}

fn collect(text: &str, table: &DeTable<'_>, above: &str, entries: &mut BTreeMap<String, Entry>) {
    for (key, value) in table {
        let path = if above.is_empty() { key.get_ref().to_string() } else { format!("{above}.{}", key.get_ref()) };
        let entry = Entry {
            key: position(text, &key.span()),
            value: position(text, &value.span()),
            text: (!value.get_ref().is_table()).then(|| written(value.get_ref())),
        };
        entries.insert(path.clone(), entry);
        if let Some(inner) = value.get_ref().as_table() {
            collect(text, inner, &path, entries);
        }
    }
}

fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(value) => value.to_string(),
        DeValue::Array(values) => values.iter().map(|value| written(value.get_ref())).collect::<Vec<_>>().join(", "),
        DeValue::Table(_) => String::new(),
    }
}

/// The position of a byte range's start.
pub(super) fn position(text: &str, span: &Range<usize>) -> Position {
    let before = text.get(..span.start.min(text.len())).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// The known name nearest to what was written, when one is near enough to be meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let limit = (written.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ä = 1\nkey = 2\n";
        assert_eq!(position(text, &(0..1)), Position { line: 1, column: 1 });
        assert_eq!(position(text, &(5..6)), Position { line: 1, column: 5 });
        assert_eq!(position(text, &(7..8)), Position { line: 2, column: 1 });
    }

    #[test]
    fn nearest_names_only_what_is_near() {
        for (written, expected) in [
            ("partition", Some("partitions")),
            ("retentoin", Some("retention")),
            ("EVENT", Some("event")),
            ("colour", None),
        ] {
            assert_eq!(nearest(written, ["partitions", "retention", "event"]).as_deref(), expected, "{written}");
        }
    }
}
