//! Functions: built in one cargo run, zipped reproducibly, deployed with their variables, alias, permissions and event
//! sources. Observe, plan, apply and read back; what is as it should be is not touched.
//!
//! Deliberately absent: roles, APIs, routes, schedules and log groups, which the stacks own (`platform.md`).

mod abi;
mod apply;
mod build;
mod cargo;
mod deploy;
mod desired;
mod list;
mod observe;
mod package;
mod permissions;
mod plan;
mod rehearse;
mod report;
mod select;
mod sources;
mod upload;
mod variables;
mod writes;

pub use build::{BuildReport, BuiltFunction, build};
pub use deploy::{Code, DeployOptions, Prepared, apply, deploy, plan, prepare, rehearse};
pub use list::{LambdasReport, ListedFunction, ListedSource, list};
pub use package::Artifact;
pub use report::{
    DeployAction, DeployedFunction, EnvPlanReport, EnvSyncReport, LambdasDeployReport, LambdasPlanReport, PlanAction,
    PlannedFunction,
};
pub use select::instances;
pub use variables::{diff, status};

/// The build target that means: for the computer that builds.
const HOST: &str = "host";
/// The part's name in events.
const PART: &str = "lambdas";
/// The item of that part that tells of cargo and of packaging.
const ALL: &str = "functions";
/// How many functions are worked on at once: Lambda's control plane takes about 15 requests a second
/// (`aws-facts.md`, section 3).
const AT_ONCE: usize = 4;
