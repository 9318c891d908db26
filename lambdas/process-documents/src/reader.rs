//! PDFs are read in a process of their own: this program once more, without the variables, with a limit on memory and
//! processor time that the system keeps, and ended when its time is over. Whatever a crafted file does to the reader, it
//! does not do to the function: a thread can neither be ended nor kept from using all memory, a process can.
//!
//! Both ends talk over a socket that is the process's standard input: bytes go in, JSON comes out.

use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::agents::builtin::pdf::{self, PdfText};

/// What the program is started with to be the reader, before the milliseconds that it has.
const ARGUMENT: &str = "read-pdf";

/// How long a PDF may take. A customer waits five seconds for all of it.
const DEADLINE: Duration = Duration::from_millis(2_500);

/// How much address space the reader has: several times what a file of the largest size needs, and half of what the
/// function is given.
const LIMIT_MEMORY_BYTES: u64 = 256 * 1024 * 1024;

/// The largest file.
pub const LIMIT_FILE_BYTES: usize = 10 * 1024 * 1024;

/// The largest answer: the text, escaped at worst, and the fields.
const LIMIT_ANSWER_BYTES: u64 = 16 * 1024 * 1024;

/// Starts readers, one at a time: there is memory for one, and one processor.
#[derive(Clone, Debug)]
pub struct Reader {
    program: PathBuf,
    deadline: Duration,
    turn: Arc<Semaphore>,
}

impl Default for Reader {
    /// The running program, even when its file has been replaced in the meantime.
    fn default() -> Self {
        Self::of("/proc/self/exe")
    }
}

impl Reader {
    /// Readers that are another program.
    pub fn of(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), deadline: DEADLINE, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The same readers, with another time to read a PDF in.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// The text of a PDF; or what is wrong with it, in words for the customer.
    pub async fn text(&self, file: &[u8]) -> anyhow::Result<Result<PdfText, String>> {
        if file.len() > LIMIT_FILE_BYTES {
            return Ok(Err("the PDF is larger than is read".to_owned()));
        }
        let _turn = self.turn.acquire().await.context("the PDF reader's turn")?;
        let (ours, theirs) = UnixStream::pair().context("there is no socket for the PDF reader")?;
        ours.set_nonblocking(true).context("the PDF reader's socket")?;
        let mut reader = Command::new(&self.program)
            .arg(ARGUMENT)
            .arg(self.deadline.as_millis().to_string())
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            // What a reader that panics says may hold pieces of the document.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("the PDF reader does not start")?;
        let answer = tokio::time::timeout(self.deadline, exchange(ours, file)).await;
        // It has answered, or it is to end.
        reader.kill().await.context("the PDF reader does not end")?;
        Ok(match answer {
            Ok(Ok(answer)) => serde_json::from_slice(&answer)
                .unwrap_or_else(|_| Err("the PDF takes more memory to be read than there is".to_owned())),
            Ok(Err(_)) => Err("the PDF takes more memory to be read than there is".to_owned()),
            Err(_) => Err("the PDF takes too long to be read".to_owned()),
        })
    }
}

async fn exchange(socket: UnixStream, file: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut socket = tokio::net::UnixStream::from_std(socket)?;
    socket.write_all(file).await?;
    socket.shutdown().await?;
    let mut answer = Vec::new();
    socket.take(LIMIT_ANSWER_BYTES).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// How long the program has to read a PDF, where it was started to be the reader.
pub fn is_wanted() -> Option<Duration> {
    let mut arguments = std::env::args().skip(1);
    let milliseconds = arguments.next().filter(|argument| argument == ARGUMENT).and(arguments.next())?;
    milliseconds.parse().ok().map(Duration::from_millis)
}

/// Reads one PDF from standard input and answers there.
pub fn serve(deadline: Duration) -> anyhow::Result<()> {
    let limit = |resource, amount| setrlimit(resource, Rlimit { current: Some(amount), maximum: Some(amount) });
    limit(Resource::As, LIMIT_MEMORY_BYTES)?;
    // The function may be frozen or gone before it can end the reader.
    limit(Resource::Cpu, deadline.as_secs() + 1)?;
    let until = Instant::now() + deadline;
    let mut socket = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let mut file = Vec::new();
    std::io::Read::by_ref(&mut socket).take(LIMIT_FILE_BYTES as u64).read_to_end(&mut file)?;
    let answer = serde_json::to_vec(&pdf::read(&file, until))?;
    socket.write_all(&answer)?;
    Ok(())
}
