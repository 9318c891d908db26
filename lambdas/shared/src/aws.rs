//! The AWS settings of a function: region, credentials and endpoint come from the variables that Lambda sets, and from
//! nowhere else, so that no start waits for a metadata service or looks for files that aren't there.

use std::time::Duration;

use anyhow::Context as _;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use crate::keys;

/// Settings that all clients of a function share: one HTTP client, so connections are shared too.
pub fn configuration() -> anyhow::Result<SdkConfig> {
    let region = keys::required(keys::REGION).context("Lambda sets it for every function")?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(5))
        .build();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .http_client(SharedHttpClient::new(ByScheme::new()?));
    config.set_endpoint_url(Some(keys::optional(keys::ENDPOINT)).filter(|url| !url.is_empty()));
    Ok(config.build())
}

/// The code that the service gave an error, `AccessDeniedException` say.
pub fn code<E>(error: &E) -> Option<&str>
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    error.code()
}

/// Whether `DynamoDB` refused a write for its condition.
pub fn is_refused<E>(error: &E) -> bool
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata,
{
    code(error) == Some("ConditionalCheckFailedException")
}

/// An HTTP client that reads the certificates it trusts when it first needs them: some hundred files on many computers,
/// for nothing where an endpoint is plain HTTP.
#[derive(Debug)]
struct ByScheme {
    plain: SharedHttpClient,
    secure: SharedHttpClient,
}

impl ByScheme {
    fn new() -> anyhow::Result<Self> {
        let client = || aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        // It could do TLS and trusts nobody: a client without TLS is another type, and half a megabyte of code.
        let nobody = TlsContext::builder().with_trust_store(TrustStore::empty()).build()?;
        Ok(Self { plain: client().tls_context(nobody).build_https(), secure: client().build_https() })
    }
}

impl HttpClient for ByScheme {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            plain: self.plain.http_connector(settings, components),
            secure: self.secure.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

/// The connector of one request; both clients keep theirs, with their connections.
#[derive(Debug)]
struct Connector {
    plain: SharedHttpConnector,
    secure: SharedHttpClient,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("http://") {
            self.plain.call(request)
        } else {
            self.secure.http_connector(&self.settings, &self.components).call(request)
        }
    }
}
