//! `onboardctl completions SHELL`.

use clap::CommandFactory;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::output::{Output, Report, Screen};

/// Shell completions.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl completions bash > ~/.local/share/bash-completion/completions/onboardctl"
)]
pub struct Args {
    /// The shell.
    shell: clap_complete::Shell,
}

/// The script.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TextReport {
    /// The shell.
    pub shell: String,
    /// The script's text.
    pub text: String,
}

impl Report for TextReport {
    const KIND: &'static str = "completions";

    fn render(&self, screen: &mut Screen) {
        screen.line(self.text.trim_end());
    }
}

/// Runs the command.
///
/// # Errors
/// Never.
pub fn run(args: &Args, output: &Output) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onboardctl", &mut script);
    let text = String::from_utf8_lossy(&script).into_owned();
    output.report(&TextReport { shell: args.shell.to_string(), text })?;
    Ok(Exit::Done)
}
