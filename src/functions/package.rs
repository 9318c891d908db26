//! Zips as Lambda takes them, the same bytes for the same executable wherever they are made.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use super::abi;
use crate::error::{Failure, codes};

/// What the runtime starts (`provided.al2023`): a file of this name at the zip's root, mode 0755.
const ENTRY: &str = "bootstrap";
/// Lambda's limit on an unpacked package (`aws-facts.md`, section 3).
const UNPACKED_LIMIT: u64 = 250 * 1024 * 1024;

/// A zip that can be deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The zip.
    pub path: PathBuf,
    /// `CodeSha256` as Lambda tells it: base64 of the zip's SHA-256.
    pub code_sha256: String,
    /// The zip's size.
    pub bytes: u64,
    /// The executable's size.
    pub unpacked_bytes: u64,
    /// Lambda's name of the machine.
    pub architecture: String,
    /// The zip's size before this run, where there was one.
    pub previous_bytes: Option<u64>,
}

/// What is remembered beside a zip, so that an executable that did not change is not compressed again.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// Size and time of the executable: cargo writes it anew whenever it links.
    seen: Seen,
    /// Size and time of the zip, so that one that was cut short or replaced is made again.
    zip: Seen,
    /// SHA-256 of the executable, in hexadecimal.
    executable: String,
    code_sha256: String,
    bytes: u64,
    unpacked_bytes: u64,
    architecture: String,
    target: String,
}

/// What a file's folder entry tells of its content.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    bytes: u64,
    modified_ns: u64,
}

impl Seen {
    fn of(path: &Path) -> std::io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        let since = metadata.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(Self { bytes: metadata.len(), modified_ns: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX) })
    }
}

impl Note {
    fn artifact(&self, path: PathBuf, previous_bytes: Option<u64>) -> Artifact {
        Artifact {
            path,
            code_sha256: self.code_sha256.clone(),
            bytes: self.bytes,
            unpacked_bytes: self.unpacked_bytes,
            architecture: self.architecture.clone(),
            previous_bytes,
        }
    }
}

/// Checks an executable and zips it into `folder`, unless the zip there is already its.
pub fn package(function: &str, executable: &Path, folder: &Path, build_target: &str) -> anyhow::Result<Artifact> {
    let unreadable = || format!("{} cannot be read", executable.display());
    let seen = Seen::of(executable).with_context(unreadable)?;
    let path = folder.join(format!("{function}.zip"));
    let note_path = folder.join(format!("{function}.json"));
    let known: Option<Note> = std::fs::read(&note_path).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let previous_bytes = known.as_ref().map(|note| note.bytes);
    let known = known.filter(|note| note.target == build_target && Seen::of(&path).is_ok_and(|zip| zip == note.zip));
    if let Some(note) = known.as_ref().filter(|note| note.seen == seen) {
        return Ok(note.artifact(path, previous_bytes));
    }
    let bytes = std::fs::read(executable).with_context(unreadable)?;
    let hash = hex::encode(Sha256::digest(&bytes));
    let note = match known.filter(|note| note.executable == hash) {
        Some(same) => Note { seen, ..same },
        None => make(function, &bytes, &path, build_target).map(|made| Note { seen, executable: hash, ..made })?,
    };
    replace(&note_path, &serde_json::to_vec_pretty(&note)?)?;
    Ok(note.artifact(path, previous_bytes))
}

fn make(function: &str, bytes: &[u8], path: &Path, build_target: &str) -> anyhow::Result<Note> {
    let unpacked_bytes = bytes.len() as u64;
    if unpacked_bytes > UNPACKED_LIMIT {
        return Err(too_large(function, unpacked_bytes).into());
    }
    let abi = abi::read(function, bytes)?;
    abi::check(function, abi, build_target)?;
    let zipped = zip(bytes)?;
    replace(path, &zipped)?;
    Ok(Note {
        seen: Seen::default(),
        zip: Seen::of(path)?,
        executable: String::new(),
        code_sha256: code_sha256(&zipped),
        bytes: zipped.len() as u64,
        unpacked_bytes,
        architecture: abi.architecture.into(),
        target: build_target.into(),
    })
}

fn too_large(function: &str, bytes: u64) -> Failure {
    Failure::new(&codes::PACKAGE_TOO_LARGE, format!("the executable of {function} is too large for Lambda"))
        .why(format!("it has {bytes} bytes, Lambda unpacks at most {UNPACKED_LIMIT}"))
}

/// A zip that was built elsewhere: its executable is checked as ours is.
pub fn adopt(function: &str, folder: &Path, build_target: &str) -> anyhow::Result<Artifact> {
    let path = folder.join(format!("{function}.zip"));
    let zipped = std::fs::read(&path).map_err(|error| {
        Failure::new(&codes::ARTIFACT_MISSING, format!("there is no usable zip for {function}"))
            .why(format!("{}: {error}", path.display()))
    })?;
    let odd = |why: String| {
        Failure::new(&codes::ARTIFACT_MISSING, format!("{} is no package of a function", path.display())).why(why)
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(&zipped)).map_err(|error| odd(error.to_string()))?;
    let mut entry = archive.by_name(ENTRY).map_err(|error| odd(format!("{ENTRY} at its root: {error}")))?;
    if entry.size() > UNPACKED_LIMIT {
        return Err(too_large(function, entry.size()).why(path.display().to_string()).into());
    }
    if entry.unix_mode().is_some_and(|mode| mode & 0o111 == 0) {
        return Err(odd(format!("{ENTRY} is not executable")).into());
    }
    let mut executable = Vec::new();
    std::io::Read::read_to_end(&mut entry, &mut executable)?;
    let abi = abi::read(function, &executable)?;
    abi::check(function, abi, build_target)?;
    Ok(Artifact {
        path: path.clone(),
        code_sha256: code_sha256(&zipped),
        bytes: zipped.len() as u64,
        unpacked_bytes: executable.len() as u64,
        architecture: abi.architecture.into(),
        previous_bytes: None,
    })
}

fn code_sha256(zipped: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(zipped))
}

/// One entry, fixed time, fixed mode: nothing of this computer gets into the zip.
fn zip(executable: &[u8]) -> anyhow::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o755);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(ENTRY, options)?;
    writer.write_all(executable)?;
    Ok(writer.finish()?.into_inner())
}

/// Writes beside and renames over, so that nobody ever reads half a file.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    std::fs::write(&beside, bytes).with_context(|| format!("{} cannot be written", beside.display()))?;
    std::fs::rename(&beside, path).with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::HOST;

    fn executable() -> PathBuf {
        std::env::current_exe().unwrap()
    }

    #[test]
    fn a_zip_is_the_same_wherever_it_is_made() {
        let (one, other) = (zip(b"the same bytes").unwrap(), zip(b"the same bytes").unwrap());
        assert_eq!(one, other);
        let mut archive = zip::ZipArchive::new(Cursor::new(one)).unwrap();
        assert_eq!(archive.len(), 1);
        let entry = archive.by_index(0).unwrap();
        assert_eq!(entry.name().unwrap(), ENTRY);
        assert_eq!(entry.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(entry.last_modified(), Some(zip::DateTime::default()));
    }

    #[test]
    fn an_unchanged_executable_is_not_zipped_again_and_a_broken_zip_is() {
        let folder = tempfile::tempdir().unwrap();
        let small = folder.path().join("small");
        std::fs::copy("/bin/true", &small).or_else(|_| std::fs::copy(executable(), &small)).unwrap();
        let out = folder.path().join("zips");
        let first = package("small", &small, &out, HOST).unwrap();
        let made = std::fs::metadata(&first.path).unwrap().modified().unwrap();
        let second = package("small", &small, &out, HOST).unwrap();
        assert_eq!(second.code_sha256, first.code_sha256);
        assert_eq!(std::fs::metadata(&first.path).unwrap().modified().unwrap(), made);
        std::fs::write(&first.path, b"half").unwrap();
        let third = package("small", &small, &out, HOST).unwrap();
        assert_eq!((third.code_sha256, third.bytes), (first.code_sha256.clone(), first.bytes));
        assert_eq!(adopt("small", &out, HOST).unwrap().code_sha256, first.code_sha256);
    }

    #[test]
    fn what_is_no_package_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(adopt("absent", folder.path(), HOST).is_err());
        std::fs::write(folder.path().join("odd.zip"), b"no zip").unwrap();
        assert!(adopt("odd", folder.path(), HOST).is_err());
    }
}
