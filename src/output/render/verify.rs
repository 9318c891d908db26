//! `verify` for people.

use crate::output::screen::duration;
use crate::output::{Cell, Report, Screen, Tone};
use crate::verify::{Step, StepResult, VerifyReport};

impl Report for VerifyReport {
    const KIND: &'static str = "verify";

    fn render(&self, screen: &mut Screen) {
        screen.table(&["STEP", "RESULT", "TIME", "BUDGET", "DETAIL"], self.steps.iter().map(row).collect());
        screen.blank();
        screen.line(format!("{} passed, {} failed, {} unknown", self.passed, self.failed, self.unknown));
    }
}

fn row(step: &Step) -> Vec<Cell> {
    let over = step.ms.zip(step.budget_ms).is_some_and(|(ms, budget)| ms > budget);
    let (word, tone) = match step.result {
        StepResult::Pass if over => ("pass, slow", Tone::Warn),
        StepResult::Pass => ("pass", Tone::Good),
        StepResult::Fail => ("FAIL", Tone::Bad),
        StepResult::Unknown => ("unknown", Tone::Warn),
    };
    vec![
        Cell::from(&step.name),
        Cell::new(word, tone),
        Cell::right(step.ms.map(duration).unwrap_or_default()),
        Cell::right(step.budget_ms.map(duration).unwrap_or_default()),
        Cell::from(&step.detail),
    ]
}
