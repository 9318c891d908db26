//! Configurations of Kafka clients inside the gateway. All of them want answers at once: the broker is on this
//! computer, so a lost connection is tried again within milliseconds.

use rdkafka::ClientConfig;

use super::KafkaAccess;

/// A client that logs in with these credentials.
pub fn config(access: &KafkaAccess, username: &str, password: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &access.bootstrap)
        .set("security.protocol", "SASL_SSL")
        .set("sasl.mechanisms", "SCRAM-SHA-512")
        .set("sasl.username", username)
        .set("sasl.password", password)
        .set("ssl.ca.location", access.ca_pem.to_string_lossy())
        .set("client.id", "onboardctl-gateway")
        .set("allow.auto.create.topics", "false")
        .set("socket.nagle.disable", "true")
        .set("reconnect.backoff.ms", "20")
        .set("reconnect.backoff.max.ms", "250")
        .set("retry.backoff.ms", "50")
        .set("retry.backoff.max.ms", "250")
        // An unreachable broker is reported through the results of calls, not in a log.
        .set_log_level(rdkafka::config::RDKafkaLogLevel::Emerg);
    config
}
