//! The `onboardctl` executable.

use std::process::ExitCode;

fn main() -> ExitCode {
    onboardctl::run(std::env::args_os())
}
