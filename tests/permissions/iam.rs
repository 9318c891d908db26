//! Roles as they are in IAM, taken apart into single permissions: one action on one resource.

use std::collections::BTreeSet;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};

use crate::support::platform::Platform;

/// The one inline policy that a role has while it is walked.
const WALK: &str = "walk";

/// Calls IAM as root.
pub struct Iam {
    client: reqwest::Client,
    endpoint: String,
    credentials: Credentials,
}

/// One action on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    pub action: String,
    pub resource: String,
    /// The statement's condition as JSON; empty without one.
    pub condition: String,
}

/// The policies that a role has.
#[derive(Clone, Debug)]
pub struct Policies {
    inline: Vec<(String, Value)>,
    managed: Vec<(String, Value)>,
}

impl Permission {
    fn statement(&self) -> Value {
        let mut statement = json!({ "Effect": "Allow", "Action": self.action, "Resource": self.resource });
        if !self.condition.is_empty() {
            statement["Condition"] = serde_json::from_str(&self.condition).unwrap();
        }
        statement
    }

    /// Whether a resource is one that the permission is about.
    pub fn covers(&self, resource: &str) -> bool {
        matches(self.resource.as_bytes(), resource.as_bytes())
    }
}

/// IAM's own pattern: `*` is any text, `?` any one character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=text.len()).any(|from| matches(rest, &text[from..])),
        (Some((expected, pattern)), Some((letter, text))) => {
            (*expected == b'?' || expected == letter) && matches(pattern, text)
        }
        _ => false,
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} on {}", self.action, self.resource)
    }
}

/// A value that is one text or a list of texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        other => other.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect(),
    }
}

impl Policies {
    /// Every single permission. Each is there once: of two, one could be taken away unnoticed.
    pub fn permissions(&self) -> Vec<Permission> {
        let mut found = Vec::new();
        for (_, document) in self.inline.iter().chain(&self.managed) {
            for statement in document["Statement"].as_array().unwrap() {
                assert_eq!(statement["Effect"], "Allow", "{statement}");
                let condition = statement.get("Condition").map(Value::to_string).unwrap_or_default();
                for action in texts(&statement["Action"]) {
                    for resource in texts(&statement["Resource"]) {
                        found.push(Permission { action: action.clone(), resource, condition: condition.clone() });
                    }
                }
            }
        }
        let different: BTreeSet<_> = found.iter().map(|it| (&it.action, &it.resource)).collect();
        assert_eq!(different.len(), found.len(), "the same permission twice: {found:#?}");
        found
    }
}

/// What stands between two tags, each time.
fn between<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open).skip(1).filter_map(|rest| rest.split_once(&close)).map(|(inside, _)| inside).collect()
}

/// A policy document: JSON, percent-encoded (IAM API Reference, `GetRolePolicy`).
fn document(answer: &str, tag: &str) -> Value {
    let encoded = between(answer, tag)[0].replace('+', "%2B");
    let (decoded, _) = url::form_urlencoded::parse(encoded.as_bytes()).next().unwrap();
    serde_json::from_str(&decoded).unwrap()
}

impl Iam {
    pub fn of(platform: &Platform) -> Self {
        let connection = platform.connection();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let credentials = &connection["credentials"];
        let (id, secret) = (text(&credentials["access_key_id"]), text(&credentials["secret_access_key"]));
        Self {
            client: reqwest::Client::new(),
            endpoint: text(&connection["endpoint"]),
            credentials: Credentials::new(id, secret, None, None, "test"),
        }
    }

    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", action)
            .append_pair("Version", "2010-05-08")
            .extend_pairs(parameters)
            .finish();
        let url = format!("{}/", self.endpoint);
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let host = self.endpoint.trim_start_matches("http://").to_owned();
        let headers = [kind, ("host", host.as_str())].into_iter();
        let request = SignableRequest::new("POST", &url, headers, SignableBody::Bytes(form.as_bytes())).unwrap();
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("iam")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let (instructions, _) = sign(request, &parameters.into()).unwrap().into_parts();
        let mut call = self.client.post(&url).header(kind.0, kind.1).body(form);
        for (name, value) in instructions.headers() {
            call = call.header(name, value);
        }
        let answer = call.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "iam:{action}: {status} {text}");
        text
    }

    /// The policies of a role.
    pub async fn policies(&self, role: &str) -> Policies {
        let mut policies = Policies { inline: Vec::new(), managed: Vec::new() };
        let of_role = ("RoleName", role);
        for name in between(&self.call("ListRolePolicies", &[of_role]).await, "member") {
            let answer = self.call("GetRolePolicy", &[of_role, ("PolicyName", name)]).await;
            policies.inline.push((name.to_owned(), document(&answer, "PolicyDocument")));
        }
        for arn in between(&self.call("ListAttachedRolePolicies", &[of_role]).await, "PolicyArn") {
            let policy = self.call("GetPolicy", &[("PolicyArn", arn)]).await;
            let version = ("VersionId", between(&policy, "DefaultVersionId")[0]);
            let answer = self.call("GetPolicyVersion", &[("PolicyArn", arn), version]).await;
            policies.managed.push((arn.to_owned(), document(&answer, "Document")));
        }
        policies
    }

    /// Lets a role have exactly these permissions, through its walk's policy.
    pub async fn allow(&self, role: &str, permissions: &[&Permission]) {
        let statements: Vec<Value> = permissions.iter().map(|permission| permission.statement()).collect();
        let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let parameters = [("RoleName", role), ("PolicyName", WALK), ("PolicyDocument", document.as_str())];
        self.call("PutRolePolicy", &parameters).await;
    }

    /// Takes a role's own policies away, so that only the walk's is left.
    pub async fn strip(&self, role: &str, policies: &Policies) {
        for (name, _) in &policies.inline {
            self.call("DeleteRolePolicy", &[("RoleName", role), ("PolicyName", name)]).await;
        }
        for (arn, _) in &policies.managed {
            self.call("DetachRolePolicy", &[("RoleName", role), ("PolicyArn", arn)]).await;
        }
    }

    /// Gives a role its policies back.
    pub async fn restore(&self, role: &str, policies: &Policies) {
        for (name, document) in &policies.inline {
            let document = document.to_string();
            let parameters = [("RoleName", role), ("PolicyName", name.as_str()), ("PolicyDocument", document.as_str())];
            self.call("PutRolePolicy", &parameters).await;
        }
        for (arn, _) in &policies.managed {
            self.call("AttachRolePolicy", &[("RoleName", role), ("PolicyArn", arn)]).await;
        }
        self.call("DeleteRolePolicy", &[("RoleName", role), ("PolicyName", WALK)]).await;
    }
}
