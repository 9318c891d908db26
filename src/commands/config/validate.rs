//! `onboardctl config validate`: every mistake of the catalogue and the user's own file.

use crate::catalogue::UserFile;
use crate::catalogue::report::validate;
use crate::cli::Globals;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::Output;

/// Checks the catalogue and the user's own file.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl config validate\n  onboardctl config validate --config mine.toml")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// A file cannot be read.
pub fn run(_args: &Args, globals: &Globals, output: &Output) -> anyhow::Result<Exit> {
    let user_file = UserFile::path(|name| std::env::var_os(name));
    let report = validate(globals.config.as_deref(), user_file.as_deref())?;
    let what = match report.problems.len() {
        0 => {
            output.report(&report)?;
            return Ok(Exit::Done);
        }
        1 => "the configuration has a mistake".to_owned(),
        count => format!("the configuration has {count} mistakes"),
    };
    output.report_failure(&report, &Failure::new(&codes::CONFIG_INVALID, what).into())
}
