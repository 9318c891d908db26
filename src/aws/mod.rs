//! AWS clients of one environment: endpoint, credentials, retries, error translation, the call recorder and the
//! guard that keeps `--dry-run` and `--read-only` true. Nothing else in the crate builds an SDK client.

mod config;
mod error;
pub mod guard;
mod interceptor;
mod operations;
mod recorder;

use std::sync::Arc;

use aws_types::SdkConfig;
use tokio::sync::OnceCell;

pub use error::{SendExt, ServiceError, error_code, error_message};
pub use interceptor::Scratch;
pub use operations::{Class, class_of};
pub use recorder::{Call, Recorder};

use crate::catalogue::Environment;

/// What the calls of a run may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    #[default]
    Change,
    /// `--dry-run`: reads and scratch.
    DryRun,
    /// `--read-only`: reads.
    ReadOnly,
}

impl Mode {
    /// Whether calls of this class are sent.
    pub fn allows(self, class: Class) -> bool {
        match self {
            Self::Change => true,
            Self::DryRun => class != Class::Mutate,
            Self::ReadOnly => class == Class::Read,
        }
    }
}

macro_rules! clients {
    ($($(#[$meta:meta])* $name:ident: $sdk:ident;)*) => {
        /// AWS clients, each built on first use.
        #[derive(Debug)]
        pub struct Clients {
            environment: Arc<Environment>,
            mode: Mode,
            recorder: Arc<Recorder>,
            config: OnceCell<SdkConfig>,
            account: OnceCell<guard::Caller>,
            s3: OnceCell<aws_sdk_s3::Client>,
            $($name: OnceCell<$sdk::Client>,)*
        }

        impl Clients {
            /// Clients of an environment; nothing is read or connected yet.
            pub fn new(environment: Arc<Environment>, mode: Mode) -> Self {
                Self {
                    environment,
                    mode,
                    recorder: Arc::new(Recorder::from_environment()),
                    config: OnceCell::new(),
                    account: OnceCell::new(),
                    s3: OnceCell::new(),
                    $($name: OnceCell::new(),)*
                }
            }

            $(
                $(#[$meta])*
                ///
                /// # Errors
                /// The environment's connection file is missing, or no credentials can be found.
                pub async fn $name(&self) -> anyhow::Result<$sdk::Client> {
                    let client = self.$name.get_or_try_init(|| async {
                        let config = $sdk::config::Builder::from(self.sdk_config().await?)
                            .interceptor(interceptor::Gate::new(self.mode, Arc::clone(&self.recorder)));
                        anyhow::Ok($sdk::Client::from_conf(config.build()))
                    });
                    Ok(client.await?.clone())
                }
            )*
        }
    };
}

clients! {
    /// `CloudFormation`.
    cloudformation: aws_sdk_cloudformation;
    /// Lambda.
    lambda: aws_sdk_lambda;
    /// MSK.
    kafka: aws_sdk_kafka;
    /// Secrets Manager.
    secretsmanager: aws_sdk_secretsmanager;
    /// `DynamoDB`.
    dynamodb: aws_sdk_dynamodb;
    /// SNS.
    sns: aws_sdk_sns;
    /// SQS.
    sqs: aws_sdk_sqs;
    /// STS.
    sts: aws_sdk_sts;
    /// `CloudWatch` metrics and alarms.
    cloudwatch: aws_sdk_cloudwatch;
    /// `CloudWatch` Logs.
    cloudwatchlogs: aws_sdk_cloudwatchlogs;
}

impl Clients {
    /// S3, in path style where the environment asks for it.
    ///
    /// # Errors
    /// As of every client.
    pub async fn s3(&self) -> anyhow::Result<aws_sdk_s3::Client> {
        let client = self.s3.get_or_try_init(|| async {
            let config = aws_sdk_s3::config::Builder::from(self.sdk_config().await?)
                .force_path_style(self.environment.entry.path_style)
                .interceptor(interceptor::Gate::new(self.mode, Arc::clone(&self.recorder)));
            anyhow::Ok(aws_sdk_s3::Client::from_conf(config.build()))
        });
        Ok(client.await?.clone())
    }

    /// What every client is built from.
    ///
    /// # Errors
    /// The environment's connection file is missing, or no credentials can be found.
    pub async fn sdk_config(&self) -> anyhow::Result<&SdkConfig> {
        self.config.get_or_try_init(|| config::load(&self.environment)).await
    }

    /// The environment that the clients talk to.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What the calls of this run may do.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The calls that were made so far.
    pub fn calls(&self) -> Vec<Call> {
        self.recorder.calls()
    }
}
