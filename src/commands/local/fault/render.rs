//! Faults for people.

use crate::local::{FaultClearReport, FaultReport, FaultView, FaultsReport};
use crate::output::{Cell, Mark, Report, Screen, Tone};

impl Report for FaultReport {
    const KIND: &'static str = "local-fault";

    fn render(&self, screen: &mut Screen) {
        let fault = &self.fault;
        let what = format!("{} {}: {}", fault.fault, target(fault), limits(fault));
        if self.changed {
            screen.marked(Mark::Pass, format!("{} {what}", fault.id));
        } else {
            screen.marked(Mark::Same, format!("would be added: {what}"));
        }
        screen.line(format!("  {}", fault.detail));
    }
}

impl Report for FaultsReport {
    const KIND: &'static str = "local-faults";

    fn render(&self, screen: &mut Screen) {
        table(screen, &self.faults);
    }
}

impl Report for FaultClearReport {
    const KIND: &'static str = "local-fault-clear";

    fn render(&self, screen: &mut Screen) {
        let (count, faults) = (self.cleared.len(), if self.cleared.len() == 1 { "fault" } else { "faults" });
        match (count, self.changed) {
            (0, _) => return screen.marked(Mark::Same, "no changes: there is no fault"),
            (_, true) => screen.marked(Mark::Pass, format!("{count} {faults} cleared")),
            (_, false) => screen.marked(Mark::Same, format!("{count} {faults} would be cleared")),
        }
        table(screen, &self.cleared);
    }
}

fn table(screen: &mut Screen, faults: &[FaultView]) {
    if faults.is_empty() {
        return screen.marked(Mark::Same, "there is no fault");
    }
    let wide = screen.wide();
    let row = |fault: &FaultView| {
        let tone = if fault.state == "active" { Tone::Warn } else { Tone::Dim };
        let mut row = vec![
            Cell::from(&fault.id),
            Cell::from(&fault.fault),
            Cell::from(target(fault)),
            Cell::new(&fault.state, tone),
            Cell::right(fault.struck),
            Cell::from(left(fault)),
        ];
        if wide {
            row.extend([Cell::right(fault.matched), Cell::from(limits(fault)), Cell::from(&fault.detail)]);
        }
        row
    };
    let headers = ["ID", "FAULT", "TARGET", "STATE", "STRUCK", "LEFT", "MATCHED", "LIMITS", "WHAT HAPPENS"];
    screen.table(if wide { &headers } else { &headers[..6] }, faults.iter().map(row).collect());
}

/// `dynamodb:PutItem by onboard-ai-consumer-kyc_verified-local`.
fn target(fault: &FaultView) -> String {
    match fault.functions.as_slice() {
        [] => fault.target.clone(),
        [one] => format!("{} of {one}", fault.target),
        several => format!("{} of {} functions", fault.target, several.len()),
    }
}

/// `2`, `until 2026-11-23T10:00:00Z`, `until it is cleared`.
fn left(fault: &FaultView) -> String {
    let until = fault.ends_at.filter(|_| fault.state == "active").map(|end| format!("until {end:.0}"));
    match (fault.state.as_str(), fault.left, until) {
        ("active", Some(left), Some(until)) => format!("{left}, {until}"),
        ("active", Some(left), None) => left.to_string(),
        ("active", None, Some(until)) => until,
        ("active", None, None) => "until it is cleared".into(),
        _ => "nothing".into(),
    }
}

/// `from the 2nd match, 10 % (seed 7), 3 times at most`.
fn limits(fault: &FaultView) -> String {
    let mut words = Vec::new();
    if fault.nth > 1 {
        words.push(format!("from match {} on", fault.nth));
    }
    if let (Some(rate), Some(seed)) = (fault.rate, fault.seed) {
        words.push(format!("with probability {rate} (seed {seed})"));
    }
    match fault.count {
        Some(1) => words.push("once".into()),
        Some(count) => words.push(format!("{count} times")),
        None if fault.ends_at.is_none() => words.push("until it is cleared".into()),
        None => {}
    }
    if let Some(end) = fault.ends_at {
        words.push(format!("until {end:.0}"));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> FaultView {
        FaultView {
            id: "f1".into(),
            fault: "throttle".into(),
            target: "dynamodb:PutItem".into(),
            functions: vec!["f".into()],
            detail: "the service's throttling answer".into(),
            state: "active".into(),
            nth: 2,
            count: Some(3),
            rate: Some(0.1),
            seed: Some(7),
            matched: 5,
            struck: 1,
            left: Some(2),
            ends_at: None,
        }
    }

    #[test]
    fn words() {
        let fault = sample();
        assert_eq!(target(&fault), "dynamodb:PutItem of f");
        assert_eq!(limits(&fault), "from match 2 on, with probability 0.1 (seed 7), 3 times");
        assert_eq!(left(&fault), "2");
        let end: jiff::Timestamp = "2026-11-23T10:00:00.123Z".parse().unwrap();
        let timed = FaultView { count: None, left: None, rate: None, nth: 1, ends_at: Some(end), ..fault.clone() };
        assert_eq!(left(&timed), "until 2026-11-23T10:00:00Z");
        assert_eq!(limits(&timed), "until 2026-11-23T10:00:00Z");
        assert_eq!(left(&FaultView { state: "spent".into(), ..fault }), "nothing");
    }

    #[test]
    fn an_empty_list_says_so() {
        let mut screen = Screen::plain();
        FaultsReport { faults: vec![] }.render(&mut screen);
        assert!(screen.text().contains("there is no fault"));
        let mut screen = Screen::plain();
        FaultsReport { faults: vec![sample()] }.render(&mut screen);
        assert!(screen.text().contains("throttle") && screen.text().contains("STRUCK"), "{}", screen.text());
    }
}
