//! What the bare command prints: one screen to begin with.

use clap::CommandFactory;

/// The first commands of a newcomer; [`text`] shows those that exist.
const FIRST: &[(&str, &str)] = &[
    ("up", "brings everything up, on this computer unless --env names another environment"),
    ("status", "the whole environment on one screen"),
    ("verify", "proves the platform end to end"),
    ("down", "takes it down and keeps its data"),
];

/// The summary, made from the commands that exist: ten lines at most.
pub fn text() -> String {
    let command = super::Cli::command();
    let names: Vec<&str> =
        command.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name).collect();
    let mut text =
        String::from("onboardctl deploys and operates the OnboardAI platform, on AWS and on this computer.\n\n");
    let first = FIRST.iter().filter(|(name, _)| names.contains(name));
    text.extend(first.map(|(name, about)| format!("  {name:<8}{about}\n")));
    let others: Vec<&str> = names.into_iter().filter(|name| FIRST.iter().all(|(first, _)| first != name)).collect();
    text.extend(["\nMore: ", &others.join(" "), "\n"]);
    text.push_str("onboardctl COMMAND -h shows examples, --help everything.\n");
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_summary_is_one_look() {
        assert!(super::text().lines().count() <= 10);
    }
}
