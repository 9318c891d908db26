//! `onboardctl config`: what holds, where it comes from, and whether it is right.

mod show;
mod validate;

use crate::cli::Globals;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;

/// The catalogue and the settings of a run.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl config show --origin\n  onboardctl config validate --config mine.toml"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

/// What to do with it.
#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Shows the values that hold for this environment.
    Show(show::Args),
    /// Checks the catalogue and the user's own file; each mistake with its line, column and the nearest known name.
    Validate(validate::Args),
}

impl Args {
    /// The kind of the command's report.
    pub fn kind(&self) -> &'static str {
        match self.verb {
            Verb::Show(_) => "config",
            Verb::Validate(_) => "config-validate",
        }
    }

    /// `config validate` works where settings cannot be resolved, because what it checks is what they come from.
    pub fn run_offline(&self, globals: &Globals, output: &Output) -> Option<anyhow::Result<Exit>> {
        match &self.verb {
            Verb::Validate(args) => Some(validate::run(args, globals, output)),
            Verb::Show(_) => None,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// The catalogue is wrong.
pub fn run(args: &Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    match &args.verb {
        Verb::Show(args) => show::run(args, context, output),
        Verb::Validate(args) => validate::run(args, &context.settings.globals, output),
    }
}
