//! The PDF reader as a process of its own: what it reads, and that nothing a file does reaches the function.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::io::Write as _;
use std::time::Duration;

use process_documents::reader::{LIMIT_FILE_BYTES, Reader};

/// More time than any of these files needs: how fast a machine is, is not what is tested.
const PATIENCE: Duration = Duration::from_mins(1);

fn reader() -> Reader {
    Reader::of(env!("CARGO_BIN_EXE_process-documents")).within(PATIENCE)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/pdf/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A file whose objects are these, with a table that names their places.
fn of_objects(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        writeln!(file, "{} 0 obj", index + 1).unwrap();
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).unwrap();
    file
}

fn with(mut more: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>".to_vec(),
    ];
    objects.append(&mut more);
    of_objects(&objects)
}

#[tokio::test]
async fn a_pdf_is_read() {
    let read = reader().text(&file("page.pdf")).await.unwrap().unwrap();
    assert!(read.text.contains("Surname  Eriksson\n"), "{}", read.text);
    assert_eq!(reader().text(b"no PDF").await.unwrap(), Err("the file is no PDF, or it is damaged".to_owned()));
}

#[tokio::test]
async fn a_scan_of_the_largest_size_is_read() {
    let image = |length: usize| {
        let head = format!(
            "<< /Subtype /Image /Width 1 /Height {length} /BitsPerComponent 8 /ColorSpace /DeviceGray /Length {length} >>\nstream\n"
        );
        let noise: Vec<u8> = (0..length).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
        [head.into_bytes(), noise, b"\nendstream".to_vec()].concat()
    };
    let file = with(vec![image(LIMIT_FILE_BYTES / 2 - 2048), image(LIMIT_FILE_BYTES / 2 - 2048)]);
    assert!(file.len() > LIMIT_FILE_BYTES - 8192 && file.len() <= LIMIT_FILE_BYTES);
    let read = reader().text(&file).await.unwrap().unwrap();
    assert_eq!(read.warnings, ["the PDF holds no text; a scanned page needs the agent textract"]);
}

#[tokio::test]
async fn readers_take_turns() {
    let reader = reader();
    let (lines, page) = (file("lines.pdf"), file("page.pdf"));
    let (one, other, third) = tokio::join!(reader.text(&lines), reader.text(&page), reader.text(&lines));
    assert!(one.unwrap().is_ok() && other.unwrap().is_ok() && third.unwrap().is_ok());
}

#[tokio::test]
async fn a_file_that_takes_all_memory_ends_its_reader_only() {
    // Five million numbers of two bytes each, and of a hundred in memory.
    let numbers = [b"[".as_slice(), &b"1 ".repeat(LIMIT_FILE_BYTES / 2 - 1024), b"]"].concat();
    let file = with(vec![numbers]);
    assert!(file.len() <= LIMIT_FILE_BYTES);
    let refusal = reader().text(&file).await.unwrap();
    assert_eq!(refusal, Err("the PDF takes more memory to be read than there is".to_owned()));
}

#[tokio::test]
async fn objects_that_are_nested_without_end_are_no_danger() {
    let nested = [b"[".repeat(2_000_000), b"]".repeat(2_000_000)].concat();
    let _ = reader().text(&with(vec![nested])).await.unwrap();
    let dictionaries = [b"<< /A ".repeat(500_000), b">>".repeat(500_000)].concat();
    let _ = reader().text(&with(vec![dictionaries])).await.unwrap();
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_even_started() {
    let refusal = Reader::of("/nowhere").text(&vec![b'%'; LIMIT_FILE_BYTES + 1]).await.unwrap();
    assert_eq!(refusal, Err("the PDF is larger than is read".to_owned()));
}

#[tokio::test]
async fn a_reader_that_dies_or_says_nothing_is_a_refusal() {
    for program in ["/bin/false", "/bin/true"] {
        let refusal = Reader::of(program).within(PATIENCE).text(&file("lines.pdf")).await.unwrap();
        assert_eq!(refusal, Err("the PDF takes more memory to be read than there is".to_owned()), "{program}");
    }
    assert!(Reader::of("/nowhere").text(b"%PDF").await.is_err());
}

#[tokio::test]
async fn a_reader_that_does_not_end_is_ended() {
    let folder = std::env::temp_dir().join(format!("process-documents-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let program = folder.join("sleeper");
    std::fs::write(&program, "#!/bin/sh\nexec sleep 60\n").unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let refusal = Reader::of(&program).text(&file("lines.pdf")).await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(refusal, Err("the PDF takes too long to be read".to_owned()));
}
