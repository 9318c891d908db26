//! Text that was shown somewhere on a page, as lines: what stands at one height is a line, from left to right, with
//! spaces where there is room for them.

/// A piece of text where it was shown, in units of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where it begins.
    pub x: f32,
    /// Its base line; it rises towards the top of the page.
    pub y: f32,
    /// Where it ends.
    pub end: f32,
    /// The height of the letters.
    pub size: f32,
    /// What it says.
    pub text: String,
}

/// A gap that is a space, in heights of a letter. Kerning moves letters by less, no font's space is narrower.
const SPACE: f32 = 0.17;

/// A gap that parts two columns.
const COLUMN: f32 = 1.5;

/// How far two base lines of one line may be apart.
const SAME_LINE: f32 = 0.35;

/// The lines of a page, top to bottom. Columns are parted by two spaces.
pub fn lines(mut runs: Vec<Run>) -> String {
    runs.retain(|run| !run.text.is_empty() && [run.x, run.y, run.end, run.size].iter().all(|place| place.is_finite()));
    runs.sort_by(|one, other| other.y.total_cmp(&one.y));
    let mut text = String::new();
    let mut line: Vec<Run> = Vec::new();
    for run in runs {
        let ends = line.last().is_some_and(|last| last.y - run.y > SAME_LINE * last.size.max(run.size).max(1.0));
        if ends {
            write_line(std::mem::take(&mut line), &mut text);
        }
        line.push(run);
    }
    write_line(line, &mut text);
    text
}

fn write_line(mut line: Vec<Run>, text: &mut String) {
    line.sort_by(|one, other| one.x.total_cmp(&other.x));
    let start = text.len();
    let mut before: Option<Run> = None;
    for run in line {
        if let Some(before) = &before {
            let height = before.size.max(run.size).max(1.0);
            // Letters that are shown twice with a small shift are how some programs print bold.
            if before.text == run.text && (run.x - before.x).abs() < SPACE * height {
                continue;
            }
            let gap = run.x - before.end;
            if gap > COLUMN * height {
                text.push_str("  ");
            } else if gap > SPACE * height && !text.ends_with(' ') && !run.text.starts_with(' ') {
                text.push(' ');
            }
        }
        text.push_str(&run.text);
        before = Some(run);
    }
    text.truncate(text.trim_end().len().max(start));
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(x: f32, y: f32, end: f32, text: &str) -> Run {
        Run { x, y, end, size: 10.0, text: text.to_owned() }
    }

    #[test]
    fn lines_words_and_columns() {
        for (runs, expected) in [
            (vec![run(0.0, 0.0, 10.0, "below"), run(0.0, 20.0, 10.0, "above")], "above\nbelow\n"),
            (vec![run(0.0, 0.0, 40.0, "Sur"), run(40.5, 0.0, 60.0, "name")], "Surname\n"),
            (vec![run(0.0, 0.0, 40.0, "Date"), run(43.0, 0.3, 60.0, "of")], "Date of\n"),
            (vec![run(90.0, 0.0, 99.0, "Doe"), run(0.0, 0.0, 40.0, "Surname")], "Surname  Doe\n"),
            (vec![run(0.0, 0.0, 20.0, "bold"), run(0.4, 0.0, 20.4, "bold")], "bold\n"),
            (vec![run(0.0, 0.0, 9.0, "a "), run(12.0, 0.0, 20.0, "b ")], "a b\n"),
            (vec![run(f32::NAN, 0.0, 9.0, "nowhere")], "\n"),
        ] {
            assert_eq!(lines(runs.clone()), expected, "{runs:?}");
        }
    }

    proptest! {
        #[test]
        fn no_places_panic(places in proptest::collection::vec((any::<f32>(), any::<f32>(), any::<f32>(), any::<f32>()), 0..20)) {
            let runs = places.into_iter().map(|(x, y, end, size)| Run { x, y, end, size, text: "é ".to_owned() }).collect();
            let _ = lines(runs);
        }
    }
}
