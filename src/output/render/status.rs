//! `status` for people: one screen.

use crate::output::{Cell, Mark, Report, Screen, Tone};
use crate::status::StatusReport;

impl Report for StatusReport {
    const KIND: &'static str = "status";

    fn render(&self, screen: &mut Screen) {
        let none = || "none".to_owned();
        screen.line(format!("site      {}", self.site.clone().unwrap_or_else(none)));
        screen.line(format!("release   {}", self.release.clone().unwrap_or_else(none)));
        if let Some(lock) = &self.lock {
            let held = if lock.expired { "was held, expired," } else { "held" };
            screen.line(format!(
                "lock      {held} by {}@{} since {} with `{}` ({})",
                lock.who, lock.host, lock.since, lock.command, lock.id
            ));
        }
        screen.line(format!("frontend  {}", self.frontend.state.replace('_', " ")));
        if !self.platform.is_empty() {
            screen.blank();
            let rows = self
                .platform
                .iter()
                .map(|line| vec![Cell::from(&line.part), state(&line.state), Cell::from(&line.detail)]);
            screen.table(&["PLATFORM", "STATE", "DETAIL"], rows.collect());
        }
        if !self.stacks.is_empty() {
            screen.blank();
            let rows = self
                .stacks
                .iter()
                .map(|line| vec![Cell::from(&line.stack), state(&line.status), Cell::from(&line.name)]);
            screen.table(&["STACK", "STATE", "NAME"], rows.collect());
        }
        if !self.functions.is_empty() {
            screen.blank();
            let rows = self.functions.iter().map(|line| {
                vec![
                    Cell::from(&line.function),
                    state(&line.state),
                    Cell::right(line.live_version.as_deref().unwrap_or("-")),
                ]
            });
            screen.table(&["FUNCTION", "STATE", "VERSION"], rows.collect());
        }
        self.topics(screen);
        if !self.alarms.is_empty() {
            screen.blank();
            let rows = self
                .alarms
                .iter()
                .map(|line| vec![Cell::from(&line.name), state(&line.state), Cell::from(&line.reason)]);
            screen.table(&["ALARM", "STATE", "REASON"], rows.collect());
        }
        if !self.unknown.is_empty() {
            screen.blank();
            for unknown in &self.unknown {
                screen.marked(Mark::Unknown, format!("{}: unknown: {}", unknown.part, unknown.reason));
            }
        }
    }
}

impl StatusReport {
    fn topics(&self, screen: &mut Screen) {
        if self.topics.is_empty() {
            return;
        }
        screen.blank();
        let rows = self.topics.iter().map(|line| {
            let lag = self.lag.iter().find(|lag| lag.topic == line.topic);
            let waiting = lag.and_then(|lag| lag.total_lag).map_or_else(|| "unknown".to_owned(), |lag| lag.to_string());
            let partitions = line.partitions.map_or_else(|| Cell::new("absent", Tone::Bad), Cell::right);
            vec![Cell::from(&line.topic), partitions, Cell::right(waiting)]
        });
        screen.table(&["TOPIC", "PARTITIONS", "WAITING"], rows.collect());
    }
}

fn state(word: &str) -> Cell {
    let tone = match word {
        "ready" | "Active" | "OK" => Tone::Good,
        word if word.ends_with("ROLLBACK_COMPLETE") || word.ends_with("FAILED") => Tone::Bad,
        word if word.ends_with("_COMPLETE") => Tone::Good,
        "skipped" => Tone::Dim,
        "absent" | "stopped" | "ALARM" | "Failed" => Tone::Bad,
        _ => Tone::Warn,
    };
    Cell::new(word, tone)
}
