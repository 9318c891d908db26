//! `lambdas build`: executables, checks, zips.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use futures::{StreamExt, TryStreamExt, stream};
use schemars::JsonSchema;
use serde::Serialize;

use super::cargo;
use super::package::{self, Artifact};
use super::{ALL, HOST, PART, select};
use crate::catalogue::FunctionKey;
use crate::context::Context;

/// How many zips are made at once.
const ZIPS_AT_ONCE: usize = 2;

/// `lambdas build`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuildReport {
    /// One per package, sorted.
    pub functions: Vec<BuiltFunction>,
    /// What they were built for: `host` or a Rust target.
    pub target: String,
    /// The cargo profile.
    pub profile: String,
    /// How long it took.
    pub duration_ms: u64,
}

/// One package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuiltFunction {
    /// The catalogue key.
    pub function: String,
    /// The zip.
    pub zip: String,
    /// Base64 of the zip's SHA-256, as Lambda tells it.
    pub code_sha256: String,
    /// The zip's size.
    pub bytes: u64,
    /// The executable's size.
    pub unpacked_bytes: u64,
    /// The zip's size before, where there was one.
    pub previous_bytes: Option<u64>,
    /// `x86_64` or `arm64`.
    pub architecture: String,
}

/// Builds and zips every function, or those that `only` names.
pub async fn build(context: &Context, only: &[String]) -> anyhow::Result<BuildReport> {
    let begun = Instant::now();
    let packages = select::packages(&select::instances(context, only)?);
    let artifacts = artifacts(context, &packages).await?;
    let entry = &context.settings.environment.entry;
    let functions = artifacts.into_iter().map(|(key, artifact)| BuiltFunction {
        function: key.to_string(),
        zip: artifact.path.display().to_string(),
        code_sha256: artifact.code_sha256,
        bytes: artifact.bytes,
        unpacked_bytes: artifact.unpacked_bytes,
        previous_bytes: artifact.previous_bytes,
        architecture: artifact.architecture,
    });
    Ok(BuildReport {
        functions: functions.collect(),
        target: entry.build_target.clone(),
        profile: entry.profile.clone(),
        duration_ms: milliseconds(begun),
    })
}

/// One cargo run, then a zip for each package.
pub async fn artifacts(context: &Context, packages: &[FunctionKey]) -> anyhow::Result<BTreeMap<FunctionKey, Artifact>> {
    context.events.item(PART, ALL, "building", false);
    let workspace = cargo::workspace(packages).await?;
    let executables = cargo::build(context, &workspace, packages).await?;
    context.events.item(PART, ALL, "packaging", false);
    let entry = &context.settings.environment.entry;
    let target = if entry.build_target == HOST { "host" } else { &entry.build_target };
    let folder = workspace.target.join("onboardctl").join(target).join(&entry.profile);
    let made = stream::iter(executables)
        .map(|(key, executable)| {
            let (folder, target) = (folder.clone(), entry.build_target.clone());
            let work =
                move || anyhow::Ok((key.clone(), package::package(key.as_str(), &executable, &folder, &target)?));
            async move { tokio::task::spawn_blocking(work).await? }
        })
        .buffer_unordered(ZIPS_AT_ONCE)
        .try_collect()
        .await?;
    context.events.item(PART, ALL, "built", true);
    Ok(made)
}

/// Zips that were built elsewhere.
pub async fn adopt(
    context: &Context,
    packages: &[FunctionKey],
    folder: &Path,
) -> anyhow::Result<BTreeMap<FunctionKey, Artifact>> {
    let (packages, folder) = (packages.to_vec(), folder.to_owned());
    let target = context.settings.environment.entry.build_target.clone();
    let work = move || {
        packages.into_iter().map(|key| Ok((key.clone(), package::adopt(key.as_str(), &folder, &target)?))).collect()
    };
    tokio::task::spawn_blocking(work).await?
}

/// Milliseconds since then.
pub fn milliseconds(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
