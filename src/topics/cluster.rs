//! Which cluster the environment's topics are on, and whether it is the one that the catalogue expects.

use crate::context::Context;
use crate::environment::Outputs;
use crate::error::{Failure, codes};

/// The kafka stack's output that holds the cluster's ARN. An ARN is never built: it ends in a UUID.
const CLUSTER_OUTPUT: &str = "ClusterArn";

/// The environment's cluster: the existing one that it names, or the kafka stack's; `None` while there is none.
pub async fn cluster_arn(context: &Context) -> anyhow::Result<Option<String>> {
    if let Some(arn) = context.settings.environment.cluster_arn()? {
        return Ok(Some(arn.to_owned()));
    }
    Ok(Outputs::read(context).await?.get(CLUSTER_OUTPUT).map(str::to_owned))
}

/// The environment's cluster, or the failure that says how to get one.
pub async fn require_cluster(context: &Context) -> anyhow::Result<String> {
    let name = context.environment_name();
    cluster_arn(context).await?.ok_or_else(|| {
        Failure::new(&codes::CLUSTER_MISSING, format!("environment {name} has no Kafka cluster yet"))
            .fix(format!("onboardctl stack up --env {name}"))
            .into()
    })
}

/// Refuses to go on where the cluster is another one than the catalogue expects (`contracts.md`, "Danger").
///
/// # Errors
/// `E-AWS-003` on a mismatch; else the error of asking.
pub async fn expect_cluster(context: &Context) -> anyhow::Result<()> {
    let Some(expected) = &context.settings.environment.entry.cluster_id else { return Ok(()) };
    let found = cluster_arn(context).await?;
    match judge(context.environment_name(), expected, found.as_deref()) {
        None => Ok(()),
        Some(refusal) => Err(refusal.into()),
    }
}

fn judge(environment: &str, expected: &str, found: Option<&str>) -> Option<Failure> {
    let id = found.map(|arn| arn.rsplit('/').next().unwrap_or(arn));
    if id == Some(expected) {
        return None;
    }
    let what =
        format!("environment {environment} has the Kafka cluster {expected}, which is not the one that is there");
    let there = found.map_or_else(|| "there is no cluster".to_owned(), |arn| format!("there is {arn}"));
    Some(
        Failure::new(&codes::WRONG_ACCOUNT, what)
            .why(format!("`cluster_id` of environments.{environment} in the catalogue; {there}"))
            .why("nothing was changed")
            .fix(format!("onboardctl config show --env {environment} --origin")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_expected_cluster_is_changed() {
        let arn = |id: &str| format!("arn:aws:kafka:us-east-1:111111111111:cluster/onboard/{id}");
        for (found, refused) in [(Some(arn("a-1")), false), (Some(arn("b-1")), true), (None, true)] {
            let refusal = judge("dev", "a-1", found.as_deref());
            assert_eq!(refusal.is_some(), refused, "{found:?}");
            assert!(refusal.is_none_or(|refusal| refusal.code.id == "E-AWS-003"));
        }
    }
}
