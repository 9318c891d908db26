//! `stack` for people.

use crate::output::screen::duration;
use crate::output::{Cell, Mark, Report, Screen, Tone};
use crate::stack::{
    Action, Change, EventRow, StackEventsReport, StackOutputReport, StackOutputsReport, StackPlanReport,
    StackStatusReport, StackStatusRow, StackUpReport, Totals,
};

impl Report for StackPlanReport {
    const KIND: &'static str = "stack-plan";

    fn render(&self, screen: &mut Screen) {
        for stack in &self.stacks {
            if stack.changes.is_empty() && stack.also.is_empty() {
                screen.marked(Mark::Same, format!("{}: no changes", stack.name));
                continue;
            }
            screen.heading(&stack.name);
            for also in &stack.also {
                screen.line(format!("  {also}"));
            }
            screen.table(&["", "RESOURCE", "TYPE", "REPLACEMENT", "BECAUSE"], stack.changes.iter().map(row).collect());
        }
        let Totals { add, change, replace, delete } = self.totals;
        screen.line(format!("Plan: {add} add, {change} change, {replace} replace, {delete} delete"));
    }
}

impl Report for StackUpReport {
    const KIND: &'static str = "stack-up";

    fn render(&self, screen: &mut Screen) {
        for stack in &self.stacks {
            if stack.changed {
                let took = duration(stack.duration_ms);
                screen.marked(Mark::Pass, format!("{} {}: {} ({took})", stack.name, stack.status, stack.totals));
            } else {
                screen.marked(Mark::Same, format!("{}: no changes", stack.name));
            }
        }
        if !self.associated_secrets.is_empty() {
            let (count, took) = (self.associated_secrets.len(), duration(self.associated_ms));
            screen.marked(Mark::Pass, format!("{count} secrets associated with the cluster ({took})"));
        }
    }
}

impl Report for StackStatusReport {
    const KIND: &'static str = "stack-status";

    fn render(&self, screen: &mut Screen) {
        let row = |stack: &StackStatusRow| {
            let tone = match stack.status.as_str() {
                "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" => Tone::Good,
                status if status.contains("FAILED") || status.contains("ROLLBACK") => Tone::Bad,
                _ => Tone::Warn,
            };
            vec![
                Cell::from(&stack.name),
                Cell::new(&stack.status, tone),
                Cell::from(stack.updated_at.map(|at| format!("{at:.0}")).unwrap_or_default()),
                Cell::from(stack.reason.clone().unwrap_or_default()),
            ]
        };
        screen.table(&["STACK", "STATUS", "UPDATED", "REASON"], self.stacks.iter().map(row).collect());
    }
}

impl Report for StackOutputsReport {
    const KIND: &'static str = "stack-outputs";

    fn render(&self, screen: &mut Screen) {
        let row = |(key, value): (&String, &String)| vec![Cell::from(key), Cell::from(value)];
        screen.table(&["OUTPUT", "VALUE"], self.outputs.iter().map(row).collect());
        if self.outputs.is_empty() {
            screen.line("no outputs");
        }
    }
}

impl Report for StackOutputReport {
    const KIND: &'static str = "stack-output";

    fn render(&self, screen: &mut Screen) {
        screen.line(&self.value);
    }
}

fn row(change: &Change) -> Vec<Cell> {
    let (sign, tone) = match change.action {
        Action::Add => ("+", Tone::Good),
        Action::Change => ("~", Tone::Warn),
        Action::Replace => ("±", Tone::Bad),
        Action::Delete => ("-", Tone::Bad),
    };
    let replacement = if change.action == Action::Add { "" } else { change.replacement.as_str() };
    vec![
        Cell::new(sign, tone),
        Cell::from(&change.logical_id),
        Cell::from(&change.kind),
        Cell::from(replacement),
        Cell::from(change.because.join(", ")),
    ]
}

impl Report for StackEventsReport {
    const KIND: &'static str = "stack-events";

    fn render(&self, screen: &mut Screen) {
        let row = |event: &EventRow| {
            let tone = match event.status.as_str() {
                status if status.contains("FAILED") || status.contains("ROLLBACK") => Tone::Bad,
                status if status.ends_with("_COMPLETE") => Tone::Good,
                _ => Tone::Plain,
            };
            vec![
                Cell::from(event.at.map(|at| format!("{at:.0}")).unwrap_or_default()),
                Cell::from(&event.stack),
                Cell::from(&event.logical_id),
                Cell::new(&event.status, tone),
                Cell::from(event.reason.clone().unwrap_or_default()),
            ]
        };
        screen.table(&["TIME", "STACK", "RESOURCE", "STATUS", "REASON"], self.events.iter().map(row).collect());
        if self.events.is_empty() {
            screen.line("no events");
        }
    }
}
