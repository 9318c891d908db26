//! An installed Java 17 or newer, which Kafka 4 needs (<https://kafka.apache.org/41/documentation.html#java>).

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

const OLDEST: u32 = 17;

/// The installed Java, if it is new enough: `JAVA_HOME` first, then the path.
pub async fn find() -> Option<PathBuf> {
    let home = std::env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin/java"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("java"));
    for program in home.into_iter().chain(on_path).filter(|program| program.is_file()) {
        if version(&program).await.is_some_and(|version| version >= OLDEST) {
            return Some(program);
        }
    }
    None
}

async fn version(program: &std::path::Path) -> Option<u32> {
    let output =
        Command::new(program).arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(Duration::from_secs(10), output).await.ok()?.ok()?;
    major(&String::from_utf8_lossy(&output.stderr))
}

/// The major version in `openjdk version "17.0.15" 2025-04-15`; `1.8.0` is 8.
fn major(answer: &str) -> Option<u32> {
    let version = answer.split('"').nth(1)?;
    let mut numbers = version.split(|letter: char| !letter.is_ascii_digit()).map(str::parse);
    match numbers.next()?.ok()? {
        1 => numbers.next()?.ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (answer, expected) in [
            ("openjdk version \"17.0.15\" 2025-04-15", Some(17)),
            ("java version \"1.8.0_391\"", Some(8)),
            ("openjdk version \"25-ea\" 2025-09-16", Some(25)),
            ("No Java runtime present, requesting install.", None),
        ] {
            assert_eq!(major(answer), expected, "{answer}");
        }
    }
}
