//! Apache Kafka as one `KRaft` node: its settings, its first formatting, its command line. Passwords are only in files
//! that nobody else can read: a command line is seen by every user of the computer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::keeper::Part;
use super::layout::Layout;
use super::state::{PartsFound, Platform};
use super::{certificates, files, probe, processes};
use crate::error::{Failure, codes};

/// The broker's name in state, status and logs.
pub const NAME: &str = "kafka";

/// Small and quick to start: measured in `local.md`. The jars were checked by SHA-256 when they were fetched, so that
/// verifying their bytecode again at every start only costs time (a sixth of it, measured).
const JVM: &str = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djava.awt.headless=true";

/// The broker as a part of a run.
pub struct Kafka {
    layout: Layout,
    platform: Platform,
    parts: PartsFound,
}

impl Kafka {
    /// The broker of this platform.
    pub fn new(layout: &Layout, platform: &Platform, parts: &PartsFound) -> Self {
        Self { layout: layout.clone(), platform: platform.clone(), parts: parts.clone() }
    }

    /// Writes its settings, and formats its log folder the first time.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        certificates::ensure(&self.layout)?;
        let folder = self.layout.kafka();
        let settings = broker_settings(&self.layout, &self.platform);
        files::write_private(&self.settings_file(), settings.as_bytes())?;
        files::write_private(&folder.join("log4j2.properties"), include_bytes!("scripts/log4j2.properties"))?;
        files::write_private(&folder.join("guard.py"), include_bytes!("scripts/guard.py"))?;
        files::write_private(&folder.join("broker.arguments"), self.arguments_file("kafka.Kafka").as_bytes())?;
        if data(&self.layout).join("meta.properties").is_file() {
            return Ok(());
        }
        self.format().await
    }

    /// `StorageTool` takes the first user from its arguments, so those go through a file too (java's `@argfiles`).
    async fn format(&self) -> anyhow::Result<()> {
        let arguments = format!(
            "{}\nformat --ignore-formatted -t {} -c {}\n--add-scram \"SCRAM-SHA-512=[name={},iterations=4096,password={}]\"\n",
            self.java_arguments("kafka.tools.StorageTool"),
            self.platform.kafka_cluster_id,
            quoted(&self.settings_file()),
            Platform::KAFKA_ADMIN,
            self.platform.kafka_admin_password,
        );
        let file = self.layout.kafka().join("format.arguments");
        files::write_private(&file, arguments.as_bytes())?;
        let mut argument = std::ffi::OsString::from("@");
        argument.push(&file);
        let output = java(&self.parts.java, &self.platform).arg(argument).output().await;
        files::remove(&file)?;
        let output = output?;
        if output.status.success() {
            return Ok(());
        }
        let words = [output.stdout, output.stderr].concat();
        let words = String::from_utf8_lossy(&words);
        if words.contains("No space left") {
            return Err(files::disk_full(self.layout.root(), "Kafka could not format its log folder").into());
        }
        let failure = Failure::new(&codes::LOCAL_PART, "Kafka's log folder cannot be formatted");
        let lines = words.lines().filter(|line| !line.contains("password"));
        Err(lines.take(5).fold(failure, Failure::why).into())
    }

    fn settings_file(&self) -> PathBuf {
        self.layout.kafka().join("server.properties")
    }

    fn java_arguments(&self, class: &str) -> String {
        let folder = self.layout.kafka();
        format!(
            "{JVM}\n-Dlog4j2.configurationFile={}\n-cp {}\n{class}",
            quoted(&folder.join("log4j2.properties")),
            quoted(&self.parts.kafka.join("*")),
        )
    }

    fn arguments_file(&self, class: &str) -> String {
        format!("{}\n{}\n", self.java_arguments(class), quoted(&self.settings_file()))
    }
}

impl Part for Kafka {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> anyhow::Result<Command> {
        let folder = self.layout.kafka();
        let mut arguments = std::ffi::OsString::from("@");
        arguments.push(folder.join("broker.arguments"));
        let mut command = Command::new(&self.parts.python);
        command.args(["-I", "-S"]).arg(folder.join("guard.py")).arg(std::process::id().to_string());
        command.arg(&self.parts.java).arg(arguments).env_clear().current_dir(folder);
        Ok(command)
    }

    async fn answers(&self) -> bool {
        probe::kafka(&self.layout, &self.platform).await
    }
}

/// A Java program with a clean environment, marked so that it is found should its end be nobody's any more.
pub fn java(program: &Path, platform: &Platform) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env(processes::MARK, &platform.id).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A path as java's argument files want it: quoted, with backslashes doubled.
/// <https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html#java-command-line-argument-files>
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where the broker keeps its records.
pub fn data(layout: &Layout) -> PathBuf {
    layout.kafka().join("data")
}

/// How a client logs in as the administrator, for Kafka's own tools.
pub fn client_settings(layout: &Layout, platform: &Platform) -> String {
    format!(
        "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM\nssl.truststore.location={}\n\
         sasl.jaas.config={}\n",
        property(&layout.certificate_authority().display().to_string()),
        scram_login(platform),
    )
}

fn scram_login(platform: &Platform) -> String {
    format!(
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{}\" password=\"{}\";",
        Platform::KAFKA_ADMIN,
        platform.kafka_admin_password
    )
}

/// A value in a Java properties file.
pub fn property(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for (index, letter) in value.chars().enumerate() {
        match letter {
            '\\' => escaped.push_str("\\\\"),
            ' ' if index == 0 => escaped.push_str("\\ "),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            ' '..='~' => escaped.push(letter),
            // Properties files are read as UTF-8 by some and as ISO 8859-1 by others: escapes mean the same to both.
            _ => letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }),
        }
    }
    escaped
}

fn broker_settings(layout: &Layout, platform: &Platform) -> String {
    let (kafka, controller) = (platform.ports.kafka, platform.ports.controller);
    let node = &platform.kafka_controller_password;
    let path = |path: PathBuf| property(&path.display().to_string());
    format!(
        "\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=SASL_SSL://127.0.0.1:{kafka},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://127.0.0.1:{kafka}
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:SASL_PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={login}
# The controller's users cannot come from the metadata that it serves, hence PLAIN, on loopback.
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
username=\"node\" password=\"{node}\" user_node=\"{node}\";
ssl.keystore.type=PEM
ssl.keystore.location={store}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
log.dirs={data}
# As MSK has it by default: topics are made by those who own them.
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
default.replication.factor=1
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
# A broker that was killed may register again only when its old session has ended (9 s by default).
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=400
num.network.threads=2
num.io.threads=4
num.recovery.threads.per.data.dir=2
log.cleaner.dedupe.buffer.size=16777216
",
        login = scram_login(platform),
        store = path(layout.kafka().join(certificates::KEY_STORE)),
        authority = path(layout.certificate_authority()),
        data = path(data(layout)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties() {
        for (value, expected) in
            [("a=b", "a=b"), (" a", "\\ a"), ("a\\b", "a\\\\b"), ("ä", "\\u00e4"), ("😀", "\\ud83d\\ude00")]
        {
            assert_eq!(property(value), expected);
        }
        assert_eq!(quoted(Path::new("/a b\\c")), "\"/a b\\\\c\"");
    }
}
