//! What the streams can show: a terminal or a file, its width, colour, characters.

use std::io::IsTerminal;

/// When colour is used: `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What one stream can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a faculty of its own")]
pub struct Stream {
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Columns; absent where lines may be as long as they like.
    pub width: Option<usize>,
    /// Colour and weight.
    pub color: bool,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
    /// Whether lines can be redrawn.
    pub redraws: bool,
}

/// What both streams can show.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// The answer's stream.
    pub stdout: Stream,
    /// The stream of everything else.
    pub stderr: Stream,
    /// Whether a question can be asked.
    pub can_ask: bool,
}

impl Terminal {
    /// Looks at the process's streams and its environment.
    pub fn detect(choice: ColorChoice) -> Self {
        let variables = Variables::read();
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let width = |term: &console::Term| term.size_checked().map_or(80, |(_, columns)| usize::from(columns));
        Self {
            stdout: stream(choice, &variables, out.then(|| width(&console::Term::stdout()))),
            stderr: stream(choice, &variables, err.then(|| width(&console::Term::stderr()))),
            can_ask: std::io::stdin().is_terminal() && err,
        }
    }
}

/// The variables that decide what a terminal is trusted with.
#[derive(Debug, Default)]
struct Variables {
    no_color: bool,
    dumb: bool,
    utf8: bool,
}

impl Variables {
    fn read() -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        Self {
            // https://no-color.org: present and not empty.
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: std::env::var_os("TERM").is_none_or(|value| value == "dumb" || value.is_empty()),
            utf8: locale.is_some_and(|value| {
                let value = value.to_ascii_lowercase();
                value.contains("utf-8") || value.contains("utf8")
            }),
        }
    }
}

/// `width` is given for a terminal only.
fn stream(choice: ColorChoice, variables: &Variables, width: Option<usize>) -> Stream {
    let is_terminal = width.is_some();
    Stream {
        is_terminal,
        // A window of zero columns is a terminal that does not know its size.
        width: width.map(|columns| if columns == 0 { 80 } else { columns }),
        color: match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !variables.no_color && !variables.dumb,
        },
        unicode: variables.utf8 && !variables.dumb,
        redraws: is_terminal && !variables.dumb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_and_redrawing_follow_the_stream_and_the_variables() {
        let good = Variables { no_color: false, dumb: false, utf8: true };
        let terminal = stream(ColorChoice::Auto, &good, Some(100));
        assert!(terminal.color && terminal.unicode && terminal.redraws && terminal.width == Some(100));
        let piped = stream(ColorChoice::Auto, &good, None);
        assert!(!piped.color && !piped.redraws && piped.width.is_none());
        assert!(stream(ColorChoice::Always, &good, None).color);
        assert!(!stream(ColorChoice::Never, &good, Some(100)).color);
        assert!(!stream(ColorChoice::Auto, &Variables { no_color: true, ..good }, Some(100)).color);
        let dumb = stream(ColorChoice::Auto, &Variables { dumb: true, utf8: true, no_color: false }, Some(0));
        assert!(!dumb.color && !dumb.unicode && !dumb.redraws && dumb.width == Some(80));
    }
}
