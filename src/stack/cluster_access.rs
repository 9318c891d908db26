//! Who may log in to the cluster: the SCRAM secrets of the platform stack, associated with the cluster.
//! CloudFormation cannot do this for a cluster that it does not own.

use std::collections::BTreeMap;

use crate::aws::SendExt;
use crate::context::Context;
use crate::error::{Failure, codes};

/// Outputs that hold the id of a SCRAM secret.
const SECRETS: &[&str] = &["ProducerSecretId", "ConsumerSecretId", "OperatorSecretId"];

/// Associates what is not associated yet, and gives the names of those secrets.
///
/// # Errors
/// MSK refuses a secret; the message holds its reason.
pub async fn associate(context: &Context, outputs: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let Some((cluster, missing)) = lacking(context, outputs).await? else { return Ok(Vec::new()) };
    context.guard_change().await?;
    for secret in &missing {
        context.events.item("stack", name_of(secret), "being associated with the cluster", false);
    }
    let client = context.aws.kafka().await?;
    let request =
        client.batch_associate_scram_secret().cluster_arn(&cluster).set_secret_arn_list(Some(missing.clone()));
    context.before_change().await?;
    let answer = request.send().await.called("kafka:BatchAssociateScramSecret")?;
    // The call succeeds as a whole while it refuses single secrets.
    let refused = answer.unprocessed_scram_secrets.unwrap_or_default();
    if !refused.is_empty() {
        let mut failure = Failure::new(&codes::SCRAM_SECRETS, format!("MSK refused {} secrets", refused.len()));
        for one in refused {
            let name = one.secret_arn.as_deref().map(name_of).unwrap_or_default();
            failure = failure.why(format!(
                "{name}: {} {}",
                one.error_code.unwrap_or_default(),
                one.error_message.unwrap_or_default()
            ));
        }
        return Err(failure.fix(format!("onboardctl stack up --env {}", context.environment_name())).into());
    }
    for secret in &missing {
        context.events.item("stack", name_of(secret), "associated with the cluster", true);
    }
    Ok(missing.iter().map(|secret| name_of(secret).to_owned()).collect())
}

/// The names of the secrets that are not associated yet: reads only.
///
/// # Errors
/// MSK or Secrets Manager cannot be read.
pub async fn missing_secrets(context: &Context, outputs: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let lacking = lacking(context, outputs).await?;
    let names = lacking.iter().flat_map(|(_, missing)| missing).map(|arn| name_of(arn).to_owned());
    Ok(names.collect())
}

/// The cluster and what it lacks; `None` where there is no cluster or nothing is lacking.
async fn lacking(
    context: &Context,
    outputs: &BTreeMap<String, String>,
) -> anyhow::Result<Option<(String, Vec<String>)>> {
    let existing = context.settings.environment.cluster_arn()?.map(str::to_owned);
    let Some(cluster) = existing.or_else(|| outputs.get("ClusterArn").cloned()) else { return Ok(None) };
    let wanted = wanted(context, outputs).await?;
    if wanted.is_empty() {
        return Ok(None);
    }
    let missing = missing(&wanted, &associated(context, &cluster).await?);
    Ok(if missing.is_empty() { None } else { Some((cluster, missing)) })
}

/// The ARNs of the platform's SCRAM secrets. An output may hold a name or an ARN.
async fn wanted(context: &Context, outputs: &BTreeMap<String, String>) -> anyhow::Result<Vec<String>> {
    let mut arns = Vec::new();
    for id in SECRETS.iter().filter_map(|key| outputs.get(*key)) {
        if id.starts_with("arn:") {
            arns.push(id.clone());
            continue;
        }
        let client = context.aws.secretsmanager().await?;
        let answer = client.describe_secret().secret_id(id).send().await.called("secretsmanager:DescribeSecret")?;
        arns.extend(answer.arn);
    }
    Ok(arns)
}

async fn associated(context: &Context, cluster: &str) -> anyhow::Result<Vec<String>> {
    let client = context.aws.kafka().await?;
    let mut pages = client.list_scram_secrets().cluster_arn(cluster).into_paginator().send();
    let mut arns = Vec::new();
    while let Some(page) = pages.next().await {
        arns.extend(page.called("kafka:ListScramSecrets")?.secret_arn_list.unwrap_or_default());
    }
    Ok(arns)
}

fn missing(wanted: &[String], associated: &[String]) -> Vec<String> {
    wanted.iter().filter(|arn| !associated.contains(arn)).cloned().collect()
}

/// `AmazonMSK_onboard-ai-dev-producer` of `arn:…:secret:AmazonMSK_onboard-ai-dev-producer-AbCdEf`.
fn name_of(arn: &str) -> &str {
    let name = arn.rsplit(':').next().unwrap_or(arn);
    name.rsplit_once('-').filter(|(_, suffix)| suffix.len() == 6).map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_associated() {
        let [a, b] = ["arn:a", "arn:b"].map(str::to_owned);
        assert_eq!(missing(&[a.clone(), b.clone()], std::slice::from_ref(&a)), std::slice::from_ref(&b));
        assert!(missing(std::slice::from_ref(&a), &[a.clone(), b]).is_empty());
    }

    #[test]
    fn names_are_read_from_arns() {
        let arn = "arn:aws:secretsmanager:us-east-1:1:secret:AmazonMSK_onboard-ai-dev-producer-AbCdEf";
        assert_eq!(name_of(arn), "AmazonMSK_onboard-ai-dev-producer");
        assert_eq!(name_of("AmazonMSK_onboard-ai-dev-producer"), "AmazonMSK_onboard-ai-dev-producer");
    }
}
