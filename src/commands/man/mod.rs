//! `onboardctl man [COMMAND…]`.

use clap::CommandFactory;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::Cli;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::{Output, Report, Screen};

/// The manual page.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl man | man -l -\n  onboardctl man stack up | man -l -")]
pub struct Args {
    /// The command; without it the page of onboardctl itself.
    command: Vec<String>,
}

/// A manual page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ManReport {
    /// The page in roff.
    pub text: String,
}

impl Report for ManReport {
    const KIND: &'static str = "man";

    fn render(&self, screen: &mut Screen) {
        screen.line(self.text.trim_end());
    }
}

/// Runs the command.
///
/// # Errors
/// There is no such command.
pub fn run(args: &Args, output: &Output) -> anyhow::Result<Exit> {
    let mut command = Cli::command();
    command.build();
    for word in &args.command {
        let Some(below) = command.find_subcommand(word).cloned() else {
            let failure = Failure::new(&codes::USAGE, format!("there is no command {}", args.command.join(" ")));
            return Err(failure.fix("onboardctl --help").into());
        };
        command = below;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    output.report(&ManReport { text: String::from_utf8_lossy(&page).into_owned() })?;
    Ok(Exit::Done)
}
