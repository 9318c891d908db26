//! `local fault`: adds, lists and clears the faults of the platform that runs. They live in its gateway, which is asked
//! with the root key.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use aws_credential_types::Credentials;
use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gateway::faults::spec::Spec;
use super::gateway::faults::{FaultView, PATH, SERVICE};
use super::gateway::upstream::{Answer, Upstream};
use super::layout::Layout;
use super::state::{self, Platform};
use super::{LocalSettings, gateway};
use crate::error::{Failure, codes};

/// How long the gateway may take; holding the broker is the slowest thing it does here.
const PATIENCE: Duration = Duration::from_secs(20);

/// What `local fault add` did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FaultReport {
    /// Whether it was added.
    pub changed: bool,
    /// The fault.
    pub fault: FaultView,
}

/// The faults there are.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FaultsReport {
    /// Oldest first.
    pub faults: Vec<FaultView>,
}

/// What `local fault clear` did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FaultClearReport {
    /// Whether any was removed.
    pub changed: bool,
    /// The faults that were removed, as they were.
    pub cleared: Vec<FaultView>,
}

#[derive(Deserialize)]
struct Listed {
    faults: Vec<FaultView>,
}

/// Adds a fault; only shows it where nothing may be changed.
///
/// # Errors
/// The platform does not run, or takes no more faults.
pub async fn add(settings: &LocalSettings, spec: Spec, dry_run: bool) -> anyhow::Result<FaultReport> {
    if let Some(problem) = spec.problem() {
        return Err(Failure::new(&codes::USAGE, problem).into());
    }
    if dry_run {
        return Ok(FaultReport { changed: false, fault: gateway::faults::planned(spec) });
    }
    let mut added = call(settings, Method::POST, "", &serde_json::to_vec(&spec)?).await?;
    let fault =
        added.pop().ok_or_else(|| Failure::new(&codes::LOCAL_FAULT, "the gateway did not say what it added"))?;
    Ok(FaultReport { changed: true, fault })
}

/// Lists the faults.
///
/// # Errors
/// The platform does not run.
pub async fn faults(settings: &LocalSettings) -> anyhow::Result<FaultsReport> {
    Ok(FaultsReport { faults: call(settings, Method::GET, "", &[]).await? })
}

/// Removes one fault, or all; only shows what would be removed where nothing may be changed.
///
/// # Errors
/// The platform does not run, or has no such fault.
pub async fn clear(settings: &LocalSettings, id: Option<&str>, dry_run: bool) -> anyhow::Result<FaultClearReport> {
    if let Some(id) = id.filter(|id| gateway::faults::number(id).is_none()) {
        return Err(missing(&format!("`{id}` is no id of a fault: they are written like f1")).into());
    }
    if dry_run {
        let mut all = call(settings, Method::GET, "", &[]).await?;
        all.retain(|fault| id.is_none_or(|id| fault.id == id));
        return match id {
            Some(id) if all.is_empty() => Err(missing(&format!("there is no fault {id}")).into()),
            _ => Ok(FaultClearReport { changed: false, cleared: all }),
        };
    }
    let path = id.map(|id| format!("/{id}")).unwrap_or_default();
    let cleared = call(settings, Method::DELETE, &path, &[]).await?;
    Ok(FaultClearReport { changed: !cleared.is_empty(), cleared })
}

fn missing(what: &str) -> Failure {
    Failure::new(&codes::LOCAL_FAULT_MISSING, what).fix("onboardctl local fault list")
}

async fn call(settings: &LocalSettings, method: Method, path: &str, body: &[u8]) -> anyhow::Result<Vec<FaultView>> {
    let platform = running(settings)?;
    let key = &platform.credentials;
    let credentials = Credentials::new(&key.access_key_id, &key.secret_access_key, None, None, "onboardctl-local");
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, platform.ports.endpoint));
    let gateway = Upstream::new(address, platform.region.clone(), credentials);
    let path = format!("{PATH}{path}");
    let headers = [("content-type", "application/json")];
    let call = gateway.call(SERVICE, method, &path, &headers, body.to_vec().into());
    let silent = |why: String| {
        Failure::new(&codes::LOCAL_SLOW, "the gateway does not answer").why(why).fix("onboardctl local status")
    };
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(answer)) if answer.status.is_success() => Ok(serde_json::from_slice::<Listed>(&answer.body)?.faults),
        Ok(Ok(answer)) => Err(refused(&answer).into()),
        Ok(Err(error)) => Err(silent(format!("{error:#}")).into()),
        Err(_) => Err(silent(format!("waited {} s", PATIENCE.as_secs())).into()),
    }
}

/// The platform that runs. A fault has nothing to strike, and nowhere to live, without one.
fn running(settings: &LocalSettings) -> anyhow::Result<Platform> {
    let layout = Layout::of(&settings.state_dir);
    let alive = state::read_run(&layout)?.is_some_and(|run| run.supervisor.alive());
    match state::read_platform(&layout)? {
        Some(platform) if alive => Ok(platform),
        _ => {
            let failure = Failure::new(&codes::CONNECTION_MISSING, "the platform on this computer does not run");
            Err(failure.why(format!("its folder is {}", layout.root().display())).fix("onboardctl local start").into())
        }
    }
}

fn refused(answer: &Answer) -> Failure {
    let text = answer.json()["message"].as_str().unwrap_or("the gateway refused it").to_owned();
    match answer.status.as_u16() {
        404 => missing(&text),
        409 => Failure::new(&codes::LOCAL_FAULT, text).fix("onboardctl local fault clear"),
        _ => Failure::new(&codes::LOCAL_FAULT, text).why(format!("the gateway answered {}", answer.status)),
    }
}
