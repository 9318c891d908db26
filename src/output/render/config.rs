//! `config show` and `config validate` for people.

use crate::catalogue::report::{ConfigReport, ConfigValidateReport, Setting};
use crate::output::{Cell, Mark, Report, Screen, Tone};

impl Report for ConfigReport {
    const KIND: &'static str = "config";

    fn render(&self, screen: &mut Screen) {
        let origins = self.origins || screen.wide();
        let row = |setting: &Setting| {
            let value = setting.value.as_ref().map_or_else(|| Cell::new("-", Tone::Dim), Cell::from);
            let mut row = vec![Cell::from(&setting.key), value];
            if origins {
                row.push(Cell::new(&setting.origin, Tone::Dim));
            }
            row
        };
        let headers: &[&str] = if origins { &["KEY", "VALUE", "ORIGIN"] } else { &["KEY", "VALUE"] };
        let rows: Vec<Vec<Cell>> = self.flags.iter().chain(&self.values).map(row).collect();
        if rows.is_empty() {
            return screen.line("no such key; without one everything is shown");
        }
        screen.table(headers, rows);
    }
}

impl Report for ConfigValidateReport {
    const KIND: &'static str = "config-validate";

    fn render(&self, screen: &mut Screen) {
        let counts = &self.counts;
        if self.problems.is_empty() {
            screen.marked(
                Mark::Pass,
                format!(
                    "{}: {} environments, {} stacks, {} topics, {} functions",
                    self.files.join(", "),
                    counts.environments,
                    counts.stacks,
                    counts.topics,
                    counts.functions
                ),
            );
        }
        for problem in &self.problems {
            screen.marked(Mark::Fail, problem.to_string());
        }
    }
}
