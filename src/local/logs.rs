//! `local logs`: what the parts wrote.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::layout::Layout;
use super::supervisor::LOGS;
use super::{LocalSettings, files};

/// What the parts wrote last.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LogsReport {
    /// One entry a log.
    pub logs: Vec<Log>,
}

/// The end of one log.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Log {
    /// `supervisor`, `kafka` or `aws`.
    pub part: String,
    /// The file.
    pub path: String,
    /// Its last lines.
    pub lines: Vec<String>,
}

/// Logs that are read on as they grow.
pub struct Logs {
    readers: Vec<(String, PathBuf, u64)>,
}

/// The last lines of one log or of all, and a reader that goes on from there.
///
/// # Errors
/// A log cannot be read.
pub fn logs(settings: &LocalSettings, part: Option<&str>, count: usize) -> anyhow::Result<(LogsReport, Logs)> {
    let layout = Layout::of(&settings.state_dir);
    let (mut report, mut rest) = (LogsReport { logs: Vec::new() }, Logs { readers: Vec::new() });
    for name in LOGS.into_iter().filter(|name| part.is_none_or(|part| part == *name)) {
        let path = layout.log(name);
        let (mut lines, mut end) = (VecDeque::new(), 0);
        if let Some(file) = open(&path)? {
            let mut reader = BufReader::new(file);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line)? > 0 {
                end += line.len() as u64;
                lines.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
                if lines.len() > count {
                    lines.pop_front();
                }
                line.clear();
            }
        }
        let shown = path.display().to_string();
        report.logs.push(Log { part: name.to_owned(), path: shown, lines: lines.into() });
        rest.readers.push((name.to_owned(), path, end));
    }
    Ok((report, rest))
}

fn open(path: &std::path::Path) -> anyhow::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(files::unusable(&error, path)),
    }
}

impl Logs {
    /// Whole lines that were written since the last call, with the part that wrote them.
    ///
    /// # Errors
    /// A log cannot be read.
    pub fn more(&mut self) -> anyhow::Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        for (name, path, end) in &mut self.readers {
            let Some(mut file) = open(path)? else { continue };
            if file.metadata()?.len() < *end {
                // It was emptied: a reset, or a new start.
                *end = 0;
            }
            file.seek(SeekFrom::Start(*end))?;
            let mut bytes = Vec::new();
            file.take(1 << 20).read_to_end(&mut bytes)?;
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
            *end += whole as u64;
            let text = String::from_utf8_lossy(&bytes[..whole]).into_owned();
            found.extend(text.lines().map(|line| (name.clone(), line.to_owned())));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_and_what_follows() {
        let folder = tempfile::tempdir().unwrap();
        let settings = crate::local::settings::sample(folder.path());
        let layout = Layout::of(&settings.state_dir);
        layout.create().unwrap();
        std::fs::write(layout.log("kafka"), "1\n2\n3\n").unwrap();
        let (report, mut rest) = logs(&settings, Some("kafka"), 2).unwrap();
        assert_eq!(report.logs[0].lines, ["2", "3"]);
        std::fs::write(layout.log("kafka"), "1\n2\n3\n4\n5").unwrap();
        assert_eq!(rest.more().unwrap(), [("kafka".to_owned(), "4".to_owned())]);
        assert!(rest.more().unwrap().is_empty());
    }
}
