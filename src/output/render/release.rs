//! `history`, `history show` and `unlock` for people.

use crate::output::screen::duration;
use crate::output::{Cell, Mark, Report, Screen, Tone};
use crate::release::Outcome;
use crate::release::history::{HistoryReport, ReleaseEntry, ReleaseReport};
use crate::release::unlock::UnlockReport;

impl Report for HistoryReport {
    const KIND: &'static str = "history";

    fn render(&self, screen: &mut Screen) {
        if self.releases.is_empty() {
            return screen.line("nothing was released yet");
        }
        let rows = self.releases.iter().map(row).collect();
        screen.table(&["ID", "AT", "WHO", "COMMAND", "COMMIT", "RESULT", "TOOK", "CHANGED"], rows);
    }
}

fn row(entry: &ReleaseEntry) -> Vec<Cell> {
    let changed: Vec<String> = entry.parts.iter().map(|(part, items)| format!("{part} {}", items.len())).collect();
    let result = if entry.live { format!("{} (live)", entry.result.word()) } else { entry.result.word().to_owned() };
    vec![
        Cell::from(&entry.id),
        Cell::from(seconds(&entry.at)),
        Cell::from(format!("{}@{}", entry.who, entry.host)),
        Cell::from(&entry.command),
        Cell::from(commit(entry)),
        Cell::new(result, tone(entry.result)),
        entry.duration_ms.map(|took| Cell::right(duration(took))).unwrap_or_default(),
        Cell::from(changed.join(", ")),
    ]
}

fn tone(result: Outcome) -> Tone {
    match result {
        Outcome::Done => Tone::Good,
        Outcome::Running => Tone::Plain,
        Outcome::Partly | Outcome::Interrupted => Tone::Warn,
        Outcome::Failed => Tone::Bad,
    }
}

fn commit(entry: &ReleaseEntry) -> String {
    entry.git.as_ref().map_or_else(String::new, |git| {
        let short: String = git.sha.chars().take(9).collect();
        if git.dirty { format!("{short} dirty") } else { short }
    })
}

/// An RFC 3339 time without its fraction.
fn seconds(at: &str) -> String {
    at.split_once('.').map_or_else(|| at.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

impl Report for ReleaseReport {
    const KIND: &'static str = "release";

    fn render(&self, screen: &mut Screen) {
        let entry = &self.release;
        screen.heading(format!("{}  {}", entry.id, entry.command));
        let took = entry.duration_ms.map_or_else(|| "it never ended".to_owned(), duration);
        let live = if entry.live { ", serves now" } else { "" };
        screen.line(format!(
            "{}, by {}@{}, {} ({took}){live}",
            seconds(&entry.at),
            entry.who,
            entry.host,
            entry.result.word()
        ));
        screen.line(format!("commit {}, onboardctl {}", commit(entry), entry.tool));
        let rows: Vec<Vec<Cell>> = entry
            .parts
            .iter()
            .flat_map(|(part, items)| items.iter().map(move |item| (part, item)))
            .map(|(part, item)| {
                let from = item.from.clone().unwrap_or_else(|| "-".into());
                let to = item.to.clone().unwrap_or_else(|| "-".into());
                vec![
                    Cell::from(part),
                    Cell::from(&item.item),
                    Cell::from(from),
                    Cell::from(to),
                    Cell::from(item.changed.join(", ")),
                ]
            })
            .collect();
        if rows.is_empty() {
            screen.line(if self.after.is_some() {
                "nothing differs"
            } else {
                "what was there afterwards was not recorded"
            });
        } else {
            screen.blank();
            screen.table(&["PART", "ITEM", "FROM", "TO", "CHANGED"], rows);
        }
    }
}

impl Report for UnlockReport {
    const KIND: &'static str = "unlock";

    fn render(&self, screen: &mut Screen) {
        let of = format!("of {}@{} (`{}`, since {})", self.who, self.host, self.command, seconds(&self.since));
        if self.unlocked {
            screen.marked(Mark::Pass, format!("took away the lock {of}"));
        } else {
            screen.line(format!("would take away the lock {of}"));
        }
    }
}
