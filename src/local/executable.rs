//! The executable that runs, also where its file was replaced or deleted since it was started: a rebuild while `up` runs
//! must not keep it from starting the supervisor.

use std::path::{Path, PathBuf};

use crate::error::{Failure, codes};

/// Leads to the running image whatever became of its file (`proc_pid_exe(5)`). Other systems have nothing like it.
const IMAGE: &str = "/proc/self/exe";

/// A path that starts what is running now once more.
///
/// # Errors
/// `E-LOCAL-014` when its file is gone and the system keeps no other way to it.
pub fn path() -> anyhow::Result<PathBuf> {
    let named = std::env::current_exe().map_err(|error| gone(Path::new("onboardctl"), &error))?;
    // Linux names a file that is gone `… (deleted)`.
    match std::fs::metadata(&named) {
        Ok(_) => Ok(named),
        Err(_) if Path::new(IMAGE).exists() => Ok(PathBuf::from(IMAGE)),
        Err(error) => Err(gone(&named, &error).into()),
    }
}

/// The failure that says the executable cannot be started again.
pub fn gone(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(&codes::LOCAL_EXECUTABLE, format!("{} cannot be started as the supervisor", path.display()))
        .why(format!("{}: {error}", path.display()))
        .fix("onboardctl local start")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_found() {
        assert_eq!(path().unwrap(), std::env::current_exe().unwrap());
    }

    #[test]
    fn the_file_is_named() {
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        let failure = gone(Path::new("/opt/onboardctl"), &error);
        assert!(failure.what.contains("/opt/onboardctl") && failure.why[0].contains("/opt/onboardctl"), "{failure:?}");
    }
}
