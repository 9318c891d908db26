//! `onboardctl config show`: the values that hold, with `--origin` where each comes from.

use clap::ValueEnum;

use crate::catalogue::report::{ConfigReport, Setting, is_part, values};
use crate::catalogue::{Origin, Resolved};
use crate::context::{Context, Settings};
use crate::exit::Exit;
use crate::output::Output;

/// Shows the values that hold for this environment.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl config show --origin\n  onboardctl config show topics --env dev")]
pub struct Args {
    /// Only this key and what is below it: `topics`, `environments.local`, `output`.
    #[arg(default_value = "", hide_default_value = true)]
    key: String,
    /// Names where each value comes from: a flag, a variable, or `file:line`.
    #[arg(long)]
    origin: bool,
}

/// Runs the command.
///
/// # Errors
/// The report cannot be printed.
pub fn run(args: &Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    let mut flags = flags(settings);
    flags.retain(|flag| is_part(&flag.key, &args.key));
    output.report(&ConfigReport {
        catalogue: settings.catalogue.source.file.clone(),
        flags,
        values: values(&settings.catalogue, &settings.environment, &settings.state_dir, &args.key),
        origins: args.origin,
    })?;
    Ok(Exit::Done)
}

/// The flags that have a value to show, each with its origin, sorted.
fn flags(settings: &Settings) -> Vec<Setting> {
    let (globals, user) = (&settings.globals, &settings.user_file);
    let word = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
    let given = |id: &str, value: Option<String>| globals.given(id, value.as_ref());
    let folder = |id: &str, flag: bool, path: &std::path::Path| {
        let origin = if flag { globals.origin(id) } else { Origin::Default };
        Setting::new(id, &Resolved::new(Some(path.display().to_string()), origin))
    };
    let first = |id: &str, flag: Option<String>, user: Option<&Resolved<String>>, default: Option<&str>| {
        let layers = [given(id, flag), user.cloned()]
            .map(|layer| layer.map(|found| Resolved::new(Some(found.value), found.origin)));
        Setting::new(id, &Resolved::first(layers, default.map(ToOwned::to_owned)))
    };
    let seconds = |limit: std::time::Duration| format!("{}s", limit.as_secs());
    let switch = |id: &str, on: bool| first(id, on.then(|| "true".to_owned()), None, Some("false"));
    let output = globals.output.and_then(|format| word(format.to_possible_value()));
    let color = globals.color.and_then(|choice| word(choice.to_possible_value()));
    let environment = (!globals.is_default("env")).then(|| globals.env.clone());
    let lock_timeout = (!globals.is_default("lock_timeout")).then(|| seconds(globals.lock_timeout));
    let config = globals.config.as_ref().map(|path| path.display().to_string());
    let mut flags = vec![
        first("env", environment, None, Some("local")),
        first("output", output, user.output.as_ref(), Some("table")),
        first("color", color, user.color.as_ref(), Some("auto")),
        first("profile", globals.profile.clone(), user.profile.as_ref(), None),
        first("config", config, None, None),
        first("timeout", globals.timeout.map(seconds), None, None),
        first("lock_timeout", lock_timeout, None, Some("0s")),
        switch("dry_run", globals.dry_run),
        switch("no_input", globals.no_input),
        switch("quiet", globals.quiet),
        switch("read_only", globals.read_only),
        switch("verbose", globals.verbose),
        switch("yes", globals.yes),
        folder("cache_dir", globals.cache_dir.is_some(), &settings.cache_dir),
        folder("state_dir", globals.state_dir.is_some(), &settings.state_dir),
    ];
    flags.sort_by(|left, right| left.key.cmp(&right.key));
    flags
}
