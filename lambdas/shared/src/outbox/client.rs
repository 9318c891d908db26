//! A Kafka client that is served only while somebody waits for it.
//!
//! The thread that rdkafka's own asynchronous producer keeps for its callbacks wakes ten times a second, and each time
//! spins through what is left of a millisecond: a hundredth of a processor in every environment of every function.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::producer::future_producer::Delivery;
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer as _, ProducerContext, PurgeConfig};
use tokio::sync::{oneshot, watch};

/// How long callbacks are served before it is looked whether somebody still waits. A little over whole milliseconds:
/// librdkafka waits whole ones, and rdkafka spins through what is left.
const SERVED_AT_ONCE: Duration = Duration::from_micros(5_100);

/// Who waits for a record's delivery.
pub type Waiting = Box<oneshot::Sender<Result<Delivery, KafkaError>>>;

/// A producer and what it has noticed.
pub struct Client {
    producer: Arc<BaseProducer<Noticed>>,
    login_refused: watch::Receiver<bool>,
}

/// Notes that the brokers refused the login (the secret was rotated, so it has to be read again), and tells who waits.
struct Noticed {
    login_refused: watch::Sender<bool>,
}

impl ClientContext for Noticed {
    fn error(&self, error: KafkaError, _reason: &str) {
        let code = error.rdkafka_error_code();
        if matches!(code, Some(RDKafkaErrorCode::Authentication | RDKafkaErrorCode::SaslAuthenticationFailed)) {
            self.login_refused.send_replace(true);
        }
    }

    // librdkafka's own lines have no structure; what matters comes back as an error.
    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, _message: &str) {}
}

impl ProducerContext for Noticed {
    type DeliveryOpaque = Waiting;

    fn delivery(&self, result: &DeliveryResult<'_>, waiting: Waiting) {
        let outcome = match result {
            Ok(message) => Ok(Delivery {
                partition: message.partition(),
                offset: message.offset(),
                timestamp: message.timestamp(),
            }),
            Err((error, _)) => Err(error.clone()),
        };
        // Who has given up meanwhile need not hear it.
        if waiting.send(outcome).is_ok() {
            // Callbacks go on being served until their time is over, which ends in up to a millisecond of spinning on
            // the processor that the answer now needs. There is one record on its way at a time: no other comes.
            std::thread::sleep(SERVED_AT_ONCE);
        }
    }
}

impl Client {
    /// A client that connects in the background.
    pub fn new(settings: &ClientConfig) -> anyhow::Result<Self> {
        let (told, login_refused) = watch::channel(false);
        let producer = settings
            .create_with_context(Noticed { login_refused: told })
            .context("the Kafka client refuses its settings")?;
        Ok(Self { producer: Arc::new(producer), login_refused })
    }

    /// Asks for the leaders of a topic; whether that was answered in time.
    pub async fn reaches_brokers(&self, topic: Option<String>, limit: Duration) -> bool {
        let producer = self.producer.clone();
        let asked =
            tokio::task::spawn_blocking(move || producer.client().fetch_metadata(topic.as_deref(), limit).map(drop));
        matches!(tokio::time::timeout(limit, asked).await, Ok(Ok(Ok(()))))
    }

    /// Whether the brokers have refused the login.
    pub fn login_was_refused(&self) -> bool {
        *self.login_refused.borrow()
    }

    /// Sends a record and waits until all replicas have it, or until the login is refused.
    pub async fn send<'a>(
        &self,
        record: impl FnOnce(Waiting) -> BaseRecord<'a, String, String, Waiting>,
    ) -> Result<Delivery, KafkaError> {
        let (waiting, delivered) = oneshot::channel();
        self.producer.send(record(Box::new(waiting))).map_err(|(error, _)| error)?;
        let _served = self.serve();
        let mut login_refused = self.login_refused.clone();
        tokio::select! {
            delivered = delivered => delivered.unwrap_or(Err(KafkaError::Canceled)),
            _ = login_refused.wait_for(|refused| *refused) => {
                Err(KafkaError::MessageProduction(RDKafkaErrorCode::SaslAuthenticationFailed))
            }
        }
    }

    /// Serves callbacks until what this returns is dropped.
    fn serve(&self) -> Arc<()> {
        let needed = Arc::new(());
        let (producer, still) = (self.producer.clone(), Arc::downgrade(&needed));
        tokio::task::spawn_blocking(move || {
            while still.strong_count() > 0 {
                producer.poll(SERVED_AT_ONCE);
            }
        });
        needed
    }

    /// Drops whatever is not delivered.
    pub fn forget(&self) {
        self.producer.purge(PurgeConfig::default().queue().inflight());
    }
}
