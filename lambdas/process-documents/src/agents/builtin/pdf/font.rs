//! What a font's codes say and how wide they are.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::LIMIT_STREAM_BYTES;

/// How many widths of one font are kept; there are no more codes of two bytes.
const LIMIT_WIDTHS: usize = 65_536;

/// A font as a page refers to it.
pub struct Font<'a> {
    encodings: Vec<Encoding<'a>>,
    widths: Widths,
    /// Bytes of a code.
    code_length: usize,
}

struct Widths {
    by_code: BTreeMap<u16, f32>,
    otherwise: Otherwise,
}

/// The width of a code that the font does not give one for.
#[derive(Clone, Copy)]
enum Otherwise {
    /// The font says so.
    Constant(f32),
    /// The font is one of the standard 14, whose widths every reader knows.
    Helvetica(f32),
}

/// A font's dictionaries, as [`Font::read`] needs them: one with the map to Unicode alone and the one that is there.
/// The map comes first, because the names of glyphs mislead when a program renamed them.
pub fn dictionaries(font: &Dictionary) -> Vec<Dictionary> {
    let mut dictionaries = Vec::new();
    if font.has(b"ToUnicode") && font.has(b"Encoding") {
        let mut mapped = font.clone();
        mapped.remove(b"Encoding");
        dictionaries.push(mapped);
    }
    dictionaries.push(font.clone());
    dictionaries
}

impl<'a> Font<'a> {
    /// Reads a font; nothing where its codes can't be told.
    pub fn read(document: &'a Document, dictionaries: &'a [Dictionary]) -> Option<Self> {
        let font = dictionaries.last()?;
        let encodings: Vec<Encoding> = dictionaries
            .iter()
            .filter_map(|dictionary| dictionary.get_font_encoding_with_limit(document, LIMIT_STREAM_BYTES).ok())
            .collect();
        let composite =
            font.get_deref(b"Subtype", document).and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
        let widths = if composite { composite_widths(document, font) } else { simple_widths(document, font) };
        (!encodings.is_empty()).then_some(Self { encodings, widths, code_length: if composite { 2 } else { 1 } })
    }

    /// What a string says.
    pub fn text(&self, string: &[u8]) -> String {
        let decoded = |encoding: &Encoding| encoding.bytes_to_string(string).ok();
        let whole = |text: &String| !text.contains('\u{FFFD}') && !text.is_empty();
        self.encodings
            .iter()
            .filter_map(decoded)
            .find(whole)
            .or_else(|| self.encodings.iter().find_map(decoded))
            .unwrap_or_default()
    }

    /// How many codes a string has and how wide they are together, in thousandths of the font's size; and how many of
    /// them are spaces.
    pub fn width(&self, string: &[u8]) -> (f32, f32, f32) {
        let (mut width, mut codes, mut spaces) = (0.0, 0.0, 0.0);
        for code in string.chunks(self.code_length) {
            let number = code.iter().fold(0_u16, |number, byte| (number << 8) | u16::from(*byte));
            width += self.widths.of(number);
            codes += 1.0;
            // Word spacing counts for codes of one byte only. Source: ISO 32000-1, 9.3.3.
            spaces += if code == b" " { 1.0 } else { 0.0 };
        }
        (width, codes, spaces)
    }
}

impl Widths {
    fn of(&self, code: u16) -> f32 {
        if let Some(width) = self.by_code.get(&code) {
            return *width;
        }
        match self.otherwise {
            Otherwise::Constant(width) => width,
            Otherwise::Helvetica(scale) => {
                let at = usize::from(code).checked_sub(32);
                scale * f32::from(at.and_then(|at| HELVETICA.get(at)).copied().unwrap_or(556))
            }
        }
    }
}

fn number(document: &Document, object: &Object) -> Option<f32> {
    document.dereference(object).ok()?.1.as_float().ok().filter(|width| width.abs() < 100_000.0)
}

fn simple_widths(document: &Document, font: &Dictionary) -> Widths {
    let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).unwrap_or(0);
    let widths = font.get_deref(b"Widths", document).and_then(Object::as_array);
    let by_code: BTreeMap<u16, f32> = widths
        .into_iter()
        .flatten()
        .take(256)
        .zip(first.clamp(0, 255)..)
        .filter_map(|(width, code)| Some((u16::try_from(code).ok()?, number(document, width)?)))
        .collect();
    let missing = font
        .get_deref(b"FontDescriptor", document)
        .and_then(Object::as_dict)
        .and_then(|descriptor| descriptor.get_deref(b"MissingWidth", document))
        .and_then(Object::as_float);
    let otherwise = match missing {
        Ok(width) if !by_code.is_empty() => Otherwise::Constant(width),
        _ => standard(font.get_deref(b"BaseFont", document).and_then(Object::as_name).unwrap_or_default()),
    };
    Widths { by_code, otherwise }
}

/// The widths of the standard fonts, near enough to tell a gap from a kerning.
fn standard(name: &[u8]) -> Otherwise {
    let name = String::from_utf8_lossy(name);
    let bold = if name.contains("Bold") { 1.06 } else { 1.0 };
    if name.contains("Courier") {
        Otherwise::Constant(600.0)
    } else if name.contains("Times") {
        Otherwise::Helvetica(0.9 * bold)
    } else {
        Otherwise::Helvetica(bold)
    }
}

/// `W` is a list of `first [width …]` and `first last width`. Source: ISO 32000-1, 9.7.4.3.
fn composite_widths(document: &Document, font: &Dictionary) -> Widths {
    let mut widths = Widths { by_code: BTreeMap::new(), otherwise: Otherwise::Constant(1000.0) };
    let descendant = font
        .get_deref(b"DescendantFonts", document)
        .and_then(Object::as_array)
        .ok()
        .and_then(|fonts| document.dereference(fonts.first()?).ok()?.1.as_dict().ok());
    let Some(descendant) = descendant else {
        return widths;
    };
    if let Some(width) = descendant.get(b"DW").ok().and_then(|width| number(document, width)) {
        widths.otherwise = Otherwise::Constant(width);
    }
    let Ok(entries) = descendant.get_deref(b"W", document).and_then(Object::as_array) else {
        return widths;
    };
    let code = |object: &Object| object.as_i64().ok().and_then(|code| u16::try_from(code).ok());
    let mut rest = entries.as_slice();
    while let [first, second, more @ ..] = rest {
        let Some(first) = code(first) else { break };
        if let Ok((_, Object::Array(list))) = document.dereference(second) {
            for (code, width) in (first..=u16::MAX).zip(list) {
                widths.by_code.extend(number(document, width).map(|width| (code, width)));
            }
            rest = more;
        } else if let (Some(last), [width, more @ ..]) = (code(second), more) {
            if let Some(width) = number(document, width) {
                widths.by_code.extend((first..=last).map(|code| (code, width)));
            }
            rest = more;
        } else {
            break;
        }
        if widths.by_code.len() > LIMIT_WIDTHS {
            break;
        }
    }
    widths
}

/// Widths of Helvetica from the space on. Source: Adobe, "Core 14 AFM Files", Helvetica.afm.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
