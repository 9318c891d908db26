//! Whether a part answers.

use std::net::Ipv4Addr;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::layout::Layout;
use super::state::Platform;

const PATIENCE: Duration = Duration::from_secs(2);

/// Whether ministack says that it is ready.
pub async fn ministack(port: u16) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok()?;
        let question = format!("GET /_ministack/ready HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(question.as_bytes()).await.ok()?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.ok()?;
        Some(&answer == b"HTTP/1.1 200")
    };
    tokio::time::timeout(PATIENCE, ask).await.ok().flatten().unwrap_or(false)
}

/// Whether the broker lets its administrator in and knows itself.
pub async fn kafka(layout: &Layout, platform: &Platform) -> bool {
    let port = platform.ports.kafka;
    if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        return false;
    }
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", format!("127.0.0.1:{port}"))
        .set("security.protocol", "SASL_SSL")
        .set("sasl.mechanisms", "SCRAM-SHA-512")
        .set("sasl.username", Platform::KAFKA_ADMIN)
        .set("sasl.password", &platform.kafka_admin_password)
        .set("ssl.ca.location", layout.certificate_authority().display().to_string())
        .set("log_level", "0");
    let answered = tokio::task::spawn_blocking(move || {
        let client: BaseConsumer = config.create().ok()?;
        let metadata = client.fetch_metadata(None, PATIENCE).ok()?;
        Some(!metadata.brokers().is_empty())
    });
    answered.await.ok().flatten().unwrap_or(false)
}
