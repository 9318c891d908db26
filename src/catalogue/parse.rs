//! From the text of `platform.toml` to a [`Catalogue`], or to problems with their place in the file.

use std::path::Path;

use toml::de::DeTable;

use super::source::{Position, Problem, Source, nearest, position};
use super::types::Catalogue;
use super::validate;
use crate::error::{Failure, codes};

/// The catalogue that is built into this executable.
const EMBEDDED: &str = include_str!("../../platform.toml");

/// What the built-in catalogue is called in messages and origins.
pub const EMBEDDED_NAME: &str = "platform.toml";

impl Catalogue {
    /// The file given by `--config`, or the catalogue that is built in. Fails with every problem found, each with
    /// file, line, column and the nearest known name.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let (name, text) = read(file)?;
        match check(&text, &name) {
            Ok(catalogue) => Ok(catalogue),
            Err(problems) => Err(refusal(&problems)),
        }
    }

    /// The catalogue that is built in.
    pub fn embedded() -> anyhow::Result<Self> {
        Self::load(None)
    }

    /// Parses and validates `text`; `file` is its name in messages.
    pub fn parse(text: &str, file: &str) -> anyhow::Result<Self> {
        check(text, file).map_err(|problems| refusal(&problems))
    }
}

/// The name and text of the file given by `--config`, or of the catalogue that is built in.
pub fn read(file: Option<&Path>) -> anyhow::Result<(String, String)> {
    let Some(path) = file else { return Ok((EMBEDDED_NAME.into(), EMBEDDED.into())) };
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(&codes::CONFIG_INVALID, format!("the catalogue {} could not be read", path.display()))
            .why(error.to_string())
    })?;
    Ok((path.display().to_string(), text))
}

/// Parses and validates; every problem that could be found at once.
pub fn check(text: &str, file: &str) -> Result<Catalogue, Vec<Problem>> {
    let table = DeTable::parse(text).map_err(|error| {
        let bare = Source { file: file.into(), ..Source::default() };
        vec![problem(&error, text, &bare)]
    })?;
    let source = Source::index(file, text, table.get_ref());
    let mut catalogue: Catalogue = toml::from_str(text).map_err(|error| vec![problem(&error, text, &source)])?;
    catalogue.source = source;
    match validate::problems(&catalogue) {
        problems if problems.is_empty() => Ok(catalogue),
        problems => Err(problems),
    }
}

fn refusal(problems: &[Problem]) -> anyhow::Error {
    match Problem::failure(problems) {
        Some(failure) => failure.into(),
        None => anyhow::anyhow!("a catalogue was refused without a problem"),
    }
}

/// Turns the parser's error into a problem: serde names what it expected, so the nearest of those is suggested.
pub(super) fn problem(error: &toml::de::Error, text: &str, source: &Source) -> Problem {
    let place = error.span().map_or(Position::default(), |span| position(text, &span));
    let message = error.message();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (noun, within) = if message.starts_with("unknown field") {
        ("key", source.table_of_key(place))
    } else if message.starts_with("unknown variant") {
        ("value", None)
    } else {
        return source.problem_at(place, message.trim_end_matches('\n'));
    };
    let Some((written, known)) = quoted.split_first() else {
        return source.problem_at(place, message);
    };
    let within = within.map(|table| format!(" in `{table}`")).unwrap_or_default();
    let suggestion = nearest(written, known.iter().copied());
    let list = if suggestion.is_some() { String::new() } else { format!("; known: {}", known.join(", ")) };
    Problem { suggestion, ..source.problem_at(place, format!("unknown {noun} `{written}`{within}{list}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The built-in text with one piece replaced, and what is said about it.
    fn messages(from: &str, to: &str) -> Vec<String> {
        assert!(EMBEDDED.contains(from), "the catalogue no longer has `{from}`");
        match check(&EMBEDDED.replacen(from, to, 1), "platform.toml") {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    /// Where `piece` stands in the built-in text.
    fn at(piece: &str, inside: usize) -> String {
        let index = EMBEDDED.find(piece).unwrap() + inside;
        let Position { line, column } = position(EMBEDDED, &(index..index));
        format!("platform.toml:{line}:{column}: ")
    }

    #[test]
    fn the_built_in_catalogue_is_valid() {
        let catalogue = check(EMBEDDED, EMBEDDED_NAME).unwrap();
        assert_eq!(catalogue.topics.len(), 6);
        assert!(catalogue.source.place("topics.kyc-verified.partitions").starts_with("platform.toml:"));
    }

    #[test]
    fn mistakes_are_told_with_place_and_nearest_name() {
        let topic = "[topics.kyc-verified]\nevent = \"KYC_VERIFIED\"\n";
        for (from, to, place, message) in [
            (
                "event = \"KYC_VERIFIED\"\npartitions = 3",
                "event = \"KYC_VERIFIED\"\npartition = 3",
                at(topic, topic.len()),
                "unknown key `partition` in `topics.kyc-verified`, did you mean `partitions`?",
            ),
            (
                "confirm = \"never\"",
                "confirm = \"nevr\"",
                at("confirm = \"never\"", 10),
                "unknown value `nevr`, did you mean `never`?",
            ),
            (
                "confirm = \"never\"",
                "confirm = \"sometimes\"",
                at("confirm = \"never\"", 10),
                "unknown value `sometimes`; known: never, ask, typed",
            ),
            (
                "[topics.user-info-submitted]",
                "[topic.user-info-submitted]",
                at("[topics.user-info-submitted]", 1),
                "unknown key `topic`, did you mean `topics`?",
            ),
            (
                "{ environment = \"kafka_bootstrap\" }",
                "{ enviroment = \"kafka_bootstrap\" }",
                at("{ environment = \"kafka_bootstrap\" }", 2),
                "unknown value `enviroment`, did you mean `environment`?",
            ),
            (
                "partitions = 3",
                "partitions = \"3\"",
                at("partitions = 3", 13),
                "invalid type: string \"3\", expected i32",
            ),
            (
                "retention = \"7d\"",
                "retention = \"a week\"",
                at("retention = \"7d\"", 12),
                "`a week` is not a retention; write for example `7d` or `36h`",
            ),
        ] {
            assert_eq!(messages(from, to), [format!("{place}{message}")], "{from} -> {to}");
        }
    }

    #[test]
    fn a_missing_key_names_the_table_that_lacks_it() {
        let messages = messages("event = \"KYC_VERIFIED\"\n", "");
        let place = at("[topics.kyc-verified]", 0);
        assert_eq!(messages, [format!("{place}missing field `event`")]);
    }

    #[test]
    fn text_that_is_not_toml_has_a_place_too() {
        let problems = check("schema = 1\nprefix = \n", "mine.toml").unwrap_err();
        assert_eq!((problems[0].file.as_str(), problems[0].line), ("mine.toml", 2));
    }

    #[test]
    fn a_catalogue_that_cannot_be_read_is_a_usage_error() {
        let error = Catalogue::load(Some(Path::new("/nowhere/platform.toml"))).unwrap_err();
        assert_eq!(error.downcast_ref::<Failure>().unwrap().exit(), crate::exit::Exit::Usage);
    }
}
