//! The commands that an error suggests, with the environment that the run was about: pasted as they are, they must not
//! reach another one.

use crate::catalogue::DEFAULT_ENVIRONMENT;

/// Nouns whose commands are about no environment, or about this computer only.
const WITHOUT_ENVIRONMENT: &[&str] = &["local", "explain", "schema", "completions", "man", "config"];

/// The command with `--env NAME`, where it needs one and names none. Advice that is no command of ours stays as it is.
pub fn with_environment(fix: String, environment: &str) -> String {
    let words: Vec<&str> = fix.split_whitespace().collect();
    let Some(("onboardctl", noun)) = words.split_first().map(|(first, rest)| (*first, rest.first().copied())) else {
        return fix;
    };
    let named = words.iter().any(|word| matches!(*word, "-e" | "--env") || word.starts_with("--env="));
    let about_one = noun.is_some_and(|noun| !noun.starts_with('-') && !WITHOUT_ENVIRONMENT.contains(&noun));
    if named || !about_one || environment == DEFAULT_ENVIRONMENT {
        return fix;
    }
    format!("{fix} --env {environment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_their_environment() {
        for (fix, environment, expected) in [
            ("onboardctl topics plan", "dev", "onboardctl topics plan --env dev"),
            ("onboardctl topics plan", "local", "onboardctl topics plan"),
            ("onboardctl -e dev status", "dev", "onboardctl -e dev status"),
            ("onboardctl stack up --env dev", "dev", "onboardctl stack up --env dev"),
            ("onboardctl explain E-AWS-001", "dev", "onboardctl explain E-AWS-001"),
            ("onboardctl", "dev", "onboardctl"),
            ("df -h /tmp", "dev", "df -h /tmp"),
            ("aws sso login", "dev", "aws sso login"),
        ] {
            assert_eq!(with_environment(fix.to_owned(), environment), expected);
        }
    }
}
