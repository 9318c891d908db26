//! The gateway: forwards AWS calls to ministack unchanged and adds what ministack lacks, so that no other code knows
//! of an emulator. One listener is the AWS endpoint (command line and functions), the other the edge (browser).
//!
//! Deliberately absent: anything that decides *what* is deployed. The gateway only answers calls.

mod answer;
mod aws;
mod client;
mod edge;
pub mod faults;
mod guard;
mod msk;
mod proxy;
mod route;
mod secrets;
mod server;
mod signature;
mod sources;
mod store;
pub mod upstream;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use aws_credential_types::Credentials;
use futures::future::BoxFuture;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::progress::Events;
use upstream::Upstream;

/// How long invocations under way get when the gateway stops.
const GRACE: Duration = Duration::from_secs(10);

/// What a gateway is started with.
pub struct Options {
    /// Where AWS clients connect to. Bound to loopback by the caller.
    pub aws_listener: TcpListener,
    /// Where browsers connect to. Bound to loopback by the caller.
    pub edge_listener: TcpListener,
    /// Where ministack listens.
    pub upstream: SocketAddr,
    /// The region everything lives in.
    pub region: String,
    /// The account everything lives in.
    pub account: String,
    /// ARN of the one cluster that the gateway stands for; its name is read from it.
    pub cluster_arn: String,
    /// How the gateway reaches the broker.
    pub kafka: KafkaAccess,
    /// The account's root credentials, with which the gateway signs its own calls to ministack.
    pub root_credentials: Credentials,
    /// Where associated secrets and event source mappings are kept over a restart.
    pub state_file: PathBuf,
    /// Where the AWS APIs tell how far they have saved.
    pub aws_as_of: PathBuf,
    /// Makes and removes the broker's SCRAM users.
    pub scram: Arc<dyn ScramUsers>,
    /// What faults do outside the gateway.
    pub hands: Arc<dyn faults::Hands>,
    /// Where the gateway tells what it does on its own.
    pub events: Events,
}

/// How the gateway reaches the broker: as its administrator, over the same listener that clients use.
#[derive(Clone)]
pub struct KafkaAccess {
    /// `host:port` of the `SASL_SSL` listener; several are separated by commas.
    pub bootstrap: String,
    /// PEM file of the certificate authority that the broker's certificate comes from.
    pub ca_pem: PathBuf,
    /// SCRAM user with every right.
    pub admin_username: String,
    /// Its password.
    pub admin_password: String,
}

/// Makes and removes the broker's SCRAM-SHA-512 users; MSK does so when a secret is associated with a cluster.
pub trait ScramUsers: Send + Sync {
    /// Makes the user, or gives it this password.
    fn set<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, anyhow::Result<()>>;
    /// Removes the user; one that is not there is no error.
    fn remove<'a>(&'a self, username: &'a str) -> BoxFuture<'a, anyhow::Result<()>>;
}

/// What every part of the gateway shares.
struct Shared {
    upstream: Upstream,
    region: String,
    account: String,
    cluster: msk::ClusterArn,
    kafka: KafkaAccess,
    administrator: msk::Administrator,
    scram: Arc<dyn ScramUsers>,
    store: store::Store,
    aws_as_of: PathBuf,
    sources: sources::Registry,
    policies: sources::Changes,
    targets: edge::Targets,
    faults: faults::Faults,
    events: Events,
    /// Cancelled when the gateway stops.
    cancel: CancellationToken,
    /// Everything that must end before the gateway has stopped.
    tasks: TaskTracker,
}

/// A gateway that runs until it is stopped.
pub struct Running {
    cancel: CancellationToken,
    tasks: TaskTracker,
}

/// Starts both listeners. Broker and ministack may come up later: nothing here waits for them.
#[expect(clippy::unused_async, reason = "callers need not care whether starting has to wait")]
pub async fn start(options: Options) -> anyhow::Result<Running> {
    let cancel = CancellationToken::new();
    let tasks = TaskTracker::new();
    for listener in [&options.aws_listener, &options.edge_listener] {
        let address = listener.local_addr().context("a listener of the gateway has no address")?;
        anyhow::ensure!(address.ip().is_loopback(), "the gateway listens on loopback only, not on {address}");
    }
    let upstream = Upstream::new(options.upstream, options.region.clone(), options.root_credentials.clone());
    let shared = Arc::new(Shared {
        upstream,
        region: options.region,
        account: options.account,
        cluster: msk::ClusterArn::parse(&options.cluster_arn).context("the cluster's ARN is none of MSK")?,
        administrator: msk::Administrator::new(options.kafka.clone()),
        kafka: options.kafka,
        scram: options.scram,
        store: store::Store::open(options.state_file)?,
        aws_as_of: options.aws_as_of,
        sources: sources::Registry::default(),
        policies: sources::Changes::default(),
        targets: edge::Targets::default(),
        faults: faults::Faults::new(options.hands),
        events: options.events,
        cancel: cancel.clone(),
        tasks: tasks.clone(),
    });
    sources::resume(&shared);

    let aws = shared.clone();
    server::spawn(options.aws_listener, &tasks, &cancel, move |request| {
        let shared = aws.clone();
        async move { aws::answer(&shared, request).await }
    });
    server::spawn(options.edge_listener, &tasks, &cancel, move |request| {
        let shared = shared.clone();
        async move { edge::answer(&shared, request).await }
    });
    Ok(Running { cancel, tasks })
}

impl Running {
    /// Stops listening, lets batches under way end and their offsets be committed, then returns.
    pub async fn stop(self) {
        self.cancel.cancel();
        self.tasks.close();
        // A function that runs longer than this gets its batch again after the next start.
        let _ = tokio::time::timeout(GRACE, self.tasks.wait()).await;
    }
}
