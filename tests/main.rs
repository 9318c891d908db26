//! The one test binary: it runs the real executable against a real platform on this computer.
//!
//! Each module is a noun and lists its tests in `trials()`; `architecture::every_module_is_listed` fails when a file is
//! forgotten here, and rustc's `dead_code` when a function is forgotten there. One platform is shared by the run; a
//! test that kills something starts its own. Whatever fails, nothing outlives the run: supervisors end when our end of
//! their standard input closes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, and says where")]

mod architecture;
mod archive;
mod bad_bodies;
mod catalogue;
mod clients;
mod command_line;
mod deploy;
mod documents;
mod explain;
mod fault_effects;
mod fault_injection;
mod faults;
mod interface;
mod journey;
mod load;
mod local;
mod network;
mod observability;
mod packages;
mod permissions;
mod poller;
mod privacy;
mod release;
mod steps;
mod support;
mod terminal;

use libtest_mimic::Arguments;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(architecture::trials());
    trials.extend(archive::trials());
    trials.extend(catalogue::trials());
    trials.extend(command_line::trials());
    trials.extend(local::trials());
    trials.extend(network::trials());
    trials.extend(packages::trials());
    trials.extend(poller::trials());
    trials.extend(release::trials());
    trials.extend(load::trials());
    trials.extend(clients::trials());
    trials.extend(deploy::trials());
    trials.extend(documents::trials());
    trials.extend(explain::trials());
    trials.extend(fault_effects::trials());
    trials.extend(fault_injection::trials());
    trials.extend(faults::trials());
    trials.extend(interface::trials());
    trials.extend(journey::trials());
    trials.extend(permissions::trials());
    trials.extend(bad_bodies::trials());
    trials.extend(observability::trials());
    trials.extend(privacy::trials());
    trials.extend(steps::trials());
    trials.extend(terminal::trials());
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::platform::end_shared_platforms();
    conclusion.exit_code()
}
