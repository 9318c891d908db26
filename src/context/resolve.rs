//! Flags and variables laid over the catalogue.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Preferences, Settings};
use crate::catalogue::{Catalogue, Connection, Environment};
use crate::cli::Globals;
use crate::error::{Failure, codes};

/// Resolves the settings of a run.
///
/// # Errors
/// The catalogue or the connection file is wrong, or the environment is not in the catalogue.
pub fn resolve(globals: &Globals, preferences: &Preferences) -> anyhow::Result<Settings> {
    let catalogue = catalogue(globals)?;
    let state_dir = folder(globals.state_dir.as_ref(), "XDG_STATE_HOME", ".local/state")?;
    let cache_dir = folder(globals.cache_dir.as_ref(), "XDG_CACHE_HOME", ".cache")?;
    let environment = environment(&catalogue, globals, preferences, &state_dir)?;
    Ok(Settings {
        catalogue: Arc::new(catalogue),
        environment: Arc::new(environment),
        state_dir,
        cache_dir,
        dry_run: globals.dry_run,
        read_only: globals.read_only,
        yes: globals.yes,
        confirm: globals.confirm.clone(),
        no_input: globals.no_input,
        timeout: globals.timeout,
        lock_timeout: globals.lock_timeout,
    })
}

// The smallest adapter until the catalogue's own loader lands.
fn catalogue(globals: &Globals) -> anyhow::Result<Catalogue> {
    let text = match &globals.config {
        None => include_str!("../../platform.toml").to_owned(),
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            Failure::new(&codes::CONFIG_INVALID, format!("{} cannot be read", path.display())).why(error.to_string())
        })?,
    };
    toml::from_str(&text)
        .map_err(|error| Failure::new(&codes::CONFIG_INVALID, "the catalogue has an error").why(error.to_string()).into())
}

fn environment(
    catalogue: &Catalogue,
    globals: &Globals,
    preferences: &Preferences,
    state_dir: &std::path::Path,
) -> anyhow::Result<Environment> {
    let found = catalogue.environments.iter().find(|(name, _)| name.as_str() == globals.env);
    let Some((name, entry)) = found else {
        let known: Vec<&str> = catalogue.environments.keys().map(crate::catalogue::EnvironmentName::as_str).collect();
        return Err(Failure::new(&codes::ENVIRONMENT_UNKNOWN, format!("there is no environment {}", globals.env))
            .why(format!("the catalogue has {}", known.join(", ")))
            .into());
    };
    let mut environment = Environment {
        name: name.clone(),
        entry: entry.clone(),
        credentials: None,
        site: None,
        aws_profile: globals.profile.clone().or_else(|| preferences.profile.clone()),
    };
    let file = state_dir.join("connection.json");
    if environment.entry.connection.is_some()
        && let Ok(text) = std::fs::read_to_string(&file)
    {
        let connection: Connection = serde_json::from_str(&text)?;
        environment.entry.endpoint = Some(connection.endpoint);
        environment.entry.certificate_authority = Some(connection.certificate_authority);
        environment.entry.cluster_arn = Some(connection.cluster_arn);
        environment.site = Some(connection.site);
        environment.credentials = Some(connection.credentials);
    }
    if let Some(region) = &globals.region {
        environment.entry.region.clone_from(region);
    }
    if let Some(endpoint) = &globals.endpoint_url {
        environment.entry.endpoint = Some(endpoint.clone());
    }
    Ok(environment)
}

fn folder(flag: Option<&PathBuf>, variable: &str, under_home: &str) -> anyhow::Result<PathBuf> {
    if let Some(folder) = flag {
        return Ok(std::path::absolute(folder)?);
    }
    let base = std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let base = base.or_else(|| std::env::home_dir().map(|home| home.join(under_home)));
    let base = base.ok_or_else(|| {
        Failure::new(&codes::USAGE, "there is no home folder to keep state in").fix("onboardctl … --state-dir FOLDER --cache-dir FOLDER")
    })?;
    Ok(base.join("onboardctl"))
}
