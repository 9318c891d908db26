//! What the bare command prints: one screen to begin with.

use clap::CommandFactory;

/// The summary, made from the commands that exist.
pub fn text() -> String {
    let command = super::Cli::command();
    let names: Vec<&str> =
        command.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name).collect();
    let mut text =
        String::from("onboardctl deploys and operates the OnboardAI platform, on AWS and on this computer.\n\n");
    for line in names.chunks(8) {
        text.push_str("  ");
        text.push_str(&line.join("  "));
        text.push('\n');
    }
    text.push_str("\nonboardctl COMMAND -h shows examples, --help everything. Without --env nothing reaches AWS.\n");
    text
}
