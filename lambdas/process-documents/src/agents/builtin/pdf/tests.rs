//! PDFs as five programs write them (`tests/pdf/make.py` made them), and files that are none.

use std::io::Write as _;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/pdf/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

fn read_file(name: &str) -> PdfText {
    read(&file(name), soon()).unwrap()
}

#[test]
fn the_lines_of_a_page_come_back_whichever_program_wrote_it() {
    let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
    for (name, gap, with_zone) in [
        ("lines.pdf", ": ", true),
        ("streams.pdf", ": ", true),
        ("owner.pdf", ": ", false),
        ("cells.pdf", ":  ", true),
        ("columns.pdf", "  ", true),
        ("page.pdf", "  ", true),
    ] {
        let read = read_file(name);
        for (label, value) in [
            ("Surname", "Eriksson"),
            ("Given names", "Anna Maria"),
            ("Date of birth", "12 AUG 1974"),
            ("Passport No.", "L898902C3"),
            ("Address", "12 Björkgatan, 123 45 Zenith"),
        ] {
            let line = format!("{label}{gap}{value}\n");
            assert!(read.text.contains(&line), "{name} has no line {line:?}:\n{}", read.text);
        }
        assert_eq!(read.text.contains(zone), with_zone, "{name}:\n{}", read.text);
        assert_eq!(read.warnings, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_form_is_read_by_its_fields() {
    let read = read_file("form.pdf");
    assert_eq!(read.fields.len(), 8);
    assert_eq!(read.fields[0], ("Surname".to_owned(), "Eriksson".to_owned()));
}

#[test]
fn what_is_left_out_is_told() {
    assert_eq!(read_file("empty.pdf").warnings, ["the PDF holds no text; a scanned page needs the agent textract"]);
    let pages = read_file("pages.pdf");
    assert_eq!(pages.warnings, ["the PDF has more than 20 pages; the rest is not read"]);
    assert!(pages.text.contains("page 19") && !pages.text.contains("page 20"));
    let late = read(&file("lines.pdf"), Instant::now().checked_sub(Duration::from_secs(1)).unwrap()).unwrap();
    assert_eq!(late.text, "");
    assert_eq!(late.warnings.len(), 1);
}

#[test]
fn what_is_no_pdf_is_refused() {
    for (bytes, expected) in [
        (file("locked.pdf"), "the PDF is encrypted; save it without a password"),
        (b"%PDF-1.7".to_vec(), "the file is no PDF, or it is damaged"),
        (b"Surname: Doe".to_vec(), "the file is no PDF, or it is damaged"),
        (Vec::new(), "the file is no PDF, or it is damaged"),
    ] {
        assert_eq!(read(&bytes, soon()), Err(expected.to_owned()));
    }
}

/// Files around one content.
fn with_content(content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> \
         /XObject << /X 4 0 R >> >> >>"
            .to_owned(),
        format!("<< /Subtype /Form /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 6\n0000000000 65535 f \n").unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    file
}

#[test]
fn operators_that_show_text() {
    for (content, expected) in [
        ("BT /F 10 Tf 50 700 Td (Sur) Tj (name) Tj ET", "Surname\n"),
        ("BT /F 10 Tf 50 700 Td [(Sur) -20 (name) -300 (Doe)] TJ ET", "Surname Doe\n"),
        ("BT /F 10 Tf 50 700 Td 12 TL (one) Tj T* (two) Tj (three) ' 0 0 (four) \" ET", "one\ntwo\nthree\nfour\n"),
        ("BT /F 10 Tf 1 0 0 1 50 100 Tm (low) Tj 1 0 0 1 50 200 Tm (high) Tj ET", "high\nlow\n"),
        ("q 2 0 0 2 0 0 cm BT /F 5 Tf 25 100 Td (a) Tj ET Q BT /F 10 Tf 60 200 Td (b) Tj ET", "a b\n"),
        ("BT /F 10 Tf 50 700 TD (a) Tj 0 -12 TD (b) Tj T* (c) Tj ET", "a\nb\nc\n"),
        ("BT /F 10 Tf 0 Tc 5 Tc 50 700 Td (spaced) Tj ET", "spaced\n"),
        ("BT /Missing 10 Tf 50 700 Td (a) Tj ET", "\n"),
        ("BT 50 700 Td (a) Tj ET Q Q cm Tm TL Tf Do", "\n"),
    ] {
        assert_eq!(read(&with_content(content), soon()).unwrap().text, expected, "{content}");
    }
}

#[test]
fn a_page_that_shows_itself_ends() {
    let read = read(&with_content("BT /F 10 Tf 50 700 Td (a) Tj ET /X Do /X Do"), soon()).unwrap();
    assert!(read.warnings.contains(&"a page of the PDF was not read in full".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes, soon());
        let _ = read(&[b"%PDF-1.5\n".as_slice(), &bytes].concat(), soon());
    }

    #[test]
    fn no_damage_panics(
        name in prop::sample::select(vec!["lines.pdf", "page.pdf", "streams.pdf", "form.pdf", "owner.pdf"]),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        length in any::<prop::sample::Index>(),
        shorten: bool,
    ) {
        let mut bytes = file(name);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if shorten {
            bytes.truncate(length.index(bytes.len()));
        }
        let _ = read(&bytes, soon());
    }

    #[test]
    fn no_content_panics(content in "([0-9. -]{0,6}|\\([a-z ]{0,5}\\)|/F|/X|\\[|\\]| (Tj|TJ|Tf|Td|Tm|T\\*|BT|ET|cm|q|Q|Do|'|Tw|TL) ){0,40}") {
        let _ = read(&with_content(&content), soon());
    }
}
