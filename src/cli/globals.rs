//! The global flags, each with its variable (`contracts.md`, "Global flags").

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;

use crate::output::Format;
use crate::output::terminal::ColorChoice;

/// Flags that every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global flags")]
pub struct Globals {
    /// The environment; nothing reaches AWS unless one is named.
    #[arg(short, long, global = true, value_name = "NAME", env = "ONBOARDCTL_ENV", default_value = "local", hide_env_values = true)]
    pub env: String,
    /// The answer's format [default: table].
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT", env = "ONBOARDCTL_OUTPUT", hide_env_values = true)]
    pub output: Option<Format>,
    /// Shows the plan and changes nothing.
    #[arg(long, global = true, env = "ONBOARDCTL_DRY_RUN", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub dry_run: bool,
    /// Answers the question of an environment that asks; never covers data or a typed environment.
    #[arg(short, long, global = true, env = "ONBOARDCTL_YES", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub yes: bool,
    /// Confirms by name what is dangerous.
    #[arg(long, global = true, value_name = "NAME", env = "ONBOARDCTL_CONFIRM", hide_env_values = true, hide_short_help = true)]
    pub confirm: Option<String>,
    /// Never asks; a question that comes up ends the run.
    #[arg(long, global = true, env = "ONBOARDCTL_NO_INPUT", value_parser = BoolishValueParser::new(), hide_env_values = true, hide_short_help = true)]
    pub no_input: bool,
    /// Longest duration of the run: 90s, 10m, 1h.
    #[arg(long, global = true, value_name = "DURATION", env = "ONBOARDCTL_TIMEOUT", value_parser = duration, hide_env_values = true, hide_short_help = true)]
    pub timeout: Option<Duration>,
    /// How long to wait for the environment's lock.
    #[arg(long, global = true, value_name = "DURATION", env = "ONBOARDCTL_LOCK_TIMEOUT", value_parser = duration, default_value = "0s", hide_env_values = true, hide_short_help = true)]
    pub lock_timeout: Duration,
    /// No progress.
    #[arg(short, long, global = true, env = "ONBOARDCTL_QUIET", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub quiet: bool,
    /// Notes, and every AWS call.
    #[arg(short, long, global = true, env = "ONBOARDCTL_VERBOSE", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub verbose: bool,
    /// When to use colour [default: auto].
    #[arg(long, global = true, value_enum, value_name = "WHEN", env = "ONBOARDCTL_COLOR", hide_env_values = true, hide_short_help = true)]
    pub color: Option<ColorChoice>,
    /// Another region than the catalogue's; changes are refused there.
    #[arg(long, global = true, value_name = "REGION", env = "ONBOARDCTL_REGION", hide_env_values = true, hide_short_help = true)]
    pub region: Option<String>,
    /// The AWS profile.
    #[arg(long, global = true, value_name = "NAME", env = "ONBOARDCTL_PROFILE", hide_env_values = true, hide_short_help = true)]
    pub profile: Option<String>,
    /// Another endpoint for every AWS client.
    #[arg(long, global = true, value_name = "URL", env = "ONBOARDCTL_ENDPOINT_URL", hide_env_values = true, hide_short_help = true)]
    pub endpoint_url: Option<String>,
    /// Another catalogue than the built-in one.
    #[arg(long, global = true, value_name = "FILE", env = "ONBOARDCTL_CONFIG", hide_env_values = true, hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Sends nothing but reads.
    #[arg(long, global = true, env = "ONBOARDCTL_READ_ONLY", value_parser = BoolishValueParser::new(), hide_env_values = true, hide_short_help = true)]
    pub read_only: bool,
    /// Where platforms on this computer keep their state.
    #[arg(long, global = true, value_name = "FOLDER", env = "ONBOARDCTL_STATE_DIR", hide_env_values = true, hide_short_help = true)]
    pub state_dir: Option<PathBuf>,
    /// Where fetched parts are kept.
    #[arg(long, global = true, value_name = "FOLDER", env = "ONBOARDCTL_CACHE_DIR", hide_env_values = true, hide_short_help = true)]
    pub cache_dir: Option<PathBuf>,
}

/// A duration in words (`90s`, `10m`, `1h30m`), or seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| "a duration is written like 90s, 10m or 1h30m".to_owned())?;
    parsed.try_into().map_err(|_| "a duration is not negative".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("1h30m", 5400), ("45", 45), ("0s", 0)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert!(duration("-3s").is_err());
        assert!(duration("soon").is_err());
    }
}
