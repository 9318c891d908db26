//! Values with their origin, and the order in which they win: flags, then `ONBOARDCTL_*` variables, then
//! `platform.toml`, then the user's own file. The user's file may set nothing that protects an environment.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::parse::problem;
use super::source::{Problem, Source, nearest};
use crate::error::{Failure, codes};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, for example `--region`.
    Flag(&'static str),
    /// An environment variable, for example `ONBOARDCTL_REGION`.
    Variable(&'static str),
    /// A line of a file: `platform.toml:12`.
    File(String),
    /// The connection file of a platform on this computer.
    Connection(PathBuf),
    /// Nobody set it.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => formatter.write_str(name),
            Self::File(place) => formatter.write_str(place),
            Self::Connection(path) => write!(formatter, "{}", path.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Resolved<T> {
    /// A value of this origin.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// The first layer that sets the value, or the default. Layers come in the order in which they win.
    pub fn first(layers: impl IntoIterator<Item = Option<Self>>, default: T) -> Self {
        layers.into_iter().flatten().next().unwrap_or(Self { value: default, origin: Origin::Default })
    }
}

/// The user's own file: output, colour and profile, nothing else.
#[derive(Clone, Debug, Default)]
pub struct UserFile {
    /// `output`: table, wide, json or ndjson.
    pub output: Option<Resolved<String>>,
    /// `color`: auto, always or never.
    pub color: Option<Resolved<String>>,
    /// `profile`: the AWS profile.
    pub profile: Option<Resolved<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserKeys {
    output: Option<String>,
    #[serde(alias = "colour")]
    color: Option<String>,
    profile: Option<String>,
}

const OUTPUTS: [&str; 4] = ["table", "wide", "json", "ndjson"];
const COLORS: [&str; 3] = ["auto", "always", "never"];

impl UserFile {
    /// `$XDG_CONFIG_HOME/onboardctl/config.toml`, or the same under `~/.config`; `None` without a home.
    pub fn path(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?;
        Some(folder.join("onboardctl").join("config.toml"))
    }

    /// Reads the file; one that does not exist sets nothing.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let Some(text) = Self::text(path)? else { return Ok(Self::default()) };
        Self::parse(&text, &path.display().to_string()).map_err(|problem| {
            let failure = Failure::new(&codes::CONFIG_INVALID, problem.to_string())
                .why("a user's own file may set output, color and profile only");
            failure.into()
        })
    }

    /// The file's first mistake, if it has one.
    pub fn problem(path: &Path) -> anyhow::Result<Option<Problem>> {
        let Some(text) = Self::text(path)? else { return Ok(None) };
        Ok(Self::parse(&text, &path.display().to_string()).err())
    }

    fn text(path: &Path) -> anyhow::Result<Option<String>> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(&codes::CONFIG_INVALID, format!("{} could not be read", path.display()))
                .why(error.to_string())
                .into()),
        }
    }

    fn parse(text: &str, file: &str) -> Result<Self, Problem> {
        let bare = Source { file: file.into(), ..Source::default() };
        let table = toml::de::DeTable::parse(text).map_err(|error| problem(&error, text, &bare))?;
        let source = Source::index(file, text, table.get_ref());
        let keys: UserKeys = toml::from_str(text).map_err(|error| problem(&error, text, &source))?;
        let resolved =
            |key: &str, value: Option<String>| value.map(|value| Resolved::new(value, Origin::File(source.place(key))));
        for (key, value, known) in [("output", &keys.output, &OUTPUTS[..]), ("color", &keys.color, &COLORS[..])] {
            if let Some(value) = value.as_deref().filter(|value| !known.contains(value)) {
                let message = format!("unknown {key} `{value}`; known: {}", known.join(", "));
                let suggestion = nearest(value, known.iter().copied());
                return Err(Problem { suggestion, ..source.problem(key, message) });
            }
        }
        Ok(Self {
            output: resolved("output", keys.output),
            color: resolved(if source.entries.contains_key("color") { "color" } else { "colour" }, keys.color),
            profile: resolved("profile", keys.profile),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_win_in_their_order() {
        let flag = || Some(Resolved::new("flag", Origin::Flag("--output")));
        let variable = || Some(Resolved::new("variable", Origin::Variable("ONBOARDCTL_OUTPUT")));
        let user = || Some(Resolved::new("user", Origin::File("config.toml:1".into())));
        for (layers, value, origin) in [
            (vec![flag(), variable(), user()], "flag", "--output"),
            (vec![None, variable(), user()], "variable", "ONBOARDCTL_OUTPUT"),
            (vec![None, None, user()], "user", "config.toml:1"),
            (vec![None, None, None], "table", "default"),
        ] {
            let resolved = Resolved::first(layers, "table");
            assert_eq!((resolved.value, resolved.origin.to_string().as_str()), (value, origin));
        }
    }

    #[test]
    fn the_users_file_sets_output_colour_and_profile() {
        let file = UserFile::parse("output = 'json'\ncolour = 'never'\nprofile = 'work'\n", "config.toml").unwrap();
        assert_eq!(file.output, Some(Resolved::new("json".into(), Origin::File("config.toml:1".into()))));
        assert_eq!(file.color, Some(Resolved::new("never".into(), Origin::File("config.toml:2".into()))));
        assert_eq!(file.profile, Some(Resolved::new("work".into(), Origin::File("config.toml:3".into()))));
    }

    #[test]
    fn the_users_file_sets_nothing_else() {
        for (text, message) in [
            ("confirm = 'never'\n", "config.toml:1:1: unknown key `confirm`; known: output, color, colour, profile"),
            (
                "[environments.production]\nconfirm = 'never'\n",
                "config.toml:1:2: unknown key `environments`; known: output, color, colour, profile",
            ),
            ("outptu = 'json'\n", "config.toml:1:1: unknown key `outptu`, did you mean `output`?"),
            (
                "output = 'jsno'\n",
                "config.toml:1:10: unknown output `jsno`; known: table, wide, json, ndjson, did you mean `json`?",
            ),
        ] {
            assert_eq!(UserFile::parse(text, "config.toml").unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn the_users_file_is_found_by_xdg_or_home() {
        let path = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
            UserFile::path(move |name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.into()))
        };
        assert_eq!(path(&[("HOME", "/h")]), Some("/h/.config/onboardctl/config.toml".into()));
        assert_eq!(path(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]), Some("/x/onboardctl/config.toml".into()));
        assert_eq!(path(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "")]), Some("/h/.config/onboardctl/config.toml".into()));
        assert_eq!(path(&[]), None);
    }
}
