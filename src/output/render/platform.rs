//! `up` and `down` for people.

use crate::output::screen::duration;
use crate::output::{Cell, Mark, Report, Screen, Tone};
use crate::platform::{DownReport, PartReport, UpReport};

impl Report for UpReport {
    const KIND: &'static str = "up";

    fn render(&self, screen: &mut Screen) {
        screen.table(&["PART", "RESULT", "TIME"], self.parts.iter().map(part).collect());
        if let Some(verify) = &self.verify {
            screen.blank();
            verify.render(screen);
        }
        if let Some(urls) = &self.urls {
            screen.blank();
            screen.line(format!("site       {}", urls.site));
            screen.line(format!("api        {}", urls.api));
            screen.line(format!("websocket  {}", urls.websocket));
            if let Some(endpoint) = &urls.aws_endpoint {
                screen.line(format!("aws        {endpoint}"));
            }
        }
        if let Some(release) = &self.release {
            screen.line(format!("release    {release}"));
        }
    }
}

fn part(part: &PartReport) -> Vec<Cell> {
    let tone = if part.changed { Tone::Good } else { Tone::Dim };
    vec![Cell::from(&part.part), Cell::new(&part.summary, tone), Cell::right(duration(part.duration_ms))]
}

impl Report for DownReport {
    const KIND: &'static str = "down";

    fn render(&self, screen: &mut Screen) {
        if self.functions.is_empty() && self.stacks.is_empty() && !self.stopped && !self.reset {
            screen.marked(Mark::Same, "nothing was there to be taken down");
        }
        for function in &self.functions {
            let source = if self.sources.contains(function) { " with its event source" } else { "" };
            screen.line(format!("- function {function}{source}"));
        }
        for stack in &self.stacks {
            screen.line(format!("- stack {stack} with its data"));
        }
        if self.reset {
            screen.line("- the platform on this computer with its state");
        } else if self.stopped {
            screen.line("- the platform on this computer was stopped; its state stays");
        }
        for kept in &self.kept {
            screen.marked(Mark::Same, format!("kept {kept}"));
        }
    }
}
