//! Topics for people.

use crate::output::{Cell, Report, Screen, Tone};
use crate::topics::{Action, TopicsPlanReport, TopicsReport};

impl Report for TopicsPlanReport {
    const KIND: &'static str = "topics-plan";

    fn render(&self, screen: &mut Screen) {
        let rows = self.topics.iter().filter(|topic| screen.wide() || topic.action != Action::None).map(|topic| {
            let (action, tone) = match topic.action {
                Action::Create => ("+ create", Tone::Good),
                Action::Change => ("~ change", Tone::Warn),
                Action::None => ("= none", Tone::Dim),
                Action::Refused => ("! refused", Tone::Bad),
            };
            let changes = topic.changes.iter().map(|change| match &change.old {
                Some(old) => format!("{} {old} -> {}", change.key, change.new),
                None => format!("{} {}", change.key, change.new),
            });
            let changes = changes.collect::<Vec<_>>().join(", ");
            vec![Cell::from(&topic.topic), Cell::new(action, tone), Cell::from(topic.why.clone().unwrap_or(changes))]
        });
        let rows = rows.collect();
        screen.table(&["TOPIC", "ACTION", "CHANGES"], rows);
        screen.line(format!("Topics: {}", self.summary()));
    }
}

impl Report for TopicsReport {
    const KIND: &'static str = "topics";

    fn render(&self, screen: &mut Screen) {
        let rows = self.topics.iter().flat_map(|topic| {
            topic.consumers.iter().map(|consumer| {
                vec![
                    Cell::from(&topic.topic),
                    Cell::right(topic.partitions),
                    Cell::right(topic.replication),
                    Cell::right(topic.config.get("retention.ms").map_or_else(|| "-".into(), |text| retention(text))),
                    Cell::from(&consumer.group),
                    Cell::right(consumer.lag.map_or_else(|| "-".into(), |lag| lag.to_string())),
                ]
            })
        });
        let missing = self.missing.iter().map(|topic| vec![Cell::from(topic), Cell::new("missing", Tone::Bad)]);
        let rows = rows.chain(missing).collect();
        screen.table(&["TOPIC", "PARTITIONS", "REPLICATION", "RETENTION", "CONSUMER", "LAG"], rows);
        if !self.missing.is_empty() {
            screen.line("Run `onboardctl topics create` to make the missing ones.");
        }
    }
}

/// Milliseconds in the largest unit that says them exactly.
fn retention(text: &str) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    let Ok(milliseconds) = text.parse::<i64>() else { return text.into() };
    if milliseconds < 0 {
        return "forever".into();
    }
    let unit = UNITS.into_iter().find(|(length, _)| milliseconds % length == 0);
    unit.map_or_else(|| format!("{milliseconds} ms"), |(length, word)| format!("{} {word}", milliseconds / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retention_reads_well() {
        let read = ["604800000", "5400000", "-1", "1500", "odd"].map(retention);
        assert_eq!(read, ["7 d", "90 min", "forever", "1500 ms", "odd"]);
    }
}
