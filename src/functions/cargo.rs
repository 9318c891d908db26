//! One cargo run that builds every function.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

use super::{ALL, PART};
use crate::catalogue::FunctionKey;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::progress::Event;

/// How many lines of cargo's own words an error keeps.
const LAST_LINES: usize = 40;

/// Where the functions' sources are.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its root.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

/// The workspace that holds the packages of these functions: the current folder's, or the one that this executable was
/// built from.
pub async fn workspace(functions: &[FunctionKey]) -> anyhow::Result<Workspace> {
    let mut seen = Vec::new();
    for folder in [std::env::current_dir().ok(), Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")))].into_iter().flatten()
    {
        match metadata(&folder).await {
            Ok(metadata) => match missing(&metadata, functions) {
                None => return found(&metadata),
                Some(function) => seen.push(format!("the workspace of {} has no package {function}", folder.display())),
            },
            Err(error) => seen.push(format!("{}: {error:#}", folder.display())),
        }
    }
    let mut failure = Failure::new(&codes::BUILD_FAILED, "the functions' sources were not found");
    for reason in seen {
        failure = failure.why(reason);
    }
    Err(failure.fix("cd to the folder that holds platform.toml, or use --artifact FOLDER").into())
}

async fn metadata(folder: &Path) -> anyhow::Result<Value> {
    let arguments = ["metadata", "--no-deps", "--format-version=1"];
    let output =
        cargo(folder).args(arguments).stdin(Stdio::null()).output().await.context("cargo could not be started")?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn missing<'a>(metadata: &Value, functions: &'a [FunctionKey]) -> Option<&'a FunctionKey> {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    functions.iter().find(|function| !packages.iter().any(|package| package["name"] == function.as_str()))
}

fn found(metadata: &Value) -> anyhow::Result<Workspace> {
    let path =
        |key: &str| metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata names no {key}"));
    Ok(Workspace { root: path("workspace_root")?, target: path("target_directory")? })
}

/// Cargo in a folder, without what an outer `cargo run` or `cargo test` put into our environment: build scripts watch
/// some of those variables and would run again.
fn cargo(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(folder)
        .kill_on_drop(true)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let ours = ["CARGO_PKG_", "CARGO_BIN_EXE_"].iter().any(|prefix| name.starts_with(prefix));
        let named = [
            "CARGO",
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_MANIFEST_LINKS",
            "CARGO_PRIMARY_PACKAGE",
            "CARGO_CRATE_NAME",
            "CARGO_BIN_NAME",
            "CARGO_TARGET_TMPDIR",
            "OUT_DIR",
        ];
        if ours || named.contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    command
}

/// Builds these functions and says where their executables are.
///
/// Packages are selected as `cargo run` selects them (the workspace's default members) and only the targets are named:
/// so features are unified the same way and nothing that was built for this executable is compiled again, and this
/// executable itself is not linked anew while it runs.
pub async fn build(
    context: &Context,
    workspace: &Workspace,
    functions: &[FunctionKey],
) -> anyhow::Result<BTreeMap<FunctionKey, PathBuf>> {
    let entry = &context.settings.environment.entry;
    let mut command = cargo(&workspace.root);
    command.args(["build", "--message-format=json-render-diagnostics", "--profile", &entry.profile]);
    if entry.build_target != super::HOST {
        command.args(["--target", &entry.build_target]);
    }
    for function in functions {
        command.args(["--bin", function.as_str()]);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(&codes::BUILD_FAILED, "cargo could not be started").why(error.to_string()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (built, words) = tokio::join!(messages(context, stdout), last_words(context, stderr));
        anyhow::Ok((child.wait().await?, built?, words))
    };
    let (status, built, words) = tokio::select! {
        () = context.cancel.cancelled() => return Err(context.ended("cargo was stopped; what it built stays built", "onboardctl lambdas build")),
        done = work => done?,
    };
    if !status.success() {
        let mut failure = Failure::new(&codes::BUILD_FAILED, "cargo could not build the functions");
        for line in words {
            failure = failure.why(line);
        }
        return Err(failure.fix("onboardctl lambdas build").into());
    }
    let executable = |function: &FunctionKey| {
        let path = built.get(function.as_str()).with_context(|| format!("cargo named no executable for {function}"))?;
        anyhow::Ok((function.clone(), path.clone()))
    };
    functions.iter().map(executable).collect()
}

/// Reads cargo's messages to the end: executables by target name.
async fn messages(context: &Context, stdout: Option<ChildStdout>) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut built = BTreeMap::new();
    let Some(stdout) = stdout else { return Ok(built) };
    let mut lines = BufReader::new(stdout).lines();
    let mut compiled = 0;
    while let Some(line) = lines.next_line().await? {
        let Ok(message) = serde_json::from_str::<Value>(&line) else { continue };
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if let Some(executable) = message["executable"].as_str() {
            built.insert(name.to_owned(), PathBuf::from(executable));
        }
        if message["fresh"] == false {
            compiled += 1;
            context.events.send(Event::Progress {
                part: PART.into(),
                item: ALL.into(),
                done: compiled,
                total: None,
                unit: "items",
            });
            context.events.note(format!("compiled {name}"));
        }
    }
    Ok(built)
}

/// What cargo said last; diagnostics are rendered to standard error. While another cargo holds the build folder, that is
/// what the build is doing.
async fn last_words(context: &Context, stderr: Option<ChildStderr>) -> Vec<String> {
    let (mut kept, mut waiting) = (VecDeque::new(), false);
    let Some(stderr) = stderr else { return Vec::new() };
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let word = line.trim_start();
        let blocked = word.starts_with("Blocking waiting for file lock");
        if blocked != waiting {
            waiting = blocked;
            let state = if blocked { "waiting for another cargo that holds the build folder" } else { "building" };
            context.events.item(PART, ALL, state, false);
        }
        if blocked || word.is_empty() || word.starts_with("Compiling ") || word.starts_with("Finished ") {
            continue;
        }
        if kept.len() == LAST_LINES {
            kept.pop_front();
        }
        kept.push_back(line);
    }
    kept.into()
}
