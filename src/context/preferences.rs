//! The user's own file. It may set what the answer looks like and the profile, nothing else: it must not be able to
//! unprotect production.

use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Failure, codes};
use crate::output::Format;
use crate::output::terminal::ColorChoice;

/// `~/.config/onboardctl/config.toml`.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// `output`.
    pub output: Option<Format>,
    /// `color`.
    pub color: Option<ColorChoice>,
    /// `profile`.
    pub profile: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    output: Option<String>,
    color: Option<String>,
    profile: Option<String>,
}

impl Preferences {
    /// Where the file is, when there is a home.
    pub fn path() -> Option<PathBuf> {
        let folder = std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let folder = folder.or_else(|| std::env::home_dir().map(|home| home.join(".config")))?;
        Some(folder.join("onboardctl").join("config.toml"))
    }

    /// Reads the file; none there is no error.
    ///
    /// # Errors
    /// It holds anything else than it may.
    pub fn read() -> anyhow::Result<Self> {
        let Some(path) = Self::path() else { return Ok(Self::default()) };
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Self::default()) };
        parse(&text).map_err(|why| {
            let what = format!("{} may set only output, color and profile", path.display());
            Failure::new(&codes::CONFIG_INVALID, what).why(why).into()
        })
    }
}

fn parse(text: &str) -> Result<Preferences, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let value = |name: &str, text: Option<String>| {
        text.map_or(Ok(None), |text| clap::ValueEnum::from_str(&text, true).map(Some).map_err(|why| format!("{name}: {why}")))
    };
    let color = file.color.map_or(Ok(None), |text| {
        clap::ValueEnum::from_str(&text, true).map(Some).map_err(|why| format!("color: {why}"))
    })?;
    Ok(Preferences { output: value("output", file.output)?, color, profile: file.profile })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_keys_are_taken() {
        let read = parse("output = \"json\"\ncolor = \"never\"\nprofile = \"ann\"").unwrap();
        assert_eq!((read.output, read.color, read.profile.as_deref()), (Some(Format::Json), Some(ColorChoice::Never), Some("ann")));
        assert!(parse("yes = true").is_err());
        assert!(parse("output = \"xml\"").is_err());
    }
}
