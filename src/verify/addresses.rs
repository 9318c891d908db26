//! Where things are, from the stacks' outputs.

use std::collections::BTreeMap;

use crate::aws::{SendExt, error_code};
use crate::catalogue::KafkaUser;
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::kafka::{Access, Credentials};

/// The outputs of every stack that exists, together.
pub async fn outputs(context: &Context) -> anyhow::Result<BTreeMap<String, String>> {
    let client = context.aws.cloudformation().await?;
    let mut outputs = BTreeMap::new();
    for key in context.settings.catalogue.stacks.keys() {
        let name = context.settings.environment.stack(key);
        match client.describe_stacks().stack_name(name).send().await.called("cloudformation:DescribeStacks") {
            Ok(described) => {
                for output in
                    described.stacks.unwrap_or_default().into_iter().flat_map(|stack| stack.outputs.unwrap_or_default())
                {
                    outputs.insert(output.output_key.unwrap_or_default(), output.output_value.unwrap_or_default());
                }
            }
            // A missing stack is a ValidationError, not a typed error (`aws-facts.md`, section 4).
            Err(error) if error_code(&error) == Some("ValidationError") => {}
            Err(error) => return Err(error),
        }
    }
    Ok(outputs)
}

/// An output without which nothing can be done.
pub fn required<'a>(context: &Context, outputs: &'a BTreeMap<String, String>, key: &str) -> anyhow::Result<&'a str> {
    let environment = context.environment_name();
    outputs.get(key).map(String::as_str).ok_or_else(|| {
        Failure::new(
            &codes::NOT_DEPLOYED,
            format!("the environment {environment} is not deployed: no stack has the output {key}"),
        )
        .fix(format!("onboardctl -e {environment} up"))
        .into()
    })
}

/// The site's address: the connection file's, else the platform stack's.
pub fn site(context: &Context, outputs: &BTreeMap<String, String>) -> anyhow::Result<String> {
    match &context.settings.environment.site {
        Some(site) => Ok(site.clone()),
        None => required(context, outputs, "SiteUrl").map(str::to_owned),
    }
}

/// The cluster's ARN: the environment's, else the kafka stack's.
pub async fn cluster_arn(context: &Context) -> anyhow::Result<Option<String>> {
    match context.settings.environment.cluster_arn()? {
        Some(arn) => Ok(Some(arn.to_owned())),
        None => Ok(outputs(context).await?.remove("ClusterArn")),
    }
}

/// How an operator reaches the brokers.
pub async fn operator_access(context: &Context) -> anyhow::Result<Access> {
    let environment = &context.settings.environment;
    let arn = cluster_arn(context).await?.unwrap_or_default();
    let brokers = context
        .aws
        .kafka()
        .await?
        .get_bootstrap_brokers()
        .cluster_arn(arn)
        .send()
        .await
        .called("kafka:GetBootstrapBrokers")?;
    let secret = environment.kafka_secret(KafkaUser::Operator);
    let secret = context
        .aws
        .secretsmanager()
        .await?
        .get_secret_value()
        .secret_id(secret)
        .send()
        .await
        .called("secretsmanager:GetSecretValue")?;
    // The parser's own message could quote the secret.
    let credentials: Credentials = serde_json::from_str(secret.secret_string().unwrap_or_default())
        .map_err(|_| anyhow::anyhow!("the operator's secret is not a login"))?;
    Ok(Access {
        bootstrap: brokers.bootstrap_broker_string_sasl_scram.unwrap_or_default(),
        credentials,
        certificate_authority: environment.certificate_authority()?.to_owned(),
    })
}
