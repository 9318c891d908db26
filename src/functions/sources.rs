//! What feeds the alias: made or changed only after the alias serves the wanted version, then waited for and read back.

use std::time::{Duration, Instant};

use aws_sdk_lambda::types::{
    AmazonManagedKafkaEventSourceConfig, EventSourcePosition, Filter, FilterCriteria, FunctionResponseType,
    ProvisionedPollerConfig, SourceAccessConfiguration, SourceAccessType,
};

use super::desired::Source;
use super::observe::{self, Mapping};
use super::plan::SourceStep;
use super::writes::{Pause, Writer};
use crate::aws::{SendExt, error_code};
use crate::error::{Failure, codes};

/// On AWS a mapping on a cluster takes minutes to be enabled.
const ENABLING: Duration = Duration::from_mins(10);

impl Writer<'_> {
    /// Carries out the step for the function's source.
    pub async fn feed(&self, step: &SourceStep, mapping: Option<&Mapping>) -> anyhow::Result<()> {
        let Some(source) = &self.desired.source else { return Ok(()) };
        let uuid = match (step, mapping) {
            (SourceStep::Keep, _) => return Ok(()),
            (SourceStep::Update(_), Some(mapping)) => {
                self.tell("changing event source");
                self.at_rest(&mapping.uuid).await?;
                self.update_mapping(source, mapping).await?;
                mapping.uuid.clone()
            }
            (SourceStep::Create | SourceStep::Update(_), _) => {
                self.tell("creating event source");
                self.create_mapping(source).await?
            }
        };
        self.tell("enabling event source");
        let mapping = self.at_rest(&uuid).await?;
        if mapping.state == "Enabled" && mapping.function_arn == self.desired.alias_arn {
            return Ok(());
        }
        Err(Failure::new(
            &codes::SOURCE_NOT_ENABLED,
            format!("the event source of {} is {}", self.desired.name, mapping.state),
        )
        .why(format!("mapping {uuid} invokes {}", mapping.function_arn))
        .why(mapping.last_result.unwrap_or_default())
        .into())
    }

    pub(super) async fn create_mapping(&self, source: &Source) -> anyhow::Result<String> {
        let create = async || {
            let request = self
                .client
                .create_event_source_mapping()
                .function_name(&self.desired.alias_arn)
                .event_source_arn(source.arn());
            // From the oldest record on, so that nothing sent during setup is lost; ignored where the group has offsets.
            let request = request.starting_position(EventSourcePosition::TrimHorizon).enabled(true);
            let request = match source {
                Source::Topic { topic, group, batch_size, window_seconds, provisioned, secret_arn, .. } => request
                    .topics(topic)
                    .amazon_managed_kafka_event_source_config(
                        AmazonManagedKafkaEventSourceConfig::builder().consumer_group_id(group).build(),
                    )
                    .source_access_configurations(scram(secret_arn))
                    .batch_size(*batch_size)
                    .maximum_batching_window_in_seconds(*window_seconds)
                    .set_provisioned_poller_config(provisioned.then(poller))
                    .set_function_response_types(
                        provisioned.then(|| vec![FunctionResponseType::ReportBatchItemFailures]),
                    ),
                Source::Stream { filter, batch_size, .. } => {
                    request.batch_size(*batch_size).filter_criteria(criteria(filter))
                }
            };
            request.send().await.called("lambda:CreateEventSourceMapping")
        };
        match self.call(create).await {
            Ok(answer) => Ok(answer.uuid.unwrap_or_default()),
            // Another run, or one that was killed, made it.
            Err(error) if error_code(&error) == Some("ResourceConflictException") => {
                let mappings = observe::mappings(self.context, std::slice::from_ref(self.desired)).await?;
                observe::find(&mappings, source).map(|mapping| mapping.uuid.clone()).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn update_mapping(&self, source: &Source, mapping: &Mapping) -> anyhow::Result<()> {
        let update = async || {
            let request = self
                .client
                .update_event_source_mapping()
                .uuid(&mapping.uuid)
                .function_name(&self.desired.alias_arn)
                .enabled(true);
            let request = match source {
                Source::Topic { secret_arn, batch_size, window_seconds, provisioned, .. } => {
                    // An empty configuration takes the dedicated pollers away.
                    let empty = || ProvisionedPollerConfig::builder().build();
                    let pollers = if *provisioned { Some(poller()) } else { mapping.provisioned.then(empty) };
                    let partial =
                        if *provisioned { vec![FunctionResponseType::ReportBatchItemFailures] } else { Vec::new() };
                    request
                        .source_access_configurations(scram(secret_arn))
                        .batch_size(*batch_size)
                        .maximum_batching_window_in_seconds(*window_seconds)
                        .set_provisioned_poller_config(pollers)
                        .set_function_response_types(Some(partial))
                }
                Source::Stream { filter, batch_size, .. } => {
                    request.batch_size(*batch_size).filter_criteria(criteria(filter))
                }
            };
            request.send().await.called("lambda:UpdateEventSourceMapping")
        };
        self.call(update).await.map(|_| ())
    }

    /// Waits until the mapping is no longer on its way to another state.
    async fn at_rest(&self, uuid: &str) -> anyhow::Result<Mapping> {
        let deadline = Instant::now() + ENABLING;
        let mut pause = Pause::new();
        loop {
            let answer = self
                .client
                .get_event_source_mapping()
                .uuid(uuid)
                .send()
                .await
                .called("lambda:GetEventSourceMapping")?;
            let reason = answer.state_transition_reason.clone();
            let mut mapping = Mapping::from(answer);
            if matches!(mapping.state.as_str(), "Enabled" | "Disabled") {
                mapping.last_result = mapping.last_result.or(reason);
                return Ok(mapping);
            }
            if Instant::now() >= deadline {
                return Err(Failure::new(
                    &codes::SOURCE_NOT_ENABLED,
                    format!("the event source of {} is still {}", self.desired.name, mapping.state),
                )
                .why(reason.unwrap_or_default())
                .fix("onboardctl lambdas list")
                .retryable()
                .into());
            }
            pause.wait(self.context).await?;
        }
    }
}

fn scram(secret_arn: &str) -> SourceAccessConfiguration {
    SourceAccessConfiguration::builder().r#type(SourceAccessType::SaslScram512Auth).uri(secret_arn).build()
}

fn poller() -> ProvisionedPollerConfig {
    ProvisionedPollerConfig::builder().minimum_pollers(1).build()
}

fn criteria(pattern: &str) -> FilterCriteria {
    FilterCriteria::builder().filters(Filter::builder().pattern(pattern).build()).build()
}
