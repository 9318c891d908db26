//! SCRAM secrets: associating one makes the user on the real broker, as MSK does.

use serde_json::{Value, json};

use super::super::answer::ApiError;
use super::super::store::Association;
use super::super::{Shared, secrets};

/// How many secrets one call may name (API reference of `BatchAssociateScramSecret`).
const AT_MOST: usize = 10;

/// `ListScramSecrets`.
pub fn list(shared: &Shared) -> Value {
    let arns: Vec<String> =
        shared.store.read(|state| state.associations.iter().map(|association| association.secret.clone()).collect());
    json!({"secretArnList": arns})
}

/// `BatchAssociateScramSecret`: 200 whatever happens to single secrets; those that failed are listed.
pub async fn associate(shared: &Shared, request: &Value) -> Result<Value, ApiError> {
    let mut unprocessed = Vec::new();
    for arn in arns(request)? {
        match associate_one(shared, &arn).await {
            Ok(association) => remember(shared, association)?,
            Err(message) => unprocessed.push(failed(&arn, &message)),
        }
    }
    Ok(json!({"clusterArn": shared.cluster.arn, "unprocessedScramSecrets": unprocessed}))
}

/// `BatchDisassociateScramSecret`.
pub async fn disassociate(shared: &Shared, request: &Value) -> Result<Value, ApiError> {
    let mut unprocessed = Vec::new();
    for arn in arns(request)? {
        let found = shared.store.read(|state| state.associations.iter().find(|known| known.secret == arn).cloned());
        let Some(association) = found else {
            unprocessed.push(failed(&arn, "The provided secret ARN isn't associated with this cluster."));
            continue;
        };
        match shared.scram.remove(&association.username).await {
            Ok(()) => shared
                .store
                .change(|state| state.associations.retain(|known| known.secret != arn))
                .map_err(|error| internal(&error))?,
            Err(error) => unprocessed.push(failed(&arn, &format!("{error:#}"))),
        }
    }
    Ok(json!({"clusterArn": shared.cluster.arn, "unprocessedScramSecrets": unprocessed}))
}

/// Checks one secret as MSK does and makes its user. The messages are those of MSK.
async fn associate_one(shared: &Shared, arn: &str) -> Result<Association, String> {
    check_name(arn, &shared.region, &shared.account)?;
    let inaccessible = |_| "Amazon MSK wasn't able to access the provided secret.".to_owned();
    let described = secrets::describe(&shared.upstream, arn).await.map_err(inaccessible)?;
    if described.key.is_none() {
        return Err(
            "The provided secret is encrypted with the default key. You can't use this secret with Amazon MSK.".into(),
        );
    }
    let secret = secrets::scram(&shared.upstream, arn).await.map_err(inaccessible)?;
    shared.scram.set(&secret.username, &secret.password).await.map_err(|error| format!("{error:#}"))?;
    Ok(Association { secret: arn.to_owned(), username: secret.username })
}

fn check_name(arn: &str, region: &str, account: &str) -> Result<(), String> {
    let prefix = format!("arn:aws:secretsmanager:{region}:{account}:secret:");
    let Some(name) = arn.strip_prefix(&prefix) else {
        return Err(
            "The provided secret ARN is invalid: the secret must be in the cluster's account and region.".into()
        );
    };
    if name.starts_with("AmazonMSK_") {
        return Ok(());
    }
    Err("The provided secret arn cannot be used with Amazon MSK. Secret names must have the prefix 'AmazonMSK_'".into())
}

fn remember(shared: &Shared, association: Association) -> Result<(), ApiError> {
    let known = shared.store.read(|state| state.associations.contains(&association));
    if known {
        return Ok(());
    }
    let change = shared.store.change(|state| {
        state.associations.retain(|known| known.secret != association.secret);
        state.associations.push(association);
    });
    change.map_err(|error| internal(&error))
}

fn arns(request: &Value) -> Result<Vec<String>, ApiError> {
    let list = request["secretArnList"].as_array().map(Vec::as_slice).unwrap_or_default();
    let arns: Vec<String> = list.iter().filter_map(|arn| arn.as_str().map(str::to_owned)).collect();
    if arns.is_empty() || arns.len() > AT_MOST || arns.len() != list.len() {
        return Err(ApiError::new(400, "BadRequestException", "secretArnList must hold 1 to 10 ARNs")
            .parameter("secretArnList"));
    }
    Ok(arns)
}

fn failed(arn: &str, message: &str) -> Value {
    json!({"secretArn": arn, "errorCode": "InvalidSecretArn", "errorMessage": message})
}

fn internal(error: &anyhow::Error) -> ApiError {
    ApiError::new(500, "InternalServerErrorException", format!("{error:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (arn, word) in [
            ("arn:aws:secretsmanager:us-east-1:1:secret:AmazonMSK_a-x", None),
            ("arn:aws:secretsmanager:us-east-1:1:secret:other-x", Some("prefix")),
            ("arn:aws:secretsmanager:eu-west-1:1:secret:AmazonMSK_a-x", Some("region")),
            ("AmazonMSK_a", Some("invalid")),
        ] {
            let error = check_name(arn, "us-east-1", "1").err();
            assert_eq!(error.is_some(), word.is_some(), "{arn}");
            assert!(error.unwrap_or_default().contains(word.unwrap_or_default()), "{arn}");
        }
    }
}
