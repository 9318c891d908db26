//! The Kafka producer of the functions: `SASL_SSL` with SCRAM-SHA-512, acknowledged by all replicas, one request in
//! flight for order, no idempotence (it waits for a producer id, half a second on first use; receivers drop a second
//! event with the same id instead).

use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_config::SdkConfig;
use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::BaseRecord;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::client::Client;
use crate::events::Envelope;
use crate::keys;
use crate::log::Line;
use crate::names;
use crate::tables::OutboxRow;

/// How long a start waits for the brokers; without them the function starts all the same and answers 202.
const START_WAITS: Duration = Duration::from_millis(250);

/// librdkafka forgets a message this much before its publisher gives up, so that nobody has to wait for the purge (its
/// own default is 5 minutes).
const FORGETS_EARLIER: Duration = Duration::from_millis(50);

/// Publishes rows of the outbox.
pub struct Publisher {
    secrets: aws_sdk_secretsmanager::Client,
    secret_id: String,
    bootstrap: String,
    certificate_authority: String,
    topic_prefix: String,
    deadline: Duration,
    connected: Mutex<Option<Client>>,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Settings that every client of the brokers shares: how to reach them and how to log in.
pub fn client_settings(bootstrap: &str, certificate_authority: &str, username: &str, password: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("security.protocol", "SASL_SSL")
        .set("sasl.mechanism", "SCRAM-SHA-512")
        .set("sasl.username", username)
        .set("sasl.password", password)
        // A vendored OpenSSL finds no system store by itself: `probe` looks in the usual places, else it is a PEM file.
        .set("ssl.ca.location", certificate_authority);
    config
}

fn producer_settings(mut config: ClientConfig, deadline: Duration) -> ClientConfig {
    let timeout = deadline.saturating_sub(FORGETS_EARLIER).as_millis().to_string();
    config
        .set("client.id", keys::optional(keys::FUNCTION_NAME))
        .set("acks", "all")
        .set("enable.idempotence", "false")
        .set("max.in.flight.requests.per.connection", "1")
        .set("message.timeout.ms", &timeout)
        .set("request.timeout.ms", &timeout)
        .set("queue.buffering.max.ms", "0")
        .set("retry.backoff.ms", "50")
        // Customers' events stay on the partition that Java clients would choose too.
        .set("partitioner", "murmur2_random")
        // A broker that is back is found within half a second.
        .set("reconnect.backoff.ms", "50")
        .set("reconnect.backoff.max.ms", "400")
        .set("topic.metadata.refresh.fast.interval.ms", "100")
        .set("socket.nagle.disable", "true")
        .set("socket.keepalive.enable", "true")
        .set_log_level(RDKafkaLogLevel::Emerg);
    config
}

impl Publisher {
    /// Reads the variables and the secret, and opens the connections while the function starts. A publish is given
    /// `deadline` in all.
    pub async fn connect(config: &SdkConfig, first_topic: Option<&str>, deadline: Duration) -> anyhow::Result<Self> {
        let publisher = Self {
            secrets: aws_sdk_secretsmanager::Client::new(config),
            secret_id: keys::required(keys::KAFKA_SECRET_ID)?,
            bootstrap: keys::required(keys::KAFKA_BOOTSTRAP)?,
            certificate_authority: keys::required(keys::KAFKA_CA)?,
            topic_prefix: keys::optional(keys::TOPIC_PREFIX),
            deadline,
            connected: Mutex::new(None),
        };
        let connected = publisher.log_in().await?;
        let topic = first_topic.map(|topic| names::topic(&publisher.topic_prefix, topic));
        if !connected.reaches_brokers(topic, START_WAITS).await {
            Line::warn("the brokers were not reached while starting").write();
        }
        *publisher.connected.lock().await = Some(connected);
        Ok(publisher)
    }

    async fn log_in(&self) -> anyhow::Result<Client> {
        let secret = self
            .secrets
            .get_secret_value()
            .secret_id(&self.secret_id)
            .send()
            .await
            .context("secretsmanager:GetSecretValue of the SCRAM secret failed")?;
        // The text is parsed without ever being part of an error.
        let login: Login = secret
            .secret_string()
            .and_then(|text| serde_json::from_str(text).ok())
            .context("the SCRAM secret is not JSON with username and password")?;
        let settings = client_settings(&self.bootstrap, &self.certificate_authority, &login.username, &login.password);
        Client::new(&producer_settings(settings, self.deadline))
    }

    /// Publishes the row's event and waits until all replicas have it. On failure nothing stays in the client's queue:
    /// a frozen function must not send it later, out of order. A secret that was rotated is read again, once.
    ///
    /// Rows go out one by one; who has not had their turn by `begins_by` is not begun. The deadline counts from the turn.
    pub async fn publish(&self, row: &OutboxRow, begins_by: Instant) -> anyhow::Result<()> {
        let turn = tokio::time::timeout_at(begins_by.into(), self.connected.lock()).await;
        let mut slot = turn.context("the time was over before its turn came")?;
        anyhow::ensure!(Instant::now() < begins_by, "the time was over when its turn came");
        let until = Instant::now() + self.deadline;
        let mut has_logged_in = false;
        loop {
            let client = match slot.take() {
                Some(client) if has_logged_in || !client.login_was_refused() => client,
                _ => {
                    has_logged_in = true;
                    let logged_in = tokio::time::timeout_at(until.into(), self.log_in()).await;
                    logged_in.context("secretsmanager:GetSecretValue of the SCRAM secret took too long")??
                }
            };
            let remaining = until.saturating_duration_since(Instant::now());
            let sent = tokio::time::timeout(remaining, self.send(&client, row)).await;
            let error = match sent {
                Ok(Ok(())) => {
                    *slot = Some(client);
                    return Ok(());
                }
                Ok(Err(error)) => error,
                Err(_) => anyhow::anyhow!("Kafka did not acknowledge within {} ms", self.deadline.as_millis()),
            };
            client.forget();
            let log_in_again = client.login_was_refused() && !has_logged_in;
            *slot = Some(client);
            if !log_in_again || until.saturating_duration_since(Instant::now()) < Duration::from_millis(50) {
                return Err(error);
            }
        }
    }

    async fn send(&self, client: &Client, row: &OutboxRow) -> anyhow::Result<()> {
        let topic = names::topic(&self.topic_prefix, &row.topic);
        let envelope: Envelope = serde_json::from_str(&row.envelope).context("the row's envelope is not one")?;
        let headers = envelope
            .headers()
            .into_iter()
            .fold(OwnedHeaders::new(), |headers, (key, value)| headers.insert(Header { key, value: Some(value) }));
        let began = Instant::now();
        let delivery = client
            .send(|waiting| {
                BaseRecord::with_opaque_to(&topic, waiting).key(&row.record_key).payload(&row.envelope).headers(headers)
            })
            .await
            .context("Kafka did not take the record")?;
        let line = Line::info("published").trace(&envelope.trace_id).event(&envelope.event_id);
        line.customer(envelope.customer_id.as_deref())
            .field("topic", topic.as_str())
            .field("partition", delivery.partition)
            .field("offset", delivery.offset)
            .duration(began)
            .count("EventsPublished")
            .write();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_settings() {
        let config = producer_settings(client_settings("b-1:9096", "probe", "u", "p"), Duration::from_millis(450));
        for (key, expected) in [
            ("security.protocol", "SASL_SSL"),
            ("sasl.mechanism", "SCRAM-SHA-512"),
            ("ssl.ca.location", "probe"),
            ("acks", "all"),
            ("enable.idempotence", "false"),
            ("max.in.flight.requests.per.connection", "1"),
        ] {
            assert_eq!(config.get(key), Some(expected), "{key}");
        }
    }

    #[test]
    fn librdkafka_takes_the_settings_and_the_vendored_store_is_found_by_probing() {
        let config = producer_settings(client_settings("127.0.0.1:1", "probe", "u", "p"), Duration::from_millis(450));
        assert!(Client::new(&config).is_ok());
    }

    #[test]
    fn a_message_is_forgotten_before_its_publisher_gives_up() {
        let config = producer_settings(client_settings("b-1:9096", "probe", "u", "p"), crate::outbox::PUBLISH_DEADLINE);
        let timeout: u128 = config.get("message.timeout.ms").unwrap().parse().unwrap();
        assert!(timeout < crate::outbox::PUBLISH_DEADLINE.as_millis());
    }
}
