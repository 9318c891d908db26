//! `onboardctl stack output KEY`.

use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::Output;
use crate::stack::{self, StackOutputReport};

/// The bare value of one output.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  curl \"$(onboardctl stack output HttpApiUrl)/api/session\"")]
pub struct Args {
    /// The output's key, for example `HttpApiUrl`.
    key: String,
}

/// Runs the command.
///
/// # Errors
/// No stack has this output.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let mut outputs = stack::outputs(context).await?;
    if let Some(value) = outputs.remove(&args.key) {
        output.report(&StackOutputReport { key: args.key, value })?;
        return Ok(Exit::Done);
    }
    let environment = context.environment_name();
    let near = outputs
        .keys()
        .max_by(|left, right| strsim::jaro_winkler(left, &args.key).total_cmp(&strsim::jaro_winkler(right, &args.key)));
    let mut failure =
        Failure::new(&codes::OUTPUT_ABSENT, format!("no stack of {environment} has the output {}", args.key));
    if let Some(near) = near {
        failure = failure.fix(format!("onboardctl stack output {near} --env {environment}"));
    }
    Err(failure.fix(format!("onboardctl stack outputs --env {environment}")).into())
}
