//! The committed lists: names, sizes and SHA-256 of everything that is fetched.

use std::path::Path;

use sha2::{Digest, Sha256};

/// Kafka's jars: SHA-256, bytes, path in a Maven repository.
pub const KAFKA: &str = include_str!("../lists/kafka.txt");
/// Wheels: part, platform, SHA-256, bytes, project, file.
pub const WHEELS: &str = include_str!("../lists/wheels.txt");
/// ministack and what it needs, as pip writes it.
pub const REQUIREMENTS: &str = include_str!("../lists/requirements.txt");

/// A jar of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jar {
    /// SHA-256 in hexadecimal.
    pub sha256: &'static str,
    /// Size.
    pub bytes: u64,
    /// Path below a Maven repository.
    pub path: &'static str,
}

impl Jar {
    /// Its file name.
    pub fn file(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the folder holds it. It got there only after its checksum was right.
    pub fn is_in(&self, folder: &Path) -> bool {
        std::fs::metadata(folder.join(self.file())).is_ok_and(|metadata| metadata.len() == self.bytes)
    }
}

/// A wheel of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// SHA-256 in hexadecimal.
    pub sha256: &'static str,
    /// Size.
    pub bytes: u64,
    /// The project in the index.
    pub project: &'static str,
    /// The file in the index.
    pub file: &'static str,
}

fn rows(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_ascii_whitespace().collect())
}

/// Kafka's jars.
pub fn kafka() -> Vec<Jar> {
    let jar = |row: Vec<&'static str>| {
        let [sha256, bytes, path] = row[..] else { return None };
        Some(Jar { sha256, bytes: bytes.parse().ok()?, path })
    };
    rows(KAFKA).filter_map(jar).collect()
}

/// The wheel of a part (`java`, `uv`) for this computer.
pub fn wheel(part: &str) -> Option<Wheel> {
    let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    rows(WHEELS).find_map(|row| {
        let [row_part, row_platform, sha256, bytes, project, file] = row[..] else { return None };
        (row_part == part && row_platform == platform)
            .then(|| Some(Wheel { sha256, bytes: bytes.parse().ok()?, project, file }))?
    })
}

/// A short name for a list's content.
pub fn digest(list: &str) -> String {
    hex::encode(&Sha256::digest(list.as_bytes())[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood() {
        let lines = |list: &str| list.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(kafka().len(), lines(KAFKA));
        assert!(
            kafka()
                .iter()
                .all(|jar| jar.sha256.len() == 64 && Path::new(jar.file()).extension().is_some_and(|end| end == "jar"))
        );
        assert!(kafka().iter().any(|jar| jar.file() == "kafka_2.13-4.1.1.jar"));
        for part in ["java", "uv"] {
            let of_part = |row: &Vec<&str>| row.len() == 6 && row[0] == part && row[2].len() == 64;
            assert_eq!(rows(WHEELS).filter(of_part).count(), 4, "{part} for linux and macos, x86_64 and aarch64");
        }
    }
}
