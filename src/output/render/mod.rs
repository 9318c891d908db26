//! The forms for people that are too long to sit beside their reports, one file per noun.

mod config;
mod environment;
mod lambdas;
mod platform;
mod release;
mod stack;
mod status;
mod topics;
mod verify;

use crate::error::Failure;

use super::{Screen, Tone};

/// An error: what happened, why we think so, what to run next.
pub fn failure(failure: &Failure, screen: &mut Screen) {
    let head = screen.styled(&format!("error[{}]:", failure.code.id), Tone::Bad);
    screen.paragraph(&format!("{head} "), &failure.what);
    for why in &failure.why {
        screen.paragraph("  because: ", why);
    }
    for fix in &failure.fix {
        let fix = screen.styled(fix, Tone::Bold);
        screen.line(format!("  next: {fix}"));
    }
    if failure.fix.is_empty() {
        screen.line(format!("  next: onboardctl explain {}", failure.code.id));
    }
}
