//! `onboardctl explain [CODE]`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::{Cell, Output, Report, Screen};

/// What an error code means.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl explain E-AWS-001\n  onboardctl explain")]
pub struct Args {
    /// The code, for example E-AWS-001; without it every code is listed.
    code: Option<String>,
}

/// Codes with their texts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExplainReport {
    /// The codes that were asked for.
    pub codes: Vec<Explained>,
}

/// One code.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// `E-AWS-001`.
    pub code: String,
    /// The exit code of a run that ends with it.
    pub exit: u8,
    /// What it means, what causes it and what to do.
    pub text: String,
}

impl Report for ExplainReport {
    const KIND: &'static str = "explain";

    fn render(&self, screen: &mut Screen) {
        if let [one] = self.codes.as_slice() {
            screen.heading(format!("{} (exit code {})", one.code, one.exit));
            screen.line(&one.text);
            return;
        }
        let row = |one: &Explained| vec![Cell::from(&one.code), Cell::right(one.exit), Cell::from(&one.text)];
        screen.table(&["CODE", "EXIT", "MEANING"], self.codes.iter().map(row).collect());
    }
}

/// Runs the command.
///
/// # Errors
/// The code does not exist.
pub fn run(args: &Args, output: &Output) -> anyhow::Result<Exit> {
    let wanted = args.code.as_ref().map(|code| code.to_ascii_uppercase());
    let matching = codes::ALL.iter().filter(|code| wanted.as_ref().is_none_or(|wanted| wanted == code.id));
    let explained =
        matching.map(|code| Explained { code: code.id.to_owned(), exit: code.exit as u8, text: code.text.to_owned() });
    let mut report = ExplainReport { codes: explained.collect() };
    if let (true, Some(wanted)) = (report.codes.is_empty(), wanted) {
        let near = codes::ALL.iter().max_by(|left, right| {
            strsim::jaro_winkler(left.id, &wanted).total_cmp(&strsim::jaro_winkler(right.id, &wanted))
        });
        let mut failure = Failure::new(&codes::USAGE, format!("there is no code {wanted}"));
        if let Some(near) = near {
            failure = failure.fix(format!("onboardctl explain {}", near.id));
        }
        return Err(failure.fix("onboardctl explain").into());
    }
    report.codes.sort_by(|left, right| left.code.cmp(&right.code));
    output.report(&report)?;
    Ok(Exit::Done)
}
