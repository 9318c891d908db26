//! Requests as bytes on a connection, because no HTTP client sends what a broken one does.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long an answer may take before it counts as a hang. A cold function answers well within it.
const PATIENCE: Duration = Duration::from_secs(45);

/// How a request says how long its body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// With the length that it has.
    Length,
    /// With this text in the place of a length.
    Claimed(String),
    /// Not at all.
    Unsaid,
    /// In chunks of so many bytes.
    Chunks(usize),
    /// In chunks that end in the middle.
    BrokenChunks,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    pub target: Vec<u8>,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub framing: Framing,
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub enum Answered {
    /// An answer.
    Whole { status: u16, content_type: String, body: Vec<u8> },
    /// The connection ended before one.
    Ended,
    /// Neither within [`PATIENCE`].
    Hung,
}

impl Sent {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 512);
        bytes.extend(self.method.as_bytes());
        bytes.push(b' ');
        bytes.extend(&self.target);
        bytes.extend(b" HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n");
        for (name, value) in &self.headers {
            bytes.extend(name.as_bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        let chunk = |bytes: &mut Vec<u8>, part: &[u8]| {
            bytes.extend(format!("{:x}\r\n", part.len()).as_bytes());
            bytes.extend(part);
            bytes.extend(b"\r\n");
        };
        match &self.framing {
            Framing::Length => {
                bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
                bytes.extend(&self.body);
            }
            Framing::Claimed(text) => {
                bytes.extend(format!("content-length: {text}\r\n\r\n").as_bytes());
                bytes.extend(&self.body);
            }
            Framing::Unsaid => {
                bytes.extend(b"\r\n");
                bytes.extend(&self.body);
            }
            Framing::Chunks(size) => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                self.body.chunks((*size).max(1)).for_each(|part| chunk(&mut bytes, part));
                bytes.extend(b"0\r\n\r\n");
            }
            Framing::BrokenChunks => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                chunk(&mut bytes, b"{\"email\":");
                bytes.extend(b"zz\r\n");
            }
        }
        bytes
    }

    /// Sends the request and reads the answer. A body that is shorter than it claims to be is followed by the end of
    /// what we send.
    pub async fn send(&self, address: &str) -> Answered {
        tokio::time::timeout(PATIENCE, self.exchange(address)).await.unwrap_or(Answered::Hung)
    }

    async fn exchange(&self, address: &str) -> Answered {
        let mut stream = TcpStream::connect(address).await.expect("the edge listens");
        let _ = stream.set_nodelay(true);
        // Who refuses a request early need not read all of it.
        let _ = stream.write_all(&self.bytes()).await;
        if matches!(self.framing, Framing::Claimed(_) | Framing::BrokenChunks) {
            let _ = stream.shutdown().await;
        }
        let mut received = Vec::new();
        let mut buffer = vec![0; 16 * 1024];
        loop {
            if let Some(answer) = whole(&received, false) {
                return answer;
            }
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return whole(&received, true).unwrap_or(Answered::Ended),
                Ok(read) => received.extend(&buffer[..read]),
            }
        }
    }
}

/// The answer in these bytes, if they hold all of it.
fn whole(mut bytes: &[u8], ended: bool) -> Option<Answered> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = response.parse(bytes) else { return None };
        let status = response.code?;
        let rest = &bytes[head..];
        if status / 100 == 1 {
            bytes = rest;
            continue;
        }
        let header = |name: &str| {
            let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(found.value).ok().map(str::to_owned)
        };
        let content_type = header("content-type").unwrap_or_default();
        let body = if let Some(length) = header("content-length").and_then(|text| text.parse::<usize>().ok()) {
            rest.get(..length)?.to_vec()
        } else if header("transfer-encoding").is_some() {
            unchunked(rest)?
        } else if ended {
            rest.to_vec()
        } else {
            return None;
        };
        return Some(Answered::Whole { status, content_type, body });
    }
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((head, size))) = httparse::parse_chunk_size(bytes) else { return None };
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend(bytes.get(head..head + size)?);
        bytes = bytes.get(head + size + 2..)?;
    }
}
