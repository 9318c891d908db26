//! The local platform for people.

use crate::local::{LogsReport, PartReport, ResetReport, Started, StatusReport, StopReport};
use crate::output::{Cell, Mark, Report, Screen, Tone};

impl Report for Started {
    const KIND: &'static str = "local-start";

    fn render(&self, screen: &mut Screen) {
        if self.changed {
            screen.marked(Mark::Pass, format!("started in {}", seconds(self.duration_ms)));
        } else {
            screen.marked(Mark::Same, "no changes: it runs");
        }
        screen.line(format!("  site          {}", self.site));
        screen.line(format!("  AWS endpoint  {}", self.aws_endpoint));
        screen.line(format!("  Kafka         {}", self.kafka));
        screen.line(format!("  state         {}", self.state_dir));
    }
}

impl Report for StopReport {
    const KIND: &'static str = "local-stop";

    fn render(&self, screen: &mut Screen) {
        if self.changed {
            screen.marked(Mark::Pass, format!("stopped in {}", seconds(self.duration_ms)));
        } else {
            screen.marked(Mark::Same, "no changes: nothing ran");
        }
    }
}

impl Report for ResetReport {
    const KIND: &'static str = "local-reset";

    fn render(&self, screen: &mut Screen) {
        if self.changed {
            screen.marked(Mark::Pass, format!("{} holds no platform any more", self.state_dir));
        } else {
            screen.marked(Mark::Same, format!("no changes: {} holds no platform", self.state_dir));
        }
    }
}

impl Report for StatusReport {
    const KIND: &'static str = "local-status";

    fn render(&self, screen: &mut Screen) {
        let mark = match self.state.as_str() {
            "ready" => Mark::Pass,
            "stopped" => Mark::Same,
            "failed" => Mark::Fail,
            _ => Mark::Warn,
        };
        screen.marked(mark, format!("{} ({})", self.state, self.state_dir));
        for (what, address) in [("site        ", &self.site), ("AWS endpoint", &self.aws_endpoint)] {
            if let Some(address) = address {
                screen.line(format!("  {what}  {address}"));
            }
        }
        if self.state != "stopped" {
            screen.blank();
            screen.table(&["PART", "STATE", "PID", "LISTENS ON", "HISTORY"], self.parts.iter().map(row).collect());
        }
        if let Some(as_of) = &self.aws_state_as_of {
            screen.blank();
            screen.marked(Mark::Warn, format!("the AWS APIs ended without saving: AWS state as of {as_of}"));
        }
    }
}

fn row(part: &PartReport) -> Vec<Cell> {
    let tone = if part.state == "ready" { Tone::Good } else { Tone::Warn };
    vec![
        Cell::from(&part.part),
        Cell::new(&part.state, tone),
        Cell::right(part.pid.map_or_else(String::new, |pid| pid.to_string())),
        Cell::from(part.addresses.join(" ")),
        Cell::from(history(part)),
    ]
}

/// `restarted 1x: killed by signal 9`.
fn history(part: &PartReport) -> String {
    match (part.restarts, &part.last_end) {
        (0, None) => String::new(),
        (0, Some(end)) => end.clone(),
        (times, end) => format!("restarted {times}x: {}", end.as_deref().unwrap_or("unknown")),
    }
}

impl Report for LogsReport {
    const KIND: &'static str = "local-logs";

    fn render(&self, screen: &mut Screen) {
        let several = self.logs.len() > 1;
        for log in &self.logs {
            for line in &log.lines {
                screen.line(if several { format!("{:<10} {line}", log.part) } else { line.clone() });
            }
        }
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_is_told() {
        let part = PartReport {
            part: "aws".into(),
            state: "ready".into(),
            pid: Some(7),
            addresses: vec!["127.0.0.1:20001".into()],
            since: None,
            restarts: 1,
            last_end: Some("killed by signal 9".into()),
        };
        assert_eq!(history(&part), "restarted 1x: killed by signal 9");
        let report = StatusReport {
            state: "ready".into(),
            state_dir: "/state".into(),
            aws_endpoint: None,
            site: None,
            parts: vec![part],
            aws_state_as_of: None,
        };
        let mut screen = Screen::plain();
        report.render(&mut screen);
        assert!(screen.text().contains("restarted 1x: killed by signal 9"), "{}", screen.text());
    }
}
