//! Functions for people: built, planned, deployed, listed.

use crate::functions::{
    BuildReport, DeployAction, EnvPlanReport, EnvSyncReport, LambdasDeployReport, LambdasPlanReport, LambdasReport,
    PlanAction,
};
use crate::output::screen::duration;
use crate::output::{Cell, Report, Screen, Tone};

impl Report for BuildReport {
    const KIND: &'static str = "lambdas-build";

    fn render(&self, screen: &mut Screen) {
        let rows = self.functions.iter().map(|function| {
            let delta = match function.previous_bytes {
                Some(previous) if previous == function.bytes => "=".to_owned(),
                Some(previous) if previous < function.bytes => format!("+{}", size(function.bytes - previous)),
                Some(previous) => format!("-{}", size(previous - function.bytes)),
                None => "new".to_owned(),
            };
            let mut row = vec![
                Cell::from(&function.function),
                Cell::from(&function.architecture),
                Cell::right(size(function.unpacked_bytes)),
                Cell::right(size(function.bytes)),
                Cell::right(delta),
                Cell::from(&function.code_sha256),
            ];
            if screen.wide() {
                row.push(Cell::from(&function.zip));
            }
            row
        });
        let rows = rows.collect();
        let headers = ["FUNCTION", "MACHINE", "EXECUTABLE", "ZIP", "DELTA", "CODE SHA-256", "FILE"];
        screen.table(if screen.wide() { &headers } else { &headers[..6] }, rows);
        let (target, profile) = (&self.target, &self.profile);
        screen.line(format!(
            "Built {} functions for {target} ({profile}) in {}",
            self.functions.len(),
            duration(self.duration_ms)
        ));
    }
}

impl Report for EnvPlanReport {
    const KIND: &'static str = "env-plan";

    fn render(&self, screen: &mut Screen) {
        self.0.render(screen);
    }
}

impl Report for EnvSyncReport {
    const KIND: &'static str = "env-sync";

    fn render(&self, screen: &mut Screen) {
        self.0.render(screen);
    }
}

impl Report for LambdasPlanReport {
    const KIND: &'static str = "lambdas-plan";

    fn render(&self, screen: &mut Screen) {
        let rows = self.functions.iter().filter(|function| screen.wide() || function.action != PlanAction::None).map(
            |function| {
                let (action, tone) = match function.action {
                    PlanAction::Create => ("+ create", Tone::Good),
                    PlanAction::Update => ("~ update", Tone::Warn),
                    PlanAction::None => ("= none", Tone::Dim),
                    PlanAction::Refused => ("! refused", Tone::Bad),
                };
                let changes = function.why.clone().unwrap_or_else(|| function.changes.join(", "));
                vec![Cell::from(&function.function), Cell::new(action, tone), Cell::from(changes)]
            },
        );
        let rows = rows.collect();
        screen.table(&["FUNCTION", "ACTION", "CHANGES"], rows);
        screen.line(format!("Functions: {}", self.summary()));
    }
}

impl Report for LambdasDeployReport {
    const KIND: &'static str = "lambdas-deploy";

    fn render(&self, screen: &mut Screen) {
        let rows =
            self.functions.iter().filter(|function| screen.wide() || function.action != DeployAction::Unchanged).map(
                |function| {
                    let tone = match function.action {
                        DeployAction::Created | DeployAction::Updated => Tone::Good,
                        DeployAction::Unchanged => Tone::Dim,
                        DeployAction::Failed => Tone::Bad,
                    };
                    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "-".into());
                    vec![
                        Cell::from(&function.function),
                        Cell::new(function.action.word(), tone),
                        Cell::from(format!("{} -> {}", version(&function.from_version), version(&function.to_version))),
                        Cell::right(function.bytes.map_or_else(|| "-".into(), size)),
                        Cell::right(format!("{} ms", function.duration_ms)),
                        Cell::from(function.error.clone().unwrap_or_default()),
                    ]
                },
            );
        let rows = rows.collect();
        screen.table(&["FUNCTION", "ACTION", "LIVE", "SIZE", "TIME", ""], rows);
        screen.line(format!(
            "Functions: {}",
            if self.changed() { self.summary() } else { format!("no changes ({})", self.summary()) }
        ));
    }
}

impl Report for LambdasReport {
    const KIND: &'static str = "lambdas";

    fn render(&self, screen: &mut Screen) {
        let dash = |text: Option<&String>| text.cloned().unwrap_or_else(|| "-".into());
        let rows = self.functions.iter().map(|function| {
            let tone = if function.state == "Active" { Tone::Good } else { Tone::Bad };
            let source = function.sources.first();
            let code = function.code_sha256.as_ref().map(|hash| hash.chars().take(12).collect());
            let mut row = vec![
                Cell::from(&function.function),
                Cell::right(dash(function.live_version.as_ref())),
                Cell::new(function.state.as_str(), tone),
                Cell::from(dash(code.as_ref())),
                Cell::from(source.map_or_else(|| "-".into(), |source| short(&source.topic))),
                Cell::from(dash(source.map(|source| &source.state))),
                Cell::from(dash(source.and_then(|source| source.last_result.as_ref()))),
            ];
            if screen.wide() {
                row.push(Cell::from(dash(function.last_modified.as_ref())));
                row.push(Cell::from(dash(source.and_then(|source| source.group.as_ref()))));
            }
            row
        });
        let rows = rows.collect();
        let headers =
            ["FUNCTION", "LIVE", "STATE", "CODE", "SOURCE", "SOURCE STATE", "LAST RESULT", "MODIFIED", "GROUP"];
        screen.table(if screen.wide() { &headers } else { &headers[..7] }, rows);
    }
}

/// A stream's ARN as its table: `…:table/NAME/stream/…`.
fn short(source: &str) -> String {
    let table = source.split_once(":table/").and_then(|(_, rest)| rest.split('/').next());
    table.map_or_else(|| source.to_owned(), |table| format!("stream of {table}"))
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_changed_nothing_says_so() {
        let report = LambdasDeployReport::new(Vec::new());
        let mut screen = Screen::plain();
        report.render(&mut screen);
        assert!(screen.text().starts_with("Functions: no changes"), "{}", screen.text());
    }
}
