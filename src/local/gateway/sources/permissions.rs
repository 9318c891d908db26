//! Whether the function's execution role may do what Lambda does with it to poll: describe the cluster, ask for its
//! brokers, read the secret and decrypt it (aws-facts 2, Execution role). Asked of IAM, which ministack enforces.

use http::Method;
use hyper::body::Bytes;

use super::super::{Shared, secrets};
use super::mapping::Mapping;

/// The first action that the role is denied, if any.
pub async fn denied(shared: &Shared, mapping: &Mapping) -> anyhow::Result<Option<String>> {
    let path = mapping.function.path("configuration");
    let function = shared.upstream.call("lambda", Method::GET, &path, &[], Bytes::new()).await?.json();
    let Some(role) = function["Role"].as_str() else { anyhow::bail!("{} has no role", mapping.function.name) };
    let secret = secrets::describe(&shared.upstream, &mapping.secret).await?;
    let mut needs = vec![
        ("kafka:DescribeClusterV2", shared.cluster.arn.clone()),
        ("kafka:GetBootstrapBrokers", shared.cluster.arn.clone()),
        ("secretsmanager:GetSecretValue", secret.arn),
    ];
    if let Some(key) = secret.key {
        let is_arn = key.starts_with("arn:");
        needs.push((
            "kms:Decrypt",
            if is_arn { key } else { format!("arn:aws:kms:{}:{}:key/{key}", shared.region, shared.account) },
        ));
    }
    for (action, resource) in needs {
        if !is_allowed(shared, role, action, &resource).await? {
            return Ok(Some(action.to_owned()));
        }
    }
    Ok(None)
}

async fn is_allowed(shared: &Shared, role: &str, action: &str, resource: &str) -> anyhow::Result<bool> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", "SimulatePrincipalPolicy")
        .append_pair("Version", "2010-05-08")
        .append_pair("PolicySourceArn", role)
        .append_pair("ActionNames.member.1", action)
        .append_pair("ResourceArns.member.1", resource)
        .finish();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = shared.upstream.call("iam", Method::POST, "/", &headers, form.into()).await?;
    anyhow::ensure!(answer.status.is_success(), "IAM answered {}", answer.status);
    Ok(decision(&String::from_utf8_lossy(&answer.body)) == Some("allowed"))
}

fn decision(document: &str) -> Option<&str> {
    let (_, rest) = document.split_once("<EvalDecision>")?;
    rest.split_once("</EvalDecision>").map(|(decision, _)| decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions() {
        for (document, expected) in [
            ("<a><EvalDecision>allowed</EvalDecision></a>", Some("allowed")),
            ("<a><EvalDecision>implicitDeny</EvalDecision></a>", Some("implicitDeny")),
            ("<a/>", None),
        ] {
            assert_eq!(decision(document), expected);
        }
    }
}
