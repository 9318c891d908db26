//! The only writes to the process's standard streams.

use std::io::{BufRead, IsTerminal, Write};

/// Writes to standard output; a closed pipe (or a full disk behind it) drops the text.
pub fn stdout(text: &str) {
    let mut stream = std::io::stdout().lock();
    let _closed_pipe = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Writes to standard error in one piece, so that lines of several threads never mix.
pub fn stderr(text: &str) {
    let mut stream = std::io::stderr().lock();
    let _closed_pipe = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Asks on standard error and reads one line from standard input.
pub fn ask(question: &str) -> std::io::Result<String> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(std::io::Error::other("no terminal to ask on"));
    }
    stderr(question);
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        stderr("\n");
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim().to_owned())
}
