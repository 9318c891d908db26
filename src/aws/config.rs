//! The SDK's configuration of an environment: region, endpoint, credentials, retries, timeouts.

use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::imds;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::catalogue::Environment;
use crate::error::{Failure, codes};

/// Looking for credentials may ask an instance's metadata service, which does not exist on most computers.
const IMDS_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest search for credentials; a `credential_process` or SSO refresh is quicker.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_millis(4_500);

/// Loads the configuration and proves that there are credentials, without a call to AWS.
pub async fn load(environment: &Environment) -> anyhow::Result<SdkConfig> {
    environment.reach()?;
    let entry = &environment.entry;
    let region = Region::new(entry.region.clone());
    let mut loader = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .region(region.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(5).with_initial_backoff(Duration::from_millis(200)))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(3))
                .operation_attempt_timeout(Duration::from_secs(90))
                .operation_timeout(Duration::from_mins(5))
                .build(),
        )
        .credentials_provider(credentials(environment, region).await?);
    if let Some(profile) = &environment.aws_profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &entry.endpoint {
        loader = loader.endpoint_url(endpoint);
        if endpoint.starts_with("http://") {
            // No TLS, so no certificates are read from disk: this saves about 50 ms of every run.
            loader = loader.http_client(aws_smithy_http_client::Builder::new().build_http());
        }
    }
    Ok(loader.load().await)
}

async fn credentials(environment: &Environment, region: Region) -> anyhow::Result<SharedCredentialsProvider> {
    if let Some(known) = &environment.credentials {
        let known = Credentials::new(&known.access_key_id, &known.secret_access_key, None, None, "connection file");
        return Ok(SharedCredentialsProvider::new(known));
    }
    let metadata =
        imds::Client::builder().max_attempts(1).connect_timeout(IMDS_TIMEOUT).read_timeout(IMDS_TIMEOUT).build();
    let mut chain = DefaultCredentialsChain::builder().region(region).imds_client(metadata);
    if let Some(profile) = &environment.aws_profile {
        chain = chain.profile_name(profile);
    }
    let provider = SharedCredentialsProvider::new(chain.build().await);
    let why = match tokio::time::timeout(CREDENTIALS_TIMEOUT, provider.provide_credentials()).await {
        Ok(Ok(_)) => return Ok(provider),
        Ok(Err(error)) => super::error::chain(&error),
        Err(_) => format!("no answer within {} ms", CREDENTIALS_TIMEOUT.as_millis()),
    };
    Err(Failure::new(&codes::CREDENTIALS, format!("no AWS credentials for environment {}", environment.name))
        .why(why)
        .fix(format!("onboardctl … --env {} --profile NAME", environment.name))
        .fix("aws sso login --profile NAME")
        .into())
}
