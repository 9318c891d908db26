//! `onboardctl local start`.

use crate::context::Context;
use crate::exit::Exit;
use crate::local;
use crate::output::Output;

/// Starts the platform on this computer.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  onboardctl local start\n  onboardctl local start --choose-ports")]
pub struct Args {
    /// Chooses the ports anew; run `onboardctl up` afterwards.
    #[arg(long)]
    choose_ports: bool,
    /// Ends the platform when standard input closes.
    #[arg(long, hide = true)]
    until_stdin_closes: bool,
}

/// Runs the command.
///
/// # Errors
/// `E-LOCAL-…`.
pub async fn run(args: Args, context: &Context, output: &Output) -> anyhow::Result<Exit> {
    let mut settings = super::settings(context)?;
    if !super::may_change(context, output, "started").await? {
        return Ok(Exit::Done);
    }
    settings.choose_ports = args.choose_ports;
    settings.until_stdin_closes |= args.until_stdin_closes;
    output.report(&local::start(&settings, &context.events, &context.cancel).await?)?;
    Ok(Exit::Done)
}
