//! Reads SCRAM secrets from ministack's Secrets Manager with the root key.

use http::Method;
use serde_json::{Value, json};

use super::upstream::Upstream;

/// User and password of a SCRAM secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramSecret {
    /// The SCRAM user.
    pub username: String,
    /// Its password.
    pub password: String,
}

/// Reads the current version of a SCRAM secret.
pub async fn scram(upstream: &Upstream, secret_id: &str) -> anyhow::Result<ScramSecret> {
    let value = call(upstream, "GetSecretValue", secret_id).await?;
    let text = value["SecretString"].as_str().unwrap_or_default();
    let parsed: Value = serde_json::from_str(text).unwrap_or_default();
    match (parsed["username"].as_str(), parsed["password"].as_str()) {
        (Some(username), Some(password)) if !username.is_empty() && !password.is_empty() => {
            Ok(ScramSecret { username: username.to_owned(), password: password.to_owned() })
        }
        _ => anyhow::bail!("the secret {secret_id} does not hold JSON with username and password"),
    }
}

/// What a secret is, without its value.
pub struct Description {
    /// Its ARN.
    pub arn: String,
    /// The key it is encrypted with; `None`: the account's default key.
    pub key: Option<String>,
}

/// Describes a secret.
pub async fn describe(upstream: &Upstream, secret_id: &str) -> anyhow::Result<Description> {
    let value = call(upstream, "DescribeSecret", secret_id).await?;
    let key = value["KmsKeyId"].as_str().filter(|key| !key.is_empty() && !key.contains("alias/aws/"));
    Ok(Description { arn: value["ARN"].as_str().unwrap_or(secret_id).to_owned(), key: key.map(str::to_owned) })
}

async fn call(upstream: &Upstream, operation: &str, secret_id: &str) -> anyhow::Result<Value> {
    let target = format!("secretsmanager.{operation}");
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.as_str())];
    let body = json!({"SecretId": secret_id}).to_string();
    let answer = upstream.call("secretsmanager", Method::POST, "/", &headers, body.into()).await?;
    if answer.status.is_success() {
        return Ok(answer.json());
    }
    let code = answer.error_code().unwrap_or_else(|| answer.status.to_string());
    Err(anyhow::anyhow!("{operation} of {secret_id}: {code}"))
}
