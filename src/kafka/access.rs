//! What a client needs to reach the brokers.

use crate::aws::SendExt;
use crate::catalogue::KafkaUser;
use crate::context::Context;
use crate::error::{Failure, codes};

/// A SCRAM login. `Debug` shows neither part.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Credentials {
    /// The user.
    pub username: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// Brokers, login and certificate authority.
#[derive(Clone, Debug)]
pub struct Access {
    /// `host:port` of the brokers' SCRAM listeners, separated by commas.
    pub bootstrap: String,
    /// The login.
    pub credentials: Credentials,
    /// `ssl.ca.location`: `probe` or a PEM file.
    pub certificate_authority: String,
}

impl Access {
    /// The way of `user` to the brokers of a cluster: its SCRAM listeners, the user's secret, the environment's authority.
    ///
    /// # Errors
    /// The calls' own; [`codes::KAFKA_UNREACHABLE`] where the cluster has no SCRAM listener, [`codes::KAFKA_LOGIN`]
    /// where the secret is no login.
    pub async fn of(context: &Context, cluster_arn: &str, user: KafkaUser) -> anyhow::Result<Self> {
        let environment = &context.settings.environment;
        let bootstrap = bootstrap(context, cluster_arn).await?;
        let secret = environment.kafka_secret(user);
        let client = context.aws.secretsmanager().await?;
        let answer =
            client.get_secret_value().secret_id(&secret).send().await.called("secretsmanager:GetSecretValue")?;
        // The parser's own message could quote the secret, so it is left out.
        let credentials = serde_json::from_str(answer.secret_string().unwrap_or_default()).map_err(|_| {
            Failure::new(&codes::KAFKA_LOGIN, format!("the secret {secret} holds no login"))
                .why("MSK expects JSON with username and password")
        })?;
        Ok(Self { bootstrap, credentials, certificate_authority: environment.certificate_authority()?.to_owned() })
    }
}

/// The cluster's SCRAM listeners. `CloudFormation` does not expose them (`aws-facts.md`, section 0).
pub async fn bootstrap(context: &Context, cluster_arn: &str) -> anyhow::Result<String> {
    let client = context.aws.kafka().await?;
    let answer =
        client.get_bootstrap_brokers().cluster_arn(cluster_arn).send().await.called("kafka:GetBootstrapBrokers")?;
    answer.bootstrap_broker_string_sasl_scram.ok_or_else(|| {
        Failure::new(&codes::KAFKA_UNREACHABLE, "the cluster has no SCRAM listener")
            .why(format!("GetBootstrapBrokers of {cluster_arn} names none"))
            .into()
    })
}
