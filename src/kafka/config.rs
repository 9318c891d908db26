//! The settings that every Kafka client of this crate starts from.

use rdkafka::ClientConfig;

use super::Access;

/// librdkafka settings for SCRAM over TLS. MSK knows SCRAM-SHA-512 only (`aws-facts.md`, section 1).
///
/// A vendored OpenSSL finds no system store by itself: without `ssl.ca.location` every handshake with MSK fails, so
/// the environment always names one, `probe` or a PEM file (`local.md`).
pub fn client_config(access: &Access) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("client.id", "onboardctl")
        .set("bootstrap.servers", &access.bootstrap)
        .set("security.protocol", "SASL_SSL")
        .set("sasl.mechanism", "SCRAM-SHA-512")
        .set("sasl.username", &access.credentials.username)
        .set("sasl.password", &access.credentials.password)
        .set("ssl.ca.location", &access.certificate_authority)
        // Fail within the caller's wait rather than after the defaults of 30 and 60 s.
        .set("socket.connection.setup.timeout.ms", "5000")
        .set("socket.timeout.ms", "10000")
        .set("reconnect.backoff.max.ms", "1000")
        .set("log_level", "3");
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::Credentials;

    fn access(certificate_authority: &str) -> Access {
        Access {
            bootstrap: "b-1.example:9096,b-2.example:9096".into(),
            credentials: Credentials { username: "operator".into(), password: "canary-password".into() },
            certificate_authority: certificate_authority.into(),
        }
    }

    #[test]
    fn a_client_logs_in_with_scram_over_tls_and_knows_its_authorities() {
        for authority in ["probe", "/state/kafka/ca.pem"] {
            let config = client_config(&access(authority));
            for (key, expected) in [
                ("bootstrap.servers", "b-1.example:9096,b-2.example:9096"),
                ("security.protocol", "SASL_SSL"),
                ("sasl.mechanism", "SCRAM-SHA-512"),
                ("sasl.username", "operator"),
                ("sasl.password", "canary-password"),
                ("ssl.ca.location", authority),
            ] {
                assert_eq!(config.get(key), Some(expected), "{key}");
            }
        }
    }

    #[test]
    fn librdkafka_takes_the_configuration() {
        let consumer: Result<rdkafka::consumer::BaseConsumer, _> = client_config(&access("probe")).create();
        assert!(consumer.is_ok(), "{:?}", consumer.err());
    }

    #[test]
    fn the_password_is_not_shown() {
        assert!(!format!("{:?}", access("probe")).contains("canary-password"));
    }
}
