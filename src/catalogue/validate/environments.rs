//! What an environment of the catalogue must hold, and what two of them must not share.

use std::collections::BTreeMap;

use super::Check;
use crate::catalogue::templates;
use crate::catalogue::types::{EnvironmentEntry, StackKey};

/// Targets whose binaries run on `provided.al2023`; `host` builds for this computer.
const BUILD_TARGETS: [&str; 5] = [
    "host",
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
];
/// What an address pattern may hold.
const PLACEHOLDERS: [&str; 4] = ["endpoint", "api", "region", "stage"];

impl Check<'_> {
    pub(super) fn environment(&mut self, name: &str, entry: &EnvironmentEntry) {
        let at = |key: &str| format!("environments.{name}.{key}");
        let account = &entry.account;
        self.require(account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()), &at("account"), || {
            format!("`{account}` is not an AWS account, which has 12 digits")
        });
        self.require(is_region(&entry.region), &at("region"), || {
            format!("`{}` is not an AWS region, write for example `us-east-1`", entry.region)
        });
        self.known(&at("build_target"), "build target", &entry.build_target, &BUILD_TARGETS);
        self.require(!entry.profile.is_empty(), &at("profile"), || "the cargo profile is empty".into());
        self.connection(name, entry);
        self.cluster(name, entry);
        self.network_of_cluster(name, entry);
        self.pattern(&at("websocket_management"), &entry.websocket_management);
        for (key, prefix, ids) in
            [("subnets", "subnet-", &entry.subnets), ("security_groups", "sg-", &entry.security_groups)]
        {
            for id in ids {
                self.require(id.starts_with(prefix), &at(key), || format!("`{id}` does not begin with `{prefix}`"));
            }
        }
        let stacks: Vec<&str> = self.catalogue.stacks.keys().map(StackKey::as_str).collect();
        for (stack, parameters) in &entry.parameters {
            let path = at(&format!("parameters.{stack}"));
            self.known(&path, "stack", stack.as_str(), &stacks);
            let Some(template) = self.catalogue.template(stack) else { continue };
            for parameter in parameters.keys() {
                self.known(&format!("{path}.{parameter}"), "parameter", parameter, &templates::parameters(template));
            }
        }
    }

    fn connection(&mut self, name: &str, entry: &EnvironmentEntry) {
        let at = |key: &str| format!("environments.{name}.{key}");
        let connected = entry.connection.is_some();
        for (key, given) in [
            ("endpoint", entry.endpoint.is_some()),
            ("cluster_arn", entry.cluster_arn.is_some()),
            ("certificate_authority", entry.certificate_authority.is_some()),
        ] {
            self.require(!(connected && given), &at(key), || {
                format!("`{key}` comes from the connection file of an environment that has `connection`")
            });
        }
        self.require(connected || entry.certificate_authority.is_some(), &format!("environments.{name}"), || {
            format!("environment `{name}` lacks `certificate_authority`: `probe` or a PEM file")
        });
        if let Some(endpoint) = &entry.endpoint {
            let web = url::Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            self.require(web, &at("endpoint"), || format!("`{endpoint}` is not an http or https address"));
        }
        if let Some(arn) = &entry.cluster_arn {
            let expected = format!(":kafka:{}:{}:cluster/", entry.region, entry.account);
            self.require(arn.starts_with("arn:") && arn.contains(&expected), &at("cluster_arn"), || {
                format!("`{arn}` is not the ARN of an MSK cluster of account {} in {}", entry.account, entry.region)
            });
        }
    }

    fn cluster(&mut self, name: &str, entry: &EnvironmentEntry) {
        let Some(id) = &entry.cluster_id else { return };
        let path = format!("environments.{name}.cluster_id");
        self.require(is_cluster_id(id), &path, || {
            format!(
                "`{id}` is not the id of an MSK cluster: the UUID at the end of its ARN, with the dash and what follows"
            )
        });
        if let Some(arn) = &entry.cluster_arn {
            self.require(arn.ends_with(&format!("/{id}")), &path, || format!("`{id}` is not the cluster `{arn}`"));
        }
    }

    /// A cluster that the kafka stack does not make is in a network that it does not know. Without the ids of that one
    /// functions would be deployed outside of it, where they never reach a broker.
    fn network_of_cluster(&mut self, name: &str, entry: &EnvironmentEntry) {
        let inside = self.catalogue.functions.values().any(|function| function.vpc);
        for (key, ids) in [("subnets", &entry.subnets), ("security_groups", &entry.security_groups)] {
            let lacking = inside && entry.cluster_arn.is_some() && ids.is_empty();
            self.require(!lacking, &format!("environments.{name}.cluster_arn"), || {
                format!("functions with `vpc = true` sit in this cluster's network, so `{name}` needs its `{key}`")
            });
        }
    }

    fn pattern(&mut self, path: &str, pattern: &str) {
        for placeholder in pattern.split('{').skip(1) {
            match placeholder.split_once('}') {
                Some((name, _)) => self.known(path, "placeholder", name, &PLACEHOLDERS),
                None => self.refuse(path, format!("`{pattern}` opens a placeholder that it does not close")),
            }
        }
    }

    /// Topics of two environments on one cluster would be the same topics.
    pub(super) fn shared_clusters(&mut self) {
        let mut clusters: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (name, entry) in &self.catalogue.environments {
            if let Some(arn) = &entry.cluster_arn {
                clusters.entry(arn).or_default().push((name.as_str(), &entry.topic_prefix));
            }
        }
        for sharers in clusters.values().filter(|sharers| sharers.len() > 1) {
            for (index, (name, prefix)) in sharers.iter().enumerate() {
                let names: Vec<&str> = sharers.iter().map(|(name, _)| *name).filter(|other| other != name).collect();
                let path = format!("environments.{name}.cluster_arn");
                self.require(!prefix.is_empty(), &path, || {
                    format!("the cluster is shared with {}, so `{name}` needs a `topic_prefix`", names.join(", "))
                });
                let doubled = sharers[..index].iter().find(|(_, other)| other == prefix && !prefix.is_empty());
                if let Some((other, _)) = doubled {
                    let path = format!("environments.{name}.topic_prefix");
                    self.refuse(&path, format!("`{other}` on the same cluster has the prefix `{prefix}` too"));
                }
            }
        }
    }
}

fn is_cluster_id(id: &str) -> bool {
    let (Some(uuid), Some(rest)) = (id.get(..36), id.get(36..)) else { return false };
    let suffix = rest.strip_prefix('-').unwrap_or_default();
    uuid::Uuid::try_parse(uuid).is_ok() && !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_region(region: &str) -> bool {
    let parts: Vec<&str> = region.split('-').collect();
    let words = parts.len().saturating_sub(1);
    words >= 2
        && parts[..words].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
        && parts[words].parse::<u8>().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::catalogue::validate::tests::messages;

    const NETWORK: &str = "subnets = [\"subnet-1\"]\nsecurity_groups = [\"sg-1\"]\n";

    #[test]
    fn an_existing_cluster_comes_with_its_network() {
        let with = |lines: &str| {
            let arn = "cluster_arn = \"arn:aws:kafka:us-east-1:111111111111:cluster/shared/1-1\"\n";
            messages(&[("account = \"111111111111\"", &format!("{arn}{lines}account = \"111111111111\""))])
        };
        let lacks =
            |key| format!("functions with `vpc = true` sit in this cluster's network, so `dev` needs its `{key}`");
        assert_eq!(with(NETWORK), Vec::<String>::new());
        assert_eq!(with("subnets = [\"subnet-1\"]\n"), [lacks("security_groups")]);
        assert_eq!(with(""), [lacks("subnets"), lacks("security_groups")]);
    }

    #[test]
    fn environments_share_a_cluster_only_with_prefixes_of_their_own() {
        let arn = |account: &str| {
            format!("{NETWORK}cluster_arn = \"arn:aws:kafka:us-east-1:{account}:cluster/shared/1-1\"\n")
        };
        let staging = "account = \"222222222222\"";
        let (dev, same) = (format!("{}account = \"111111111111\"", arn("111111111111")), "account = \"111111111111\"");
        let with = |prefixes: [&str; 2]| {
            let entry =
                |prefix: &str| if prefix.is_empty() { String::new() } else { format!("topic_prefix = \"{prefix}\"\n") };
            let first = format!("{}{dev}", entry(prefixes[0]));
            let second = format!("{}{}{same}", entry(prefixes[1]), arn("111111111111"));
            messages(&[(same, &first), (staging, &second)])
        };
        assert_eq!(with(["dev.", "staging."]), Vec::<String>::new());
        assert_eq!(with(["dev.", ""]), ["the cluster is shared with dev, so `staging` needs a `topic_prefix`"]);
        assert_eq!(with(["x.", "x."]), ["`dev` on the same cluster has the prefix `x.` too"]);
    }

    #[test]
    fn a_cluster_id_is_the_end_of_an_arn() {
        let with =
            |lines: &str| messages(&[("account = \"111111111111\"", &format!("account = \"111111111111\"\n{lines}"))]);
        let id = "5c0ffee5-10ca-4e57-9f00-0000000000a1-1";
        let arn = format!("{NETWORK}cluster_arn = \"arn:aws:kafka:us-east-1:111111111111:cluster/shared/{id}\"\n");
        assert_eq!(with(&format!("cluster_id = \"{id}\"")), Vec::<String>::new());
        assert_eq!(with(&format!("{arn}cluster_id = \"{id}\"")), Vec::<String>::new());
        for wrong in ["shared", "5c0ffee5-10ca-4e57-9f00-0000000000a1", "5c0ffee5-10ca-4e57-9f00-0000000000a1-"] {
            assert_eq!(with(&format!("cluster_id = \"{wrong}\"")).len(), 1, "{wrong}");
        }
        assert_eq!(with(&format!("{arn}cluster_id = \"{}\"", id.replace("a1-1", "a1-2"))).len(), 1);
    }
}
