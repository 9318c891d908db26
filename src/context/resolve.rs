//! Flags and variables laid over the catalogue and the user's own file.

use std::path::PathBuf;
use std::sync::Arc;

use super::Settings;
use crate::catalogue::{Catalogue, Overrides, UserFile};
use crate::cli::Globals;
use crate::error::{Failure, codes};

/// Reads the user's own file; without a home, or without the file, it sets nothing.
///
/// # Errors
/// It sets anything else than it may.
pub fn user_file() -> anyhow::Result<UserFile> {
    UserFile::path(|name| std::env::var_os(name)).map_or_else(|| Ok(UserFile::default()), |path| UserFile::load(&path))
}

/// Resolves the settings of a run.
///
/// # Errors
/// The catalogue is wrong, or the environment is not in it.
pub fn resolve(globals: &Globals, user: &UserFile) -> anyhow::Result<Settings> {
    let catalogue = Catalogue::load(globals.config.as_deref())?;
    let state_dir = folder(globals.state_dir.as_ref(), "XDG_STATE_HOME", ".local/state")?;
    let cache_dir = folder(globals.cache_dir.as_ref(), "XDG_CACHE_HOME", ".cache")?;
    let overrides = Overrides {
        region: globals.given("region", globals.region.as_ref()),
        endpoint_url: globals.given("endpoint_url", globals.endpoint_url.as_ref()),
        profile: globals.given("profile", globals.profile.as_ref()).or_else(|| user.profile.clone()),
    };
    let environment = catalogue.environment(&globals.env, &overrides, &state_dir)?;
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
        globals: globals.clone(),
        user_file: user.clone(),
    })
}

fn folder(flag: Option<&PathBuf>, variable: &str, under_home: &str) -> anyhow::Result<PathBuf> {
    if let Some(folder) = flag {
        return Ok(std::path::absolute(folder)?);
    }
    let base = std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let base = base.or_else(|| std::env::home_dir().map(|home| home.join(under_home)));
    let base = base.ok_or_else(|| {
        Failure::new(&codes::USAGE, "there is no home folder to keep state in")
            .fix("onboardctl … --state-dir FOLDER --cache-dir FOLDER")
    })?;
    Ok(base.join("onboardctl"))
}
