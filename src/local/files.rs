//! Files that only their owner may read, replaced whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::error::{Failure, codes};

/// Creates a folder and what is above it, and closes it to everybody else.
pub fn create_private_folder(path: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)))
        .map_err(|error| disk(&error, path).unwrap_or_else(|| unusable(&error, path)))
}

/// Replaces a file by one that holds this and that only its owner may read.
pub fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let temporary = path.with_extension("writing");
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error| disk(&error, path).unwrap_or_else(|| unusable(&error, path)))
}

/// Replaces a JSON file.
pub fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    write_private(path, &serde_json::to_vec_pretty(value).context("not expressible as JSON")?)
}

/// Reads a JSON file; `None` when there is none.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Option<T>> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            let failure = Failure::new(&codes::LOCAL_STATE, format!("{} cannot be understood", path.display()));
            failure.why(error.to_string()).fix("onboardctl local reset").into()
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&error, path)),
    }
}

/// Removes a file; that it is not there is fine.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(&error, path)),
        _ => Ok(()),
    }
}

/// The failure that says the disk is full, if that is what happened.
pub fn disk(error: &std::io::Error, path: &Path) -> Option<anyhow::Error> {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded).then(|| disk_full(path, &error.to_string()).into())
}

/// The failure that says the disk is full.
pub fn disk_full(path: &Path, why: &str) -> Failure {
    Failure::new(&codes::LOCAL_DISK, format!("the disk that holds {} is full", path.display()))
        .why(why)
        .fix(format!("df -h {}", path.ancestors().find(|path| path.is_dir()).unwrap_or(path).display()))
}

/// What a platform needs at the least: below that its parts fail one by one, each in words of its own.
const LEAST_SPACE: u64 = 64 << 20;

/// Refuses to go on in a folder whose disk is full, or nearly so. A disk that cannot be asked is not refused.
pub fn expect_space(folder: &Path) -> Result<(), Failure> {
    match fs4::available_space(folder) {
        Ok(left) if left < LEAST_SPACE => {
            let (left, least) = (left >> 20, LEAST_SPACE >> 20);
            Err(disk_full(folder, &format!("{left} MiB are left, and a platform needs {least} MiB at the least"))
                .fix("onboardctl local start"))
        }
        _ => Ok(()),
    }
}

/// Whether this says that a disk is full.
pub fn is_full(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Failure>().is_some_and(|failure| failure.code == &codes::LOCAL_DISK)
}

/// The failure that says a file cannot be used.
pub fn unusable(error: &std::io::Error, path: &Path) -> anyhow::Error {
    Failure::new(&codes::LOCAL_STATE, format!("{} cannot be used", path.display())).why(error.to_string()).into()
}

/// Waits for an exclusive lock on a file; it is let go when the answer is dropped, or its process ends.
pub async fn lock(path: &Path, patience: Duration, cancel: &CancellationToken) -> anyhow::Result<Option<File>> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    let file = file.map_err(|error| disk(&error, path).unwrap_or_else(|| unusable(&error, path)))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(unusable(&error, path)),
        }
        tokio::select! {
            () = cancel.cancelled() => return Err(Failure::new(&codes::INTERRUPTED, "interrupted while waiting").into()),
            () = tokio::time::sleep(Duration::from_millis(50)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_files_are_private_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_json(&path, &serde_json::json!({"a": 1})).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read_json::<serde_json::Value>(&path).unwrap().unwrap()["a"], 1);
        assert!(read_json::<serde_json::Value>(&folder.path().join("b.json")).unwrap().is_none());
        std::fs::write(&path, "{").unwrap();
        assert!(read_json::<serde_json::Value>(&path).is_err());
    }

    #[test]
    fn a_disk_with_room_is_taken_and_a_full_one_is_told_by_its_failure() {
        expect_space(Path::new("/")).unwrap();
        assert!(is_full(&disk_full(Path::new("/"), "full").into()));
        assert!(!is_full(&anyhow::anyhow!("no space")));
    }

    #[tokio::test]
    async fn a_lock_excludes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cancel) = (folder.path().join("lock"), CancellationToken::new());
        let held = lock(&path, Duration::ZERO, &cancel).await.unwrap();
        assert!(held.is_some());
        assert!(lock(&path, Duration::ZERO, &cancel).await.unwrap().is_none());
        drop(held);
        assert!(lock(&path, Duration::ZERO, &cancel).await.unwrap().is_some());
    }
}
