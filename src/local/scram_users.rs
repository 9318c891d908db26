//! SCRAM users, made by Kafka's own administration tool. The password goes through a file that nobody else can read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use futures::FutureExt;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, Semaphore};

use super::gateway::ScramUsers;
use super::layout::Layout;
use super::state::{PartsFound, Platform};
use super::{files, kafka};

/// Makes and removes users of one broker.
pub struct KafkaScramUsers {
    layout: Layout,
    platform: Platform,
    parts: PartsFound,
    /// Each run is a Java process; more than two at once only wait for each other.
    slots: Semaphore,
    /// What is known to be set, by user, as a hash.
    known: Mutex<BTreeMap<String, [u8; 32]>>,
}

impl KafkaScramUsers {
    /// The users of this platform's broker.
    pub fn new(layout: &Layout, platform: &Platform, parts: &PartsFound) -> Self {
        Self {
            layout: layout.clone(),
            platform: platform.clone(),
            parts: parts.clone(),
            slots: Semaphore::new(2),
            known: Mutex::default(),
        }
    }

    async fn alter(&self, username: &str, change: &Path) -> anyhow::Result<()> {
        let _slot = self.slots.acquire().await?;
        let client = self.layout.kafka().join("client.properties");
        files::write_private(&client, kafka::client_settings(&self.layout, &self.platform).as_bytes())?;
        let mut command = kafka::java(&self.parts.java, &self.platform);
        command
            .args(["-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"])
            .args(["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp"])
            .arg(self.parts.kafka.join("*"))
            .arg("kafka.admin.ConfigCommand")
            .args(["--bootstrap-server", &format!("127.0.0.1:{}", self.platform.ports.kafka)])
            .arg("--command-config")
            .arg(client)
            .args(["--alter", "--entity-type", "users", "--entity-name", username])
            .arg("--add-config-file")
            .arg(change);
        let output = tokio::time::timeout(std::time::Duration::from_secs(30), command.output()).await;
        let output = output.context("Kafka's administration tool did not end within 30 s")??;
        let words = [output.stdout, output.stderr].concat();
        let words = String::from_utf8_lossy(&words);
        // The tool ends with 0 for some failures, so its word counts.
        let done = words.contains("Completed updating config");
        anyhow::ensure!(done, "Kafka refused to change the user {username}: {}", without_secrets(&words));
        Ok(())
    }

    async fn set(&self, username: &str, password: &str) -> anyhow::Result<()> {
        let digest: [u8; 32] = Sha256::digest(password.as_bytes()).into();
        if self.known.lock().await.get(username) == Some(&digest) {
            return Ok(());
        }
        let file = Secret(self.layout.kafka().join(format!("user-{}.properties", uuid::Uuid::new_v4())));
        let change = format!("SCRAM-SHA-512={}\n", kafka::property(&format!("iterations=4096,password={password}")));
        files::write_private(&file.0, change.as_bytes())?;
        self.alter(username, &file.0).await?;
        self.known.lock().await.insert(username.to_owned(), digest);
        Ok(())
    }

    /// Locks the user out by a password that nobody knows. Kafka 4.1.1 must not be asked to delete one: replaying a user
    /// who was made and deleted can drop the other users of the mechanism, the administrator too, at the next start
    /// (seen with `user1` beside `admin`, not with `u1`: it depends on the order of hashes).
    async fn remove(&self, username: &str) -> anyhow::Result<()> {
        let password = uuid::Uuid::new_v4().to_string() + &uuid::Uuid::new_v4().to_string();
        self.set(username, &password).await
    }
}

impl ScramUsers for KafkaScramUsers {
    fn set<'a>(&'a self, username: &'a str, password: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        self.set(username, password).boxed()
    }

    fn remove<'a>(&'a self, username: &'a str) -> BoxFuture<'a, anyhow::Result<()>> {
        self.remove(username).boxed()
    }
}

/// A file that goes when it is no longer needed.
struct Secret(PathBuf);

impl Drop for Secret {
    fn drop(&mut self) {
        // It is private; one that cannot be removed now goes with the state folder.
        drop(std::fs::remove_file(&self.0));
    }
}

fn without_secrets(words: &str) -> String {
    let lines = words.lines().filter(|line| !line.contains("password")).take(3);
    lines.collect::<Vec<_>>().join("; ")
}
