//! The form for people: lines and tables, laid out for the stream's width, colour and characters.

use comfy_table::{Attribute, CellAlignment, Color, ContentArrangement, Table, presets};

use super::terminal::Stream;

/// Below this width a table that does not fit is shown as one block per row.
const NARROW: usize = 60;

/// How a text is meant; never its only meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// Went well.
    Good,
    /// Wants a look.
    Warn,
    /// Went wrong.
    Bad,
    /// Beside the point.
    Dim,
    /// What the line is about.
    Bold,
}

impl Tone {
    fn escape(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "\x1b[32m",
            Self::Warn => "\x1b[33m",
            Self::Bad => "\x1b[31m",
            Self::Dim => "\x1b[2m",
            Self::Bold => "\x1b[1m",
        }
    }
}

/// A sign before a line, with an ASCII form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Done, passed.
    Pass,
    /// Failed.
    Fail,
    /// Could not be found out.
    Unknown,
    /// Nothing changed.
    Same,
    /// Wants a look.
    Warn,
}

/// One cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    tone: Tone,
    right: bool,
}

impl Cell {
    /// A cell with a tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, right: false }
    }

    /// A number or a size, aligned to the right.
    #[expect(clippy::needless_pass_by_value, reason = "numbers are written in place")]
    pub fn right(text: impl ToString) -> Self {
        Self { text: text.to_string(), tone: Tone::Plain, right: true }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::new(text.as_str(), Tone::Plain)
    }
}

/// What a report is drawn on.
#[derive(Debug)]
pub struct Screen {
    stream: Stream,
    wide: bool,
    text: String,
}

impl Screen {
    /// An empty screen for a stream.
    pub fn new(stream: &Stream, wide: bool) -> Self {
        Self { stream: *stream, wide, text: String::new() }
    }

    /// A screen without a terminal behind it, as tests and files see it.
    pub fn plain() -> Self {
        let stream = Stream { is_terminal: false, width: None, color: false, unicode: true, redraws: false };
        Self::new(&stream, false)
    }

    /// Whether `-o wide` was asked for.
    pub fn wide(&self) -> bool {
        self.wide
    }

    /// Columns; absent where lines may be as long as they like.
    pub fn width(&self) -> Option<usize> {
        self.stream.width
    }

    /// What was drawn.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One line; the terminal wraps it where it is too long.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    /// One empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A text behind `prefix`, wrapped between words with its later lines below the text's beginning; a prefix that
    /// takes more than a third of the line has its later lines a little indented instead.
    pub fn paragraph(&mut self, prefix: &str, text: &str) {
        let width = self.stream.width.unwrap_or(usize::MAX);
        let (indent, begins) = (console::measure_text_width(prefix), prefix.len() - prefix.trim_start().len());
        if indent <= width / 3 {
            let mut begin = prefix.to_owned();
            for line in text.lines().flat_map(|line| wrap(line, width - indent)) {
                self.line(format!("{begin}{line}"));
                begin = " ".repeat(indent);
            }
            return;
        }
        let mut lines = text.lines();
        let first = format!("{}{}", &prefix[begins..], lines.next().unwrap_or_default());
        let mut begin = " ".repeat(begins);
        for line in std::iter::once(first.as_str()).chain(lines).flat_map(|line| wrap(line, width - begins - 2)) {
            self.line(format!("{begin}{line}"));
            begin = " ".repeat(begins + 2);
        }
    }

    /// One line with a heading's weight.
    pub fn heading(&mut self, text: impl AsRef<str>) {
        let text = self.styled(text.as_ref(), Tone::Bold);
        self.line(text);
    }

    /// One line that begins with a sign.
    pub fn marked(&mut self, mark: Mark, text: impl AsRef<str>) {
        let line = format!("{} {}", self.mark(mark), text.as_ref());
        self.line(line);
    }

    /// A text in a tone, where the stream shows colour.
    pub fn styled(&self, text: &str, tone: Tone) -> String {
        if self.stream.color && tone != Tone::Plain {
            format!("{}{text}\x1b[0m", tone.escape())
        } else {
            text.to_owned()
        }
    }

    /// A sign, coloured where the stream shows colour.
    pub fn mark(&self, mark: Mark) -> String {
        let (unicode, ascii, tone) = match mark {
            Mark::Pass => ("✓", "ok", Tone::Good),
            Mark::Fail => ("✗", "FAIL", Tone::Bad),
            Mark::Unknown => ("?", "?", Tone::Warn),
            Mark::Same => ("=", "=", Tone::Dim),
            Mark::Warn => ("!", "!", Tone::Warn),
        };
        self.styled(if self.stream.unicode { unicode } else { ascii }, tone)
    }

    /// A table: aligned columns where they fit, wrapped cells where they do not, one block per row on a narrow terminal.
    pub fn table(&mut self, headers: &[&str], rows: Vec<Vec<Cell>>) {
        if rows.is_empty() {
            return;
        }
        let (headers, rows) = without_empty_columns(headers, rows);
        let natural: usize = (0..headers.len())
            .map(|column| {
                let cells =
                    rows.iter().filter_map(|row| row.get(column)).map(|cell| console::measure_text_width(&cell.text));
                cells.chain([headers[column].len()]).max().unwrap_or(0) + 2
            })
            .sum();
        match self.stream.width {
            Some(width) if natural > width && width < NARROW => self.blocks(&headers, &rows),
            width => self.columns(&headers, rows, width.filter(|width| natural > *width)),
        }
    }

    fn columns(&mut self, headers: &[&str], rows: Vec<Vec<Cell>>, width: Option<usize>) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        match width.and_then(|width| u16::try_from(width).ok()) {
            Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        if self.stream.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(headers.iter().map(|header| comfy_table::Cell::new(header).add_attribute(Attribute::Bold)));
        for row in rows {
            table.add_row(row.into_iter().map(comfy_cell));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for line in table.lines() {
            self.line(line.trim_end());
        }
    }

    fn blocks(&mut self, headers: &[&str], rows: &[Vec<Cell>]) {
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                self.blank();
            }
            for (header, cell) in headers.iter().zip(row).filter(|(_, cell)| !cell.text.is_empty()) {
                let text = self.styled(&cell.text, cell.tone);
                self.paragraph(&format!("{}: ", header.to_lowercase()), &text);
            }
        }
    }
}

/// A column without any content only takes room.
fn without_empty_columns<'a>(headers: &[&'a str], rows: Vec<Vec<Cell>>) -> (Vec<&'a str>, Vec<Vec<Cell>>) {
    let used = |column: usize| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.text.is_empty()));
    let kept: Vec<usize> = (0..headers.len()).filter(|column| used(*column)).collect();
    let headers = kept.iter().map(|column| headers[*column]).collect();
    let pick = |mut row: Vec<Cell>| {
        kept.iter().map(|column| row.get_mut(*column).map(std::mem::take).unwrap_or_default()).collect()
    };
    (headers, rows.into_iter().map(pick).collect())
}

fn comfy_cell(cell: Cell) -> comfy_table::Cell {
    let right = cell.right;
    let drawn = comfy_table::Cell::new(cell.text);
    let drawn = if right { drawn.set_alignment(CellAlignment::Right) } else { drawn };
    match cell.tone {
        Tone::Plain => drawn,
        Tone::Good => drawn.fg(Color::DarkGreen),
        Tone::Warn => drawn.fg(Color::DarkYellow),
        Tone::Bad => drawn.fg(Color::DarkRed),
        Tone::Dim => drawn.add_attribute(Attribute::Dim),
        Tone::Bold => drawn.add_attribute(Attribute::Bold),
    }
}

/// A line in pieces of at most `room` columns, broken between words; a longer word stays whole.
fn wrap(line: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split_whitespace() {
        let Some(piece) = pieces.last_mut() else { break };
        let used = console::measure_text_width(piece);
        if used == 0 {
            piece.push_str(word);
        } else if used + 1 + console::measure_text_width(word) <= room {
            piece.push(' ');
            piece.push_str(word);
        } else {
            pieces.push(word.to_owned());
        }
    }
    pieces
}

/// A duration as people read it: `340 ms`, `12.3 s`, `4 min 10 s`.
pub fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(width: Option<usize>, color: bool) -> String {
        let stream = Stream { is_terminal: width.is_some(), width, color, unicode: false, redraws: false };
        let mut screen = Screen::new(&stream, false);
        let reason = "a fairly long explanation of what happened here";
        screen.table(
            &["NAME", "STATE", "REASON"],
            vec![vec!["UsersTable".into(), Cell::new("FAILED", Tone::Bad), reason.into()]],
        );
        screen.text().to_owned()
    }

    #[test]
    fn a_table_is_as_wide_as_its_content_in_a_file() {
        let expected =
            "NAME        STATE   REASON\nUsersTable  FAILED  a fairly long explanation of what happened here\n";
        assert_eq!(sample(None, false), expected);
    }

    #[test]
    fn a_table_wraps_and_then_becomes_blocks() {
        assert!(sample(Some(62), false).lines().all(|line| line.len() <= 62));
        assert!(sample(Some(40), false).starts_with("name: UsersTable\nstate: FAILED\n"));
    }

    #[test]
    fn paragraphs_wrap_between_words() {
        let stream = Stream { is_terminal: true, width: Some(34), color: false, unicode: false, redraws: false };
        let mut screen = Screen::new(&stream, false);
        screen.paragraph("  because: ", "one two three four five six arn:aws:a-very-long-word-that-stays whole");
        let expected = "  because: one two three four five\n           six\n           arn:aws:a-very-long-word-that-stays\n           whole\n";
        assert_eq!(screen.text(), expected);
        screen.text.clear();
        screen.paragraph("error[E-VERIFY-001]: ", "1 of 35 steps of verify failed, first session");
        assert_eq!(screen.text(), "error[E-VERIFY-001]: 1 of 35\n  steps of verify failed, first\n  session\n");
    }

    #[test]
    fn an_empty_column_takes_no_room() {
        let mut screen = Screen::plain();
        screen.table(&["A", "B", "C"], vec![vec!["1".into(), "".into(), "3".into()]]);
        assert_eq!(screen.text(), "A  C\n1  3\n");
    }

    #[test]
    fn colour_is_only_where_it_was_asked_for() {
        assert!(sample(None, true).contains('\x1b'));
        assert!(!sample(None, false).contains('\x1b'));
    }

    #[test]
    fn durations_read_well() {
        assert_eq!([0, 999, 12_345, 250_000].map(duration), ["0 ms", "999 ms", "12.3 s", "4 min 10 s"]);
    }
}
