//! `onboardctl local logs [PART] [-f]`.

use std::time::Duration;

use serde_json::json;

use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::local;
use crate::output::{Format, Output};

/// Shows what the parts wrote.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl local logs\n  onboardctl local logs kafka -f\n  onboardctl local logs aws -n 500"
)]
pub struct Args {
    /// One part; without it all.
    #[arg(value_enum)]
    part: Option<Part>,
    /// Goes on until it is interrupted.
    #[arg(short, long)]
    follow: bool,
    /// How many lines of each log.
    #[arg(short = 'n', long, default_value_t = 50)]
    lines: usize,
}

/// Whose log.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Part {
    /// What supervises the others; the gateway runs in it.
    #[value(alias = "gateway")]
    Supervisor,
    /// The broker.
    Kafka,
    /// The AWS APIs.
    #[value(alias = "ministack")]
    Aws,
}

/// Runs the command.
///
/// # Errors
/// A log cannot be read.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let part = args.part.map(|part| match part {
        Part::Supervisor => "supervisor",
        Part::Kafka => "kafka",
        Part::Aws => "aws",
    });
    let (report, mut rest) = local::logs(&super::settings(context)?, part, args.lines)?;
    if !args.follow {
        output.report(&report)?;
        return Ok(Exit::Done);
    }
    if output.format() == Format::Json {
        let failure = Failure::new(&codes::USAGE, "-o json is one document, and a log that is followed has no end");
        return Err(failure.fix("onboardctl local logs -f -o ndjson").into());
    }
    let print = |name: &str, line: &str| match output.format() {
        Format::Ndjson => output.text(&format!("{}\n", json!({"event": "log", "part": name, "line": line}))),
        _ if part.is_some() => output.text(&format!("{line}\n")),
        _ => output.text(&format!("{name:<10} {line}\n")),
    };
    for log in &report.logs {
        log.lines.iter().for_each(|line| print(&log.part, line));
    }
    loop {
        for (name, line) in rest.more()? {
            print(&name, &line);
        }
        tokio::select! {
            () = context.cancel.cancelled() => return Ok(Exit::Interrupted),
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
    }
}
