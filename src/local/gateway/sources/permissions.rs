//! Whether the function's execution role may do what Lambda does with it to poll: describe the cluster, ask for its
//! brokers, read the secret and decrypt it (AWS Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK
//! event source mappings", which asks for one of `DescribeCluster` and `DescribeClusterV2`). Asked of IAM, which ministack
//! enforces; asked again when a call that changes policies came through the gateway.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use http::Method;
use hyper::body::Bytes;

use super::super::{Shared, secrets};
use super::mapping::Mapping;

/// How often policies were changed, by role; those that several roles may have are under no name.
#[derive(Default)]
pub struct Changes(Mutex<HashMap<String, u64>>);

impl Changes {
    /// Notes a call of IAM that was answered.
    pub fn note(&self, form: &[u8]) {
        let form: HashMap<_, _> = url::form_urlencoded::parse(form).into_owned().collect();
        let reads = ["Get", "List", "Simulate", "Generate"];
        let action = form.get("Action").map(String::as_str).unwrap_or_default();
        if action.contains("Policy") && !reads.iter().any(|read| action.starts_with(read)) {
            let role = form.get("RoleName").cloned().unwrap_or_default();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(role).or_default() += 1;
        }
    }

    /// How often what this role may do was changed.
    pub fn of(&self, role: &str) -> u64 {
        let changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |name: &str| changes.get(name).copied().unwrap_or_default();
        count("") + count(role.rsplit('/').next().unwrap_or_default())
    }
}

/// A role that polls, and how often its policies had been changed when it was asked last.
pub struct Rights {
    role: String,
    changes: AtomicU64,
}

impl Rights {
    /// Those of a mapping's function.
    pub async fn of(shared: &Shared, mapping: &Mapping) -> anyhow::Result<Self> {
        let path = mapping.function.path("configuration");
        let function = shared.upstream.call("lambda", Method::GET, &path, &[], Bytes::new()).await?.json();
        let Some(role) = function["Role"].as_str() else { anyhow::bail!("{} has no role", mapping.function.name) };
        Ok(Self { role: role.to_owned(), changes: AtomicU64::new(u64::MAX) })
    }

    /// The first action that the role is denied, if any, and on what. Asks only if its policies were changed since.
    pub async fn denied(&self, shared: &Shared, mapping: &Mapping) -> anyhow::Result<Option<String>> {
        let changes = shared.policies.of(&self.role);
        if self.changes.swap(changes, Ordering::Relaxed) == changes {
            return Ok(None);
        }
        denied(shared, mapping, &self.role).await
    }
}

async fn denied(shared: &Shared, mapping: &Mapping, role: &str) -> anyhow::Result<Option<String>> {
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
            return Ok(Some(format!("{action} on {resource}")));
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
    fn changes_are_counted_by_role() {
        let changes = Changes::default();
        for call in [
            "Action=PutRolePolicy&RoleName=one&PolicyName=p",
            "Action=DetachRolePolicy&RoleName=one",
            "Action=CreatePolicyVersion&PolicyArn=a",
            "Action=GetRolePolicy&RoleName=one",
            "Action=TagRole&RoleName=one",
        ] {
            changes.note(call.as_bytes());
        }
        assert_eq!((changes.of("arn:aws:iam::1:role/one"), changes.of("two")), (3, 1));
    }

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
