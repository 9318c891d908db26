//! The global flags, each with its variable (`contracts.md`, "Global flags").

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use crate::catalogue::{DEFAULT_ENVIRONMENT, Origin, Resolved};
use crate::output::Format;
use crate::output::terminal::ColorChoice;

/// Flags that every command takes.
#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = "Global flags")]
pub struct Globals {
    /// The environment; nothing reaches AWS unless one is named.
    #[arg(
        short,
        long,
        global = true,
        value_name = "NAME",
        env = "ONBOARDCTL_ENV",
        default_value = DEFAULT_ENVIRONMENT,
        hide_env_values = true
    )]
    pub env: String,
    /// The answer's format [default: table].
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "ONBOARDCTL_OUTPUT",
        hide_env_values = true
    )]
    pub output: Option<Format>,
    /// Shows the plan and changes nothing.
    #[arg(long, global = true, env = "ONBOARDCTL_DRY_RUN", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub dry_run: bool,
    /// Answers the question of an environment that asks; never covers data or a typed environment.
    #[arg(short, long, global = true, env = "ONBOARDCTL_YES", value_parser = BoolishValueParser::new(), hide_env_values = true)]
    pub yes: bool,
    /// Confirms by name what is dangerous.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "ONBOARDCTL_CONFIRM",
        hide_env_values = true,
        hide_short_help = true
    )]
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
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        env = "ONBOARDCTL_COLOR",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub color: Option<ColorChoice>,
    /// Another region than the catalogue's; changes are refused there.
    #[arg(
        long,
        global = true,
        value_name = "REGION",
        env = "ONBOARDCTL_REGION",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub region: Option<String>,
    /// The AWS profile.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "ONBOARDCTL_PROFILE",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub profile: Option<String>,
    /// Another endpoint for every AWS client.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "ONBOARDCTL_ENDPOINT_URL",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub endpoint_url: Option<String>,
    /// Another catalogue than the built-in one.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ONBOARDCTL_CONFIG",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub config: Option<PathBuf>,
    /// Sends nothing but reads.
    #[arg(long, global = true, env = "ONBOARDCTL_READ_ONLY", value_parser = BoolishValueParser::new(), hide_env_values = true, hide_short_help = true)]
    pub read_only: bool,
    /// Prints the AWS commands for what the run did, or with --dry-run would do; with -v reads too.
    #[arg(long, global = true, env = "ONBOARDCTL_EXPLAIN_AWS", value_parser = BoolishValueParser::new(), hide_env_values = true, hide_short_help = true)]
    pub explain_aws: bool,
    /// Where platforms on this computer keep their state.
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        env = "ONBOARDCTL_STATE_DIR",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub state_dir: Option<PathBuf>,
    /// Where fetched parts are kept.
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        env = "ONBOARDCTL_CACHE_DIR",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub cache_dir: Option<PathBuf>,
    /// Flags that a variable gave.
    #[arg(skip)]
    pub from_variables: Vec<&'static str>,
    /// Flags that nobody gave, so that their own default holds.
    #[arg(skip)]
    pub from_defaults: Vec<&'static str>,
}

/// Every global flag by its id, as it is typed, and its variable.
const FLAGS: &[(&str, &str, &str)] = &[
    ("env", "--env", "ONBOARDCTL_ENV"),
    ("output", "--output", "ONBOARDCTL_OUTPUT"),
    ("dry_run", "--dry-run", "ONBOARDCTL_DRY_RUN"),
    ("yes", "--yes", "ONBOARDCTL_YES"),
    ("confirm", "--confirm", "ONBOARDCTL_CONFIRM"),
    ("no_input", "--no-input", "ONBOARDCTL_NO_INPUT"),
    ("timeout", "--timeout", "ONBOARDCTL_TIMEOUT"),
    ("lock_timeout", "--lock-timeout", "ONBOARDCTL_LOCK_TIMEOUT"),
    ("quiet", "--quiet", "ONBOARDCTL_QUIET"),
    ("verbose", "--verbose", "ONBOARDCTL_VERBOSE"),
    ("color", "--color", "ONBOARDCTL_COLOR"),
    ("region", "--region", "ONBOARDCTL_REGION"),
    ("profile", "--profile", "ONBOARDCTL_PROFILE"),
    ("endpoint_url", "--endpoint-url", "ONBOARDCTL_ENDPOINT_URL"),
    ("config", "--config", "ONBOARDCTL_CONFIG"),
    ("read_only", "--read-only", "ONBOARDCTL_READ_ONLY"),
    ("explain_aws", "--explain-aws", "ONBOARDCTL_EXPLAIN_AWS"),
    ("state_dir", "--state-dir", "ONBOARDCTL_STATE_DIR"),
    ("cache_dir", "--cache-dir", "ONBOARDCTL_CACHE_DIR"),
];

impl Globals {
    /// Remembers which flags a variable gave.
    pub(super) fn note_sources(&mut self, matches: &ArgMatches) {
        let by_variable = |id: &str| matches.value_source(id) == Some(ValueSource::EnvVariable);
        let by_default =
            |id: &str| !matches!(matches.value_source(id), Some(ValueSource::CommandLine | ValueSource::EnvVariable));
        self.from_defaults = FLAGS.iter().map(|(id, ..)| *id).filter(|id| by_default(id)).collect();
        self.from_variables = FLAGS.iter().map(|(id, ..)| *id).filter(|id| by_variable(id)).collect();
    }

    /// Where the flag with this id was given: on the command line or by its variable.
    pub fn origin(&self, id: &str) -> Origin {
        match FLAGS.iter().find(|(known, ..)| *known == id) {
            Some((_, _, variable)) if self.from_variables.contains(&id) => Origin::Variable(variable),
            Some((_, flag, _)) => Origin::Flag(flag),
            None => Origin::Default,
        }
    }

    /// Whether nobody gave the flag with this id.
    pub fn is_default(&self, id: &str) -> bool {
        self.from_defaults.contains(&id)
    }

    /// A flag's value with its origin, where it was given.
    pub fn given<T: Clone>(&self, id: &str, value: Option<&T>) -> Option<Resolved<T>> {
        value.map(|value| Resolved::new(value.clone(), self.origin(id)))
    }
}

/// A duration in words (`90s`, `10m`, `1h30m`), or seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let parsed: jiff::SignedDuration =
        text.parse().map_err(|_| "a duration is written like 90s, 10m or 1h30m".to_owned())?;
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

    #[test]
    fn every_global_flag_has_its_variable() {
        let command = Globals::augment_args(clap::Command::new("test"));
        let mut flags: Vec<_> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
        flags.sort_unstable();
        let mut known: Vec<_> = FLAGS.iter().map(|(id, ..)| (*id).to_owned()).collect();
        known.sort_unstable();
        assert_eq!(flags, known);
        for argument in command.get_arguments() {
            let (_, flag, variable) = FLAGS.iter().find(|(id, ..)| *id == argument.get_id().as_str()).unwrap();
            assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(*variable));
            assert_eq!(argument.get_long().map(|long| format!("--{long}")).as_deref(), Some(*flag));
        }
    }
}
