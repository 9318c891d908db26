//! A page's content: where which text is shown. Everything else is left out.

use std::collections::BTreeMap;
use std::time::Instant;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream};

use super::font::{self, Font};
use super::layout::Run;
use super::{LIMIT_STREAM_BYTES, LIMIT_TEXT_BYTES};

/// How deep pieces of a page may hold other pieces.
const LIMIT_DEPTH: usize = 4;

/// How many pieces a page may show.
const LIMIT_PIECES: usize = 100;

/// A matrix as PDF writes it: a b c d e f.
type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// One after the other. Source: ISO 32000-1, 8.3.4.
fn multiply(one: Matrix, other: Matrix) -> Matrix {
    let across = |row: usize| one[row] * other[0] + one[row + 1] * other[2];
    let along = |row: usize| one[row] * other[1] + one[row + 1] * other[3];
    [across(0), along(0), across(2), along(2), across(4) + other[4], along(4) + other[5]]
}

/// The parts of the graphics state that move text. Source: ISO 32000-1, 9.3.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Vec<u8>,
    size: f32,
    leading: f32,
    character_spacing: f32,
    word_spacing: f32,
    scale: f32,
}

/// The text of one page.
pub struct Page<'a> {
    document: &'a Document,
    until: Instant,
    /// What is shown, in the order in which it is.
    pub runs: Vec<Run>,
    bytes: usize,
    pieces: usize,
    /// A limit was met, and the rest is left out.
    pub cut: bool,
}

impl<'a> Page<'a> {
    /// A page of which nothing is read yet.
    pub const fn new(document: &'a Document, until: Instant) -> Self {
        Self { document, until, runs: Vec::new(), bytes: 0, pieces: 0, cut: false }
    }

    /// Reads a page's content with the resources that it names.
    pub fn read(&mut self, content: &[u8], resources: &[&'a Dictionary]) {
        self.content(content, resources, IDENTITY, 0);
    }

    fn content(&mut self, content: &[u8], resources: &[&'a Dictionary], matrix: Matrix, depth: usize) {
        let Ok(content) = Content::decode(content) else {
            self.cut = true;
            return;
        };
        let used = fonts_of(&content.operations, self.document, resources);
        let fonts: BTreeMap<&[u8], Font> = used
            .iter()
            .filter_map(|(name, dictionaries)| Some((name.as_slice(), Font::read(self.document, dictionaries)?)))
            .collect();
        let state = State {
            matrix,
            font: Vec::new(),
            size: 1.0,
            leading: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
        };
        let mut reader = Reader { fonts: &fonts, state, saved: Vec::new(), text: IDENTITY, line: IDENTITY };
        for (index, operation) in content.operations.iter().enumerate() {
            if index % 256 == 0 && Instant::now() > self.until || self.bytes > LIMIT_TEXT_BYTES {
                self.cut = true;
                return;
            }
            if operation.operator == "Do" {
                self.piece(operation, resources, reader.state.matrix, depth);
            } else {
                reader.operation(operation, self);
            }
        }
    }

    /// A piece of a page that stands elsewhere in the file: a form in the sense of PDF.
    fn piece(&mut self, operation: &Operation, resources: &[&'a Dictionary], matrix: Matrix, depth: usize) {
        let Some(stream) = named(operation).and_then(|name| piece(self.document, resources, name)) else {
            return;
        };
        self.pieces += 1;
        if depth == LIMIT_DEPTH || self.pieces > LIMIT_PIECES {
            self.cut = true;
            return;
        }
        let Ok(content) = stream.get_plain_content_with_limit(LIMIT_STREAM_BYTES) else {
            self.cut = true;
            return;
        };
        let own = stream.dict.get_deref(b"Resources", self.document).and_then(Object::as_dict);
        // Without resources of its own it uses the page's. Source: ISO 32000-1, 8.10.1.
        let resources = own.map_or_else(|_| resources.to_vec(), |own| vec![own]);
        let own_matrix = stream
            .dict
            .get_deref(b"Matrix", self.document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|numbers| matrix_of(numbers))
            .unwrap_or(IDENTITY);
        self.content(&content, &resources, multiply(own_matrix, matrix), depth + 1);
    }

    fn show(&mut self, run: Run) {
        self.bytes += run.text.len().max(1);
        self.runs.push(run);
    }
}

fn named(operation: &Operation) -> Option<&[u8]> {
    operation.operands.first()?.as_name().ok()
}

fn entry<'a>(document: &'a Document, resources: &[&'a Dictionary], kind: &[u8], name: &[u8]) -> Option<&'a Object> {
    resources.iter().find_map(|resources| {
        let entries = resources.get_deref(kind, document).and_then(Object::as_dict).ok()?;
        entries.get_deref(name, document).ok()
    })
}

fn piece<'a>(document: &'a Document, resources: &[&'a Dictionary], name: &[u8]) -> Option<&'a Stream> {
    let stream = entry(document, resources, b"XObject", name)?.as_stream().ok()?;
    let subtype = stream.dict.get_deref(b"Subtype", document).and_then(Object::as_name).ok()?;
    (subtype == b"Form").then_some(stream)
}

/// The fonts that a content asks for, with their dictionaries.
fn fonts_of(
    operations: &[Operation],
    document: &Document,
    resources: &[&Dictionary],
) -> BTreeMap<Vec<u8>, Vec<Dictionary>> {
    let mut fonts = BTreeMap::new();
    for name in operations.iter().filter(|operation| operation.operator == "Tf").filter_map(named) {
        if fonts.len() < 64 && !fonts.contains_key(name) {
            let font = entry(document, resources, b"Font", name).and_then(|font| font.as_dict().ok());
            fonts.insert(name.to_vec(), font.map(font::dictionaries).unwrap_or_default());
        }
    }
    fonts
}

fn matrix_of(operands: &[Object]) -> Option<Matrix> {
    let numbers: Vec<f32> = operands.iter().map_while(|operand| operand.as_float().ok()).collect();
    Matrix::try_from(numbers).ok()
}

/// One run through a content.
struct Reader<'f, 'd> {
    fonts: &'f BTreeMap<&'f [u8], Font<'d>>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
}

impl Reader<'_, '_> {
    fn operation(&mut self, operation: &Operation, page: &mut Page<'_>) {
        let operands = operation.operands.as_slice();
        let number = |at: usize| operands.get(at).and_then(|operand| operand.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" if self.saved.len() < 64 => self.saved.push(self.state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => {
                let matrix = matrix_of(operands).unwrap_or(IDENTITY);
                self.state.matrix = multiply(matrix, self.state.matrix);
            }
            "BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
            "Tf" => {
                self.state.font = named(operation).unwrap_or_default().to_vec();
                self.state.size = number(1);
            }
            "Tc" => self.state.character_spacing = number(0),
            "Tw" => self.state.word_spacing = number(0),
            "Tz" => self.state.scale = number(0) / 100.0,
            "TL" => self.state.leading = number(0),
            "Tm" => {
                self.line = matrix_of(operands).unwrap_or(IDENTITY);
                self.text = self.line;
            }
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.state.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tj" => self.show(operands, page),
            "TJ" => {
                let parts = operands.first().and_then(|parts| parts.as_array().ok());
                self.show(parts.map_or(&[], Vec::as_slice), page);
            }
            "'" => {
                self.next_line(0.0, -self.state.leading);
                self.show(operands, page);
            }
            "\"" => {
                (self.state.word_spacing, self.state.character_spacing) = (number(0), number(1));
                self.next_line(0.0, -self.state.leading);
                self.show(operands.get(2..).unwrap_or_default(), page);
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = multiply([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn advance(&mut self, by: f32) {
        self.text = multiply([1.0, 0.0, 0.0, 1.0, by * self.state.scale, 0.0], self.text);
    }

    /// Strings are shown, numbers between them move on, in thousandths of the size.
    fn show(&mut self, parts: &[Object], page: &mut Page<'_>) {
        let fonts = self.fonts;
        let Some(font) = fonts.get(self.state.font.as_slice()) else {
            return;
        };
        for part in parts {
            match part {
                Object::String(string, _) => {
                    let (width, codes, spaces) = font.width(string);
                    let spacing = codes * self.state.character_spacing + spaces * self.state.word_spacing;
                    let (start, size) = self.place();
                    self.advance(width / 1000.0 * self.state.size + spacing);
                    let (end, _) = self.place();
                    page.show(Run { x: start.0, y: start.1, end: end.0, size, text: font.text(string) });
                }
                part => self.advance(-part.as_float().unwrap_or(0.0) / 1000.0 * self.state.size),
            }
        }
    }

    /// Where the next letter goes on the page, and its height there.
    fn place(&self) -> ((f32, f32), f32) {
        let [_, _, c, d, e, f] = multiply(self.text, self.state.matrix);
        ((e, f), (self.state.size * c.hypot(d)).abs())
    }
}
