//! Variables for people. Values show as tokens.

use crate::environment::{EnvDiffReport, EnvStatusReport, KeyState};
use crate::output::{Cell, Report, Screen, Tone};

impl Report for EnvDiffReport {
    const KIND: &'static str = "env-diff";

    fn render(&self, screen: &mut Screen) {
        let mut rows = Vec::new();
        let mut same = 0;
        for function in &self.functions {
            for key in &function.keys {
                if key.state == KeyState::Same {
                    same += 1;
                    if !screen.wide() {
                        continue;
                    }
                }
                let (state, tone) = word(key.state);
                let token = |token: &Option<String>| token.clone().unwrap_or_else(|| "-".into());
                rows.push(vec![
                    Cell::from(&function.function),
                    Cell::from(&key.key),
                    Cell::new(state, tone),
                    Cell::from(token(&key.live)),
                    Cell::from(token(&key.wanted)),
                ]);
            }
        }
        screen.table(&["FUNCTION", "KEY", "STATE", "LIVE", "WANTED"], rows);
        let total: usize = self.functions.iter().map(|function| function.keys.len()).sum();
        screen.line(format!("Variables: {same} the same, {} not", total - same));
    }
}

impl Report for EnvStatusReport {
    const KIND: &'static str = "env-status";

    fn render(&self, screen: &mut Screen) {
        let rows = self.functions.iter().map(|function| {
            let list = |keys: &[String]| if keys.is_empty() { "-".to_owned() } else { keys.join(", ") };
            vec![
                Cell::from(&function.function),
                Cell::right(function.live_version.as_deref().unwrap_or("-")),
                Cell::new(list(&function.behind), if function.behind.is_empty() { Tone::Dim } else { Tone::Warn }),
                Cell::from(list(&function.unpublished)),
            ]
        });
        let rows = rows.collect();
        screen.table(&["FUNCTION", "LIVE", "BEHIND", "UNPUBLISHED"], rows);
        screen.line(format!("Functions: {} up to date, {} behind", self.functions.len() - self.behind, self.behind));
    }
}

fn word(state: KeyState) -> (&'static str, Tone) {
    match state {
        KeyState::Same => ("= same", Tone::Dim),
        KeyState::Changed => ("~ changed", Tone::Warn),
        KeyState::Missing => ("+ missing", Tone::Warn),
        KeyState::Foreign => ("  foreign", Tone::Plain),
        KeyState::Stale => ("- stale", Tone::Warn),
    }
}
