//! The parts: what they are, where they come from, and that they are there. Each has a fixed version and SHA-256.

mod download;
mod index;
mod install;
mod java;
mod list;
mod python;

use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::state::PartsFound;
use super::{LocalSettings, files};
use crate::error::{Failure, codes};
use crate::progress::Events;
use download::Fetcher;

/// Finds the parts and fetches what is missing. Several commands may do so at once; one fetches, the others wait.
pub async fn ensure(
    settings: &LocalSettings,
    events: &Events,
    cancel: &CancellationToken,
) -> anyhow::Result<PartsFound> {
    let (python, java) = tokio::join!(python::find(), java::find());
    let wanted = Wanted { python: python?, java, cache: std::path::absolute(&settings.cache_dir)? };
    if let Some(found) = wanted.found() {
        return Ok(found);
    }
    files::create_private_folder(&wanted.cache)?;
    let patience = Duration::from_mins(30);
    let lock = files::lock(&wanted.cache.join("parts.lock"), patience, cancel).await?;
    if lock.is_none() {
        return Err(
            Failure::new(&codes::LOCAL_BUSY, "another command has been fetching the parts for half an hour").into()
        );
    }
    tokio::select! {
        () = cancel.cancelled() => return Err(Failure::new(&codes::INTERRUPTED, "interrupted while fetching the parts").into()),
        fetched = wanted.fetch(events) => fetched?,
    }
    wanted
        .found()
        .ok_or_else(|| Failure::new(&codes::LOCAL_INSTALL, "parts are missing after they were fetched").into())
}

/// What this computer needs, and where it belongs.
struct Wanted {
    cache: PathBuf,
    python: python::Python,
    /// An installed Java that is new enough.
    java: Option<PathBuf>,
}

impl Wanted {
    /// The parts, when all are there.
    fn found(&self) -> Option<PartsFound> {
        let java = self.java.clone().unwrap_or_else(|| install::java_program(&self.java_folder()));
        let parts = PartsFound {
            java,
            kafka: self.kafka_folder(),
            python: self.python.program.clone(),
            ministack: self.ministack_folder(),
        };
        let jars = list::kafka();
        let complete = jars.iter().all(|jar| jar.is_in(&parts.kafka));
        (complete && parts.java.is_file() && parts.ministack.is_dir()).then_some(parts)
    }

    async fn fetch(&self, events: &Events) -> anyhow::Result<()> {
        install::remove_unfinished(&self.cache);
        let fetcher = Fetcher::new(events.clone())?;
        let java = async {
            if self.java.is_none() && !install::java_program(&self.java_folder()).is_file() {
                install::java(&fetcher, &self.cache, &self.java_folder()).await?;
            }
            anyhow::Ok(())
        };
        let ministack = async {
            if !self.ministack_folder().is_dir() {
                install::ministack(&fetcher, &self.cache, &self.python, &self.ministack_folder()).await?;
            }
            anyhow::Ok(())
        };
        let jars = self.kafka_folder();
        tokio::try_join!(install::kafka(&fetcher, &jars), java, ministack)?;
        Ok(())
    }

    /// A new list means a new folder, so that no jar of an older one stays on the class path.
    fn kafka_folder(&self) -> PathBuf {
        self.cache.join(format!("kafka-{}", list::digest(list::KAFKA)))
    }

    fn java_folder(&self) -> PathBuf {
        self.cache.join(format!("java-{}", list::digest(list::WHEELS)))
    }

    /// Compiled modules fit one version of Python on one platform only.
    fn ministack_folder(&self) -> PathBuf {
        self.cache.join(format!("ministack-{}-{}", list::digest(list::REQUIREMENTS), self.python.tag))
    }
}
