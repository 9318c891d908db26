//! The one thing that the local platform asks of the computer: Python 3.10 or newer.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

use crate::error::{Failure, codes};

/// A Python that is new enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Python {
    /// The program itself, not a shim before it.
    pub program: PathBuf,
    /// What compiled modules for it have to fit: `cpython-311-linux-x86_64`.
    pub tag: String,
}

/// The variable that names a Python to take before all others.
const CHOICE: &str = "ONBOARDCTL_PYTHON";

const NAMES: [&str; 7] = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

const QUESTION: &str = "import sys, sysconfig; print(sys.executable); \
    print(sys.implementation.cache_tag + '-' + sysconfig.get_platform()); print(*sys.version_info[:2])";

/// The first Python on the path that is new enough.
pub async fn find() -> anyhow::Result<Python> {
    let chosen = std::env::var(CHOICE).ok();
    let mut tried = Vec::new();
    for name in chosen.as_deref().into_iter().chain(NAMES) {
        match ask(name).await {
            Some(Ok(python)) => return Ok(python),
            Some(Err(too_old)) => tried.push(format!("{name} is Python {too_old}")),
            None => {}
        }
    }
    let failure = Failure::new(&codes::LOCAL_PYTHON, "the local platform needs Python 3.10 or newer and found none");
    let failure = tried.into_iter().fold(failure, Failure::why);
    let failure = if failure.why.is_empty() {
        failure.why(format!("none of {} is on the PATH", NAMES.join(", ")))
    } else {
        failure
    };
    Err(failure
        .fix("apt install python3, dnf install python3, or brew install python")
        .fix(format!("{CHOICE}=/path/to/python3 onboardctl local start"))
        .into())
}

/// Asks one program; `None` when there is no such program, its version when that is too old.
async fn ask(name: &str) -> Option<Result<Python, String>> {
    let output = Command::new(name)
        .args(["-I", "-c", QUESTION])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(std::time::Duration::from_secs(10), output).await.ok()?.ok()?;
    understand(&String::from_utf8(output.stdout).ok()?)
}

fn understand(answer: &str) -> Option<Result<Python, String>> {
    let [program, tag, version] = answer.lines().collect::<Vec<_>>()[..] else { return None };
    let (major, minor) = version.split_once(' ')?;
    let version: (u32, u32) = (major.parse().ok()?, minor.parse().ok()?);
    let python = Python { program: program.into(), tag: tag.to_owned() };
    Some(if version >= (3, 10) { Ok(python) } else { Err(format!("{major}.{minor}")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let new = understand("/usr/bin/python3.11\ncpython-311-linux-x86_64\n3 11\n").unwrap().unwrap();
        assert_eq!(new.program, PathBuf::from("/usr/bin/python3.11"));
        assert_eq!(understand("/usr/bin/python3\ncpython-39-x\n3 9\n"), Some(Err("3.9".to_owned())));
        assert_eq!(understand(""), None);
    }
}
