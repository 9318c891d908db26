//! What one function needs: a pure decision from what it has to be and what it is.

use super::desired::{Configuration, Desired, Permission, Source};
use super::observe::{Alias, Mapping, Observed, Version};
use super::package::Artifact;
use crate::environment::merge;
use crate::error::{Failure, codes};

/// The steps for one function, in the order in which they are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionPlan {
    /// It does not exist yet.
    pub create: bool,
    /// Its code differs.
    pub code: bool,
    /// Fields of its configuration that differ, by name.
    pub configuration: Vec<&'static str>,
    /// What the alias serves is not what is wanted, so a version is published and the alias made or moved.
    pub publish: bool,
    /// Statements to take away: ours, with another source.
    pub revoke: Vec<String>,
    /// Statements to add.
    pub permit: Vec<Permission>,
    /// What happens to the mapping.
    pub source: SourceStep,
}

/// What happens to the mapping of a function's source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SourceStep {
    /// Nothing.
    #[default]
    Keep,
    /// It is made.
    Create,
    /// It is changed; the fields that differ, by name.
    Update(Vec<&'static str>),
}

impl FunctionPlan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changes, in words for a table.
    pub fn changes(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        if self.code && !self.create {
            words.push("code".into());
        }
        words.extend(self.configuration.iter().map(|field| (*field).to_owned()));
        if self.publish && !self.create && words.is_empty() {
            words.push("alias".into());
        }
        words.extend(self.permit.iter().map(|permission| format!("permission {}", permission.statement_id)));
        match &self.source {
            SourceStep::Keep => {}
            SourceStep::Create => words.push("event source".into()),
            SourceStep::Update(fields) => words.extend(fields.iter().map(|field| format!("event source {field}"))),
        }
        words
    }
}

/// Plans one function. Without an artifact its code is left as it is (`env sync`).
///
/// # Errors
/// What cannot be mended by a deployment: a function that is not there and has no code to be made from, code that was
/// never released, a mapping that belongs to another group or function.
pub fn plan(desired: &Desired, artifact: Option<&Artifact>, observed: &Observed) -> Result<FunctionPlan, Failure> {
    let Some(latest) = &observed.latest else {
        return match artifact {
            Some(_) => Ok(FunctionPlan {
                create: true,
                code: true,
                publish: true,
                permit: desired.permissions.clone(),
                source: source_step(desired, observed.mapping.as_ref())?,
                ..FunctionPlan::default()
            }),
            None => Err(Failure::new(&codes::FUNCTION_MISSING, format!("{} does not exist", desired.name))
                .fix("onboardctl lambdas deploy")),
        };
    };
    if artifact.is_none() {
        expect_released_code(desired, latest, observed.live.as_ref())?;
    }
    let code = artifact.is_some_and(|artifact| !is_code_of(artifact, latest));
    let configuration = differing(&desired.configuration, &latest.configuration);
    let publish = match &observed.live {
        None => true,
        Some(live) => {
            let version = &live.version;
            live.weighted
                || artifact.is_some_and(|artifact| !is_code_of(artifact, version))
                || !differing(&desired.configuration, &version.configuration).is_empty()
        }
    };
    let (revoke, permit) = permissions(desired, observed);
    let source = source_step(desired, observed.mapping.as_ref())?;
    Ok(FunctionPlan { create: false, code, configuration, publish, revoke, permit, source })
}

/// Whether an artifact is a version's code.
pub fn is_code_of(artifact: &Artifact, version: &Version) -> bool {
    artifact.code_sha256 == version.code_sha256 && artifact.architecture == version.architecture
}

/// `env sync` publishes `$LATEST`, so code that was uploaded and never released would go live with it.
fn expect_released_code(desired: &Desired, latest: &Version, live: Option<&Alias>) -> Result<(), Failure> {
    match live {
        Some(live) if live.version.code_sha256 == latest.code_sha256 => Ok(()),
        _ => Err(Failure::new(&codes::CODE_NOT_RELEASED, format!("{} has code that was never released", desired.name))
            .why("publishing its variables would put that code live")
            .fix("onboardctl lambdas deploy")),
    }
}

/// Fields that differ, by name. Variables are compared as they would be after merging, so foreign ones never count.
pub fn differing(wanted: &Configuration, current: &Configuration) -> Vec<&'static str> {
    let fields = [
        ("role", wanted.role == current.role),
        ("memory", wanted.memory_mb == current.memory_mb),
        ("timeout", wanted.timeout_seconds == current.timeout_seconds),
        ("runtime", wanted.runtime == current.runtime),
        ("handler", wanted.handler == current.handler),
        ("network", wanted.subnets == current.subnets && wanted.security_groups == current.security_groups),
        ("logging", wanted.log_group == current.log_group),
        ("variables", merge(&wanted.variables, &current.variables) == current.variables),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

fn permissions(desired: &Desired, observed: &Observed) -> (Vec<String>, Vec<Permission>) {
    let (mut revoke, mut permit) = (Vec::new(), Vec::new());
    for permission in &desired.permissions {
        match observed.permissions.get(&permission.statement_id) {
            Some(source) if *source == permission.source_arn => continue,
            Some(_) => revoke.push(permission.statement_id.clone()),
            None => {}
        }
        permit.push(permission.clone());
    }
    (revoke, permit)
}

fn source_step(desired: &Desired, mapping: Option<&Mapping>) -> Result<SourceStep, Failure> {
    let Some(source) = &desired.source else { return Ok(SourceStep::Keep) };
    let Some(mapping) = mapping else { return Ok(SourceStep::Create) };
    let unqualified = desired.alias_arn.rsplit_once(':').map_or(desired.alias_arn.as_str(), |(function, _)| function);
    if !mapping.function_arn.starts_with(unqualified) {
        return Err(Failure::new(
            &codes::SOURCE_CONFLICT,
            format!("the source of {} feeds another function", desired.name),
        )
        .why(format!("mapping {} invokes {}", mapping.uuid, mapping.function_arn))
        .why("two mappings on one topic would each handle every record"));
    }
    let mut fields = Vec::new();
    let mut compare = |name, same: bool| {
        if !same {
            fields.push(name);
        }
    };
    compare("function", mapping.function_arn == desired.alias_arn);
    compare("state", matches!(mapping.state.as_str(), "Enabled" | "Enabling" | "Creating" | "Updating"));
    match source {
        Source::Topic { group, secret_arn, batch_size, window_seconds, provisioned, .. } => {
            if mapping.group.as_ref() != Some(group) {
                return Err(Failure::new(
                    &codes::SOURCE_CONFLICT,
                    format!("the mapping of {} belongs to another group", desired.name),
                )
                .why(format!(
                    "mapping {} has group {}, wanted is {group}",
                    mapping.uuid,
                    mapping.group.as_deref().unwrap_or("of its own id")
                ))
                .why("a mapping's group cannot be changed, and a new group starts at the topic's beginning"));
            }
            compare("secret", mapping.secret_arn.as_ref() == Some(secret_arn));
            compare("batch", mapping.batch_size == *batch_size);
            compare("window", mapping.window_seconds == *window_seconds);
            compare("poller", mapping.provisioned == *provisioned);
            compare("partial failures", mapping.partial_failures == *provisioned);
        }
        Source::Stream { filter, batch_size, .. } => {
            compare("batch", mapping.batch_size == *batch_size);
            compare("filter", mapping.filter.as_ref() == Some(filter));
        }
    }
    Ok(if fields.is_empty() { SourceStep::Keep } else { SourceStep::Update(fields) })
}

#[cfg(test)]
mod tests;
