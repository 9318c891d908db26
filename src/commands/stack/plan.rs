//! `onboardctl stack plan`.

use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::stack;

/// Makes a change set for each stack that differs, shows it and removes it again.
///
/// With `--read-only` templates are compared instead, and whether a resource is replaced stays unknown.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl stack plan --env dev\n  onboardctl stack plan --exit-code --read-only"
)]
pub struct Args {
    /// Ends with 5 when there are differences.
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
///
/// # Errors
/// A stack cannot be read, or CloudFormation refuses a template.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let plan = stack::plan(context).await?;
    output.report(&plan)?;
    Ok(if args.exit_code && !plan.is_empty() { Exit::Differences } else { Exit::Done })
}
