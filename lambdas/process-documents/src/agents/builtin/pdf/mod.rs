//! The text of a PDF. `lopdf` reads the file; where a text stands on the page decides what is a line, because a program
//! may show the words of a page in any order. (`pdf-extract` does that too, but it is bound to a `lopdf` that unpacks
//! without a limit, and it panics on what it does not expect.)
//!
//! A crafted file can still make any reader use more memory than there is: [`crate::reader`] runs this in a process of
//! its own, with limits that the system keeps.

mod fields;
mod font;
mod layout;
mod page;

use std::time::Instant;

use lopdf::{Dictionary, Document, Error, LoadOptions, ObjectId};
use serde::{Deserialize, Serialize};

use self::page::Page;

/// How many pages are read.
pub const LIMIT_PAGES: usize = 20;

/// How many bytes a packed part of the file may become.
const LIMIT_STREAM_BYTES: usize = 4 * 1024 * 1024;

/// How much text a page, and a document, may hold.
pub const LIMIT_TEXT_BYTES: usize = 512 * 1024;

/// What a PDF says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfText {
    /// Line by line.
    pub text: String,
    /// Names and values of a form's fields.
    pub fields: Vec<(String, String)>,
    /// What was left out.
    pub warnings: Vec<String>,
}

/// Reads a PDF until a moment.
pub fn read(bytes: &[u8], until: Instant) -> Result<PdfText, String> {
    let options = LoadOptions::with_max_decompressed_size(LIMIT_STREAM_BYTES);
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| refusal(&error))?;
    // Without its password such a document is loaded empty.
    if document.trailer.has(b"Encrypt") && !document.was_encrypted() {
        return Err("the PDF is encrypted; save it without a password".to_owned());
    }
    let mut read = PdfText { fields: fields::read(&document), ..PdfText::default() };
    let mut pages = document.page_iter();
    for id in pages.by_ref().take(LIMIT_PAGES) {
        if Instant::now() > until || read.text.len() > LIMIT_TEXT_BYTES {
            read.warnings.push("the PDF holds more text than is read; the rest is left out".to_owned());
            return Ok(read);
        }
        if read_page(&document, id, until, &mut read.text) {
            read.warnings.push("a page of the PDF was not read in full".to_owned());
        }
    }
    if pages.next().is_some() {
        read.warnings.push(format!("the PDF has more than {LIMIT_PAGES} pages; the rest is not read"));
    }
    if read.text.trim().is_empty() && read.fields.is_empty() {
        read.warnings.push("the PDF holds no text; a scanned page needs the agent textract".to_owned());
    }
    Ok(read)
}

/// Adds a page's lines; true where something of it was left out.
fn read_page(document: &Document, id: ObjectId, until: Instant, text: &mut String) -> bool {
    let Ok(content) = document.get_page_content_with_limit(id, LIMIT_STREAM_BYTES) else {
        return true;
    };
    let (own, inherited) = document.get_page_resources(id).unwrap_or_default();
    let resources: Vec<&Dictionary> =
        own.into_iter().chain(inherited.iter().filter_map(|id| document.get_dictionary(*id).ok())).collect();
    let mut page = Page::new(document, until);
    page.read(&content, &resources);
    text.push_str(&layout::lines(std::mem::take(&mut page.runs)));
    page.cut
}

fn refusal(error: &Error) -> String {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => "the PDF is encrypted; save it without a password",
        Error::Decompress(_) => "a part of the PDF unpacks to more than is read",
        _ => "the file is no PDF, or it is damaged",
    }
    .to_owned()
}

#[cfg(test)]
mod tests;
