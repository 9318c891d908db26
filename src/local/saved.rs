//! How far the AWS APIs have saved their state: one small file, replaced by their launcher (`scripts/saving.py`) at
//! each start and after each save. Two readers depend on it: who tells people `AWS state as of T`, and the pollers of
//! event source mappings, which commit an offset only when the effects of everything before it are saved.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Names one process of the AWS APIs: another name says that they were started anew.
    pub process: String,
    /// Everything that happened before is saved; `None` before the first save.
    pub as_of: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    process: String,
    as_of_ms: Option<i64>,
}

impl Saved {
    /// Reads the file; `None` while there is none.
    pub fn read(file: &Path) -> Option<Self> {
        let File { process, as_of_ms } = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        Some(Self { process, as_of: as_of_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_launcher_writes_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("as-of.json");
        assert_eq!(Saved::read(&file), None);
        for (text, as_of) in [
            (r#"{"process": "a", "asOfMs": null}"#, None),
            (r#"{"process": "a", "asOfMs": 1795460848806}"#, Timestamp::from_millisecond(1_795_460_848_806).ok()),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(Saved::read(&file), Some(Saved { process: "a".into(), as_of }));
        }
    }
}
