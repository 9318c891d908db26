//! AWS clients of one environment: endpoint, credentials, retries, error translation, the call recorder and the
//! guard that keeps `--dry-run` and `--read-only` true. Nothing else in the crate builds an SDK client.

mod config;
mod error;
mod explain;
pub mod guard;
mod interceptor;
mod operations;
mod recorder;

use std::sync::Arc;

use aws_types::SdkConfig;
use tokio::sync::OnceCell;

pub use error::{SendExt, ServiceError, error_code, error_message, rehearsed};
pub use explain::{Explainer, Hints, REST_PATHS, shell_word, version_to_come};
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
            explainer: Option<Arc<Explainer>>,
            config: OnceCell<SdkConfig>,
            account: OnceCell<guard::Caller>,
            s3: OnceCell<aws_sdk_s3::Client>,
            $($name: OnceCell<$sdk::Client>,)*
        }

        impl Clients {
            /// Clients of an environment; nothing is read or connected yet.
            pub fn new(environment: Arc<Environment>, mode: Mode, explains: bool) -> Self {
                let recorder = Arc::new(Recorder::from_environment());
                Self::with(environment, mode, recorder, explains.then(Arc::default))
            }

            /// Clients of the same run for another form of its environment: what was done so far stays known.
            #[must_use]
            pub fn again(&self, environment: Arc<Environment>) -> Self {
                Self::with(environment, self.mode, Arc::clone(&self.recorder), self.explainer.clone())
            }

            fn with(
                environment: Arc<Environment>,
                mode: Mode,
                recorder: Arc<Recorder>,
                explainer: Option<Arc<Explainer>>,
            ) -> Self {
                Self {
                    environment,
                    mode,
                    recorder,
                    explainer,
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
                            .interceptor(self.gate());
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
                .interceptor(self.gate());
            anyhow::Ok(aws_sdk_s3::Client::from_conf(config.build()))
        });
        Ok(client.await?.clone())
    }

    fn gate(&self) -> interceptor::Gate {
        let (environment, recorder) = (Arc::clone(&self.environment), Arc::clone(&self.recorder));
        interceptor::Gate::new(environment, self.mode, recorder, self.explainer.clone())
    }

    /// Whether calls that would change something are shown instead of sent: `--explain-aws` with `--dry-run`.
    pub fn rehearses(&self) -> bool {
        self.mode == Mode::DryRun && self.explainer.is_some()
    }

    /// `--explain-aws`: a remark between the commands.
    pub fn remark(&self, text: impl AsRef<str>) {
        if let Some(explainer) = &self.explainer {
            explainer.line(format!("# {}", text.as_ref()), Class::Mutate);
        }
    }

    /// `--explain-aws`: what the tool asks the brokers themselves, as a command of Kafka's own tools. They only read.
    pub fn explain_kafka(&self, command: impl FnOnce() -> String) {
        if let Some(explainer) = &self.explainer {
            explainer.line(command(), Class::Read);
        }
    }

    /// `--explain-aws`: the run's calls as a script for sh.
    pub fn script(&self, reads: bool) -> Option<String> {
        self.explainer.as_ref().map(|explainer| explainer.script(reads))
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
