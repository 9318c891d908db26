//! Downloads: in parallel within bounds, streamed, checked against their SHA-256, there whole or not at all.

use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use futures::StreamExt;
use reqwest::{Client, StatusCode};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use url::Url;

use crate::error::{Failure, codes};
use crate::local::files;
use crate::progress::{Event, Events};

/// Fetches files. One for a run, so that its bound holds over all parts.
pub struct Fetcher {
    client: Client,
    slots: Semaphore,
    events: Events,
}

/// What is to be fetched.
pub struct Wish<'a> {
    /// From where.
    pub url: Url,
    /// What it must hash to.
    pub sha256: &'a str,
    /// To where.
    pub target: &'a Path,
}

/// How far the downloads of one part are.
pub struct Meter {
    part: &'static str,
    total: u64,
    done: AtomicU64,
    told: Mutex<Instant>,
}

impl Meter {
    /// A part that has this many bytes to come.
    pub fn new(part: &'static str, total: u64) -> Self {
        Self { part, total, done: AtomicU64::new(0), told: Mutex::new(Instant::now()) }
    }

    fn add(&self, bytes: u64, events: &Events) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let Ok(mut told) = self.told.lock() else { return };
        if told.elapsed() >= Duration::from_millis(100) || done >= self.total {
            *told = Instant::now();
            let (part, item) = ("local".to_owned(), self.part.to_owned());
            events.send(Event::Progress { part, item, done, total: Some(self.total), unit: "bytes" });
        }
    }

    /// A download is begun anew.
    fn forget(&self, bytes: u64) {
        self.done.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Fetcher {
    /// A fetcher that honours `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and the system's certificates.
    pub fn new(events: Events) -> anyhow::Result<Self> {
        let mut builder = Client::builder()
            .user_agent(concat!("onboardctl/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_mins(1));
        // Where the system has a store of its own (macOS), the variable would otherwise mean nothing.
        if let Some(pem) = std::env::var_os("SSL_CERT_FILE").and_then(|path| std::fs::read(path).ok()) {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(&pem).unwrap_or_default());
        }
        Ok(Self { client: builder.build()?, slots: Semaphore::new(6), events })
    }

    /// Where events go.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// A small text.
    pub async fn text(&self, url: &Url, accept: &str) -> anyhow::Result<String> {
        let get = || async {
            let answer = self.client.get(url.clone()).header("accept", accept).send().await;
            let answer = answer.map_err(|error| unreachable(url, &error))?;
            if !answer.status().is_success() {
                return Err(refused(url, answer.status()));
            }
            answer.text().await.map_err(|error| unreachable(url, &error))
        };
        Ok(get.retry(backoff()).when(|failure| failure.retryable).await?)
    }

    /// Fetches a file, several times if need be.
    pub async fn fetch(&self, wish: &Wish<'_>, meter: &Meter) -> anyhow::Result<()> {
        let _slot = self.slots.acquire().await?;
        let try_once = || self.try_once(wish, meter);
        let notify = |failure: &Failure, pause: Duration| {
            self.events.note(format!("{failure}; trying again in {} ms", pause.as_millis()));
        };
        Ok(try_once.retry(backoff()).when(|failure| failure.retryable).notify(notify).await?)
    }

    async fn try_once(&self, wish: &Wish<'_>, meter: &Meter) -> Result<(), Failure> {
        let partial = Partial(with_suffix(wish.target));
        let answer = self.client.get(wish.url.clone()).send().await.map_err(|error| unreachable(&wish.url, &error))?;
        if !answer.status().is_success() {
            return Err(refused(&wish.url, answer.status()));
        }
        let disk = |error: std::io::Error| {
            let written = files::disk(&error, wish.target).and_then(|full| full.downcast::<Failure>().ok());
            written.unwrap_or_else(|| {
                Failure::new(&codes::LOCAL_STATE, format!("{} cannot be written", wish.target.display()))
                    .why(error.to_string())
            })
        };
        let mut file = std::fs::File::create(&partial.0).map_err(disk)?;
        let (mut hash, mut length) = (Sha256::new(), 0);
        let mut stream = answer.bytes_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| {
                meter.forget(length);
                unreachable(&wish.url, &error)
            })?;
            hash.update(&chunk);
            file.write_all(&chunk).map_err(disk)?;
            length += chunk.len() as u64;
            meter.add(chunk.len() as u64, &self.events);
        }
        let sha256 = hex::encode(hash.finalize());
        if sha256 != wish.sha256 {
            meter.forget(length);
            return Err(corrupt(wish, &sha256, length));
        }
        std::fs::rename(&partial.0, wish.target).map_err(disk)
    }
}

/// An unfinished download, removed unless it was renamed.
struct Partial(std::path::PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // After the rename there is nothing to remove; a leftover would be overwritten by the next run.
        drop(std::fs::remove_file(&self.0));
    }
}

fn with_suffix(path: &Path) -> std::path::PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default().with_min_delay(Duration::from_millis(300)).with_max_times(3).with_jitter()
}

/// An address without the login that a mirror's may carry.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    if cleared.is_ok() { url.to_string() } else { url.host_str().unwrap_or_default().to_owned() }
}

fn unreachable(url: &Url, error: &reqwest::Error) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let mut failure = Failure::new(&codes::LOCAL_NETWORK, format!("{} could not be fetched", shown(url)));
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        failure = failure.why(error.to_string());
        cause = error.source();
    }
    failure
        .why(format!("the parts are fetched once, which needs {host}; afterwards no network is needed"))
        .fix(format!("curl -I https://{host}/"))
        .fix("HTTPS_PROXY=…, SSL_CERT_FILE=…, UV_INDEX_URL=… or MAVEN_MIRROR_URL=… onboardctl local start")
        .retryable()
}

fn refused(url: &Url, status: StatusCode) -> Failure {
    let failure = Failure::new(&codes::LOCAL_NETWORK, format!("{} could not be fetched", shown(url)))
        .why(format!("the server answered {status}"))
        .fix("UV_INDEX_URL=… or MAVEN_MIRROR_URL=… onboardctl local start (a mirror that has it)");
    let passes = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    if passes { failure.retryable() } else { failure }
}

fn corrupt(wish: &Wish<'_>, sha256: &str, length: u64) -> Failure {
    Failure::new(&codes::LOCAL_CORRUPT, format!("what came from {} is not what was asked for", shown(&wish.url)))
        .why(format!("its SHA-256 is {sha256} ({length} bytes), it should be {}", wish.sha256))
        .why("it was deleted")
        .fix("onboardctl local start")
        .retryable()
}
