//! What a catalogue must hold beyond its shape: values in their limits, and no reference to something unknown.
//! Every problem is found at once; a pure function of the catalogue.

use std::collections::BTreeMap;

use super::names::{Bucket, Instance};
use super::source::{Problem, nearest};
use super::types::{Catalogue, EnvironmentEntry, Function, Stream, Variable};

/// The file format's version that this executable reads.
const SCHEMA: u32 = 1;
/// What `{ environment = … }` may name.
pub const ENVIRONMENT_KEYS: [&str; 7] = [
    "name",
    "region",
    "kafka_bootstrap",
    "certificate_authority",
    "topic_prefix",
    "websocket_management",
    "websocket_url",
];
/// What `{ each = … }` may name.
pub const EACH_KEYS: [&str; 1] = ["topic"];
/// The steps of `verify` that have a budget.
pub const BUDGETS: [&str; 10] = [
    "session_ms",
    "submit_ms",
    "outbox_ms",
    "record_ms",
    "consumer_ms",
    "row_ms",
    "alert_ms",
    "audit_ms",
    "push_ms",
    "negative_ms",
];
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

/// Every problem of the catalogue, in the order of the file.
pub(super) fn problems(catalogue: &Catalogue) -> Vec<Problem> {
    let mut check = Check { catalogue, problems: Vec::new() };
    check.head();
    for (name, entry) in &catalogue.environments {
        check.environment(name.as_str(), entry);
    }
    check.shared_clusters();
    check.topics();
    for (key, function) in &catalogue.functions {
        check.function(key.as_str(), function);
    }
    check.name_lengths();
    check.budgets();
    check.problems.sort_by_key(|problem| (problem.line, problem.column));
    check.problems
}

struct Check<'a> {
    catalogue: &'a Catalogue,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn refuse(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(self.catalogue.source.problem(path, message));
    }

    fn require(&mut self, holds: bool, path: &str, message: impl FnOnce() -> String) {
        if !holds {
            self.refuse(path, message());
        }
    }

    fn range(&mut self, path: &str, value: i32, lowest: i32, highest: i32) {
        self.require((lowest..=highest).contains(&value), path, || {
            format!("{value} is out of range, it must be {lowest} to {highest}")
        });
    }

    /// A name that must be one of those known.
    fn known(&mut self, path: &str, noun: &str, written: &str, known: &[&str]) {
        if known.contains(&written) {
            return;
        }
        let suggestion = nearest(written, known.iter().copied());
        let list = if suggestion.is_some() { String::new() } else { format!("; known: {}", known.join(", ")) };
        let problem = self.catalogue.source.problem(path, format!("unknown {noun} `{written}`{list}"));
        self.problems.push(Problem { suggestion, ..problem });
    }

    fn head(&mut self) {
        let catalogue = self.catalogue;
        self.require(catalogue.schema == SCHEMA, "schema", || {
            format!("schema {} is not known, this onboardctl reads schema {SCHEMA}", catalogue.schema)
        });
        self.require(is_name(&catalogue.prefix), "prefix", || bad_name(&catalogue.prefix));
        for (section, names) in [
            ("environments", catalogue.environments.keys().map(ToString::to_string).collect::<Vec<_>>()),
            ("stacks", catalogue.stacks.keys().map(ToString::to_string).collect()),
            ("topics", catalogue.topics.keys().map(ToString::to_string).collect()),
            ("functions", catalogue.functions.keys().map(ToString::to_string).collect()),
        ] {
            self.require(!names.is_empty(), section, || format!("`{section}` is empty"));
            for name in names {
                self.require(is_name(&name), &format!("{section}.{name}"), || bad_name(&name));
            }
        }
    }

    fn environment(&mut self, name: &str, entry: &EnvironmentEntry) {
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
        self.pattern(&at("websocket_management"), &entry.websocket_management);
        for (key, prefix, ids) in
            [("subnets", "subnet-", &entry.subnets), ("security_groups", "sg-", &entry.security_groups)]
        {
            for id in ids {
                self.require(id.starts_with(prefix), &at(key), || format!("`{id}` does not begin with `{prefix}`"));
            }
        }
        let stacks: Vec<&str> = self.catalogue.stacks.keys().map(super::StackKey::as_str).collect();
        for stack in entry.parameters.keys() {
            self.known(&at(&format!("parameters.{stack}")), "stack", stack.as_str(), &stacks);
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

    fn pattern(&mut self, path: &str, pattern: &str) {
        for placeholder in pattern.split('{').skip(1) {
            match placeholder.split_once('}') {
                Some((name, _)) => self.known(path, "placeholder", name, &PLACEHOLDERS),
                None => self.refuse(path, format!("`{pattern}` opens a placeholder that it does not close")),
            }
        }
    }

    /// Topics of two environments on one cluster would be the same topics.
    fn shared_clusters(&mut self) {
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

    fn topics(&mut self) {
        let mut events: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, topic) in &self.catalogue.topics {
            let at = |key: &str| format!("topics.{name}.{key}");
            self.require(is_constant(&topic.event), &at("event"), || {
                format!("`{}` is not an event type, which is written `LIKE_THIS`", topic.event)
            });
            if let Some(other) = events.insert(&topic.event, name.as_str()) {
                self.refuse(&at("event"), format!("`{other}` carries the event type `{}` already", topic.event));
            }
            self.range(&at("partitions"), topic.partitions, 1, 1000);
            if let Some(replication) = topic.replication {
                self.range(&at("replication"), replication, 1, 15);
            }
            if topic.config.contains_key("retention.ms") {
                self.refuse(&at("config.retention.ms"), "the retention is written as `retention`, in words");
            }
        }
    }

    fn function(&mut self, key: &str, function: &Function) {
        let at = |name: &str| format!("functions.{key}.{name}");
        let each = function.for_each.is_some();
        // Behind a Kafka mapping a function may run 14 minutes, else 15 (aws-facts.md, section 2).
        self.range(&at("timeout_seconds"), function.timeout_seconds, 1, if each { 840 } else { 900 });
        self.range(&at("memory_mb"), function.memory_mb, 128, 10_240);
        for (name, value, highest) in [
            ("batch_size", function.batch_size, 10_000),
            ("batching_window_seconds", function.batching_window_seconds, 300),
        ] {
            let Some(value) = value else { continue };
            self.require(each, &at(name), || format!("`{name}` needs `for_each`: only then is there a topic to poll"));
            self.range(&at(name), value, i32::from(name == "batch_size"), highest);
        }
        if let Some(stream) = &function.stream {
            self.stream(&at("stream"), stream);
        }
        for (name, variable) in &function.variables {
            self.variable(&at(&format!("variables.{name}")), name, variable, each);
        }
    }

    fn stream(&mut self, path: &str, stream: &Stream) {
        self.range(&format!("{path}.batch_size"), stream.batch_size, 1, 10_000);
        if let Err(error) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&stream.filter) {
            self.refuse(&format!("{path}.filter"), format!("the filter is not a JSON object: {error}"));
        }
    }

    fn variable(&mut self, path: &str, name: &str, variable: &Variable, each: bool) {
        self.require(is_constant(name), path, || format!("`{name}` is not a variable, which is written `LIKE_THIS`"));
        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: reserved variables.
        self.require(!name.starts_with("AWS_") && !name.starts_with("LAMBDA_"), path, || {
            format!("`{name}` is reserved by Lambda")
        });
        match variable {
            Variable::Environment(key) => {
                self.known(&format!("{path}.environment"), "environment key", key, &ENVIRONMENT_KEYS);
            }
            Variable::Each(key) => {
                self.known(&format!("{path}.each"), "key of an instance", key, &EACH_KEYS);
                self.require(each, path, || "`each` needs `for_each` in the function".into());
            }
            Variable::Output(key) => {
                self.require(!key.is_empty(), path, || "the output's key is empty".into());
            }
            Variable::Value(_) => {}
        }
    }

    /// Lambda takes 64 characters, S3 63.
    fn name_lengths(&mut self) {
        let prefix = &self.catalogue.prefix;
        for environment in self.catalogue.environments.keys() {
            for instance in self.catalogue.instances() {
                let Instance { key, .. } = &instance;
                let name = format!("{prefix}-{}-{environment}", instance.label());
                self.require(name.len() <= 64, &format!("functions.{key}"), || {
                    format!("the function's name `{name}` is longer than 64 characters")
                });
            }
            for bucket in Bucket::ALL {
                let name = format!("{prefix}-{}-{environment}-123456789012", bucket.as_str());
                self.require(name.len() <= 63, &format!("environments.{environment}"), || {
                    format!("the bucket's name `{name}` is longer than 63 characters")
                });
            }
        }
    }

    fn budgets(&mut self) {
        for (name, milliseconds) in &self.catalogue.budgets {
            let path = format!("budgets.{name}");
            self.known(&path, "budget", name, &BUDGETS);
            self.require(*milliseconds > 0, &path, || "a budget is at least one millisecond".into());
        }
    }
}

fn bad_name(name: &str) -> String {
    format!("`{name}` is not a name: lower-case letters, digits and hyphens, beginning with a letter")
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_constant(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
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
    use crate::catalogue::parse::check;

    const EMBEDDED: &str = include_str!("../../platform.toml");

    fn messages(replacements: &[(&str, &str)]) -> Vec<String> {
        let text = replacements.iter().fold(EMBEDDED.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "the catalogue no longer has `{from}`");
            text.replacen(from, to, 1)
        });
        match check(&text, "platform.toml") {
            Ok(_) => Vec::new(),
            Err(problems) => problems
                .into_iter()
                .map(|problem| {
                    let text = problem.to_string();
                    text.splitn(4, ':').nth(3).unwrap_or(&text).trim().to_owned()
                })
                .collect(),
        }
    }

    #[test]
    fn one_wrong_value_is_one_problem() {
        for (from, to, message) in [
            ("schema = 1", "schema = 2", "schema 2 is not known, this onboardctl reads schema 1"),
            ("account = \"111111111111\"", "account = \"1111\"", "`1111` is not an AWS account, which has 12 digits"),
            (
                "region = \"us-east-1\"",
                "region = \"us-east\"",
                "`us-east` is not an AWS region, write for example `us-east-1`",
            ),
            ("build_target = \"host\"", "build_target = \"hots\"", "unknown build target `hots`, did you mean `host`?"),
            ("/{api}/{stage}", "/{api}/{stages}", "unknown placeholder `stages`, did you mean `stage`?"),
            (
                "/{api}/{stage}",
                "/{api}/{stage",
                "`{endpoint}/_aws/execute-api/{api}/{stage` opens a placeholder that it does not close",
            ),
            (
                "connection = \"local\"",
                "connection = \"local\"\nendpoint = \"http://127.0.0.1:1\"",
                "`endpoint` comes from the connection file of an environment that has `connection`",
            ),
            (
                "certificate_authority = \"probe\"\n",
                "",
                "environment `dev` lacks `certificate_authority`: `probe` or a PEM file",
            ),
            ("event = \"KYC_VERIFIED\"", "event = \"kyc\"", "`kyc` is not an event type, which is written `LIKE_THIS`"),
            ("partitions = 3", "partitions = 0", "0 is out of range, it must be 1 to 1000"),
            ("timeout_seconds = 60", "timeout_seconds = 850", "850 is out of range, it must be 1 to 840"),
            ("memory_mb = 256", "memory_mb = 64", "64 is out of range, it must be 128 to 10240"),
            (
                "vpc = true",
                "vpc = true\nbatch_size = 5",
                "`batch_size` needs `for_each`: only then is there a topic to poll",
            ),
            (
                "{ environment = \"kafka_bootstrap\" }",
                "{ environment = \"kafka_boostrap\" }",
                "unknown environment key `kafka_boostrap`, did you mean `kafka_bootstrap`?",
            ),
            (
                "TOPIC = { each = \"topic\" }",
                "TOPIC = { each = \"topics\" }",
                "unknown key of an instance `topics`, did you mean `topic`?",
            ),
            (
                "USERS_TABLE = { output = \"UsersTable\" }",
                "AWS_REGION = { value = \"x\" }",
                "`AWS_REGION` is reserved by Lambda",
            ),
            ("push_ms = 100", "push_ms = 0", "a budget is at least one millisecond"),
            ("push_ms = 100", "pusch_ms = 100", "unknown budget `pusch_ms`, did you mean `push_ms`?"),
            (
                "filter = '{",
                "filter = '",
                "the filter is not a JSON object: invalid type: string \"dynamodb\", expected a map at line 1 column 10",
            ),
            (
                "[topics.kyc-verified]",
                "[topics.KYC_verified]",
                "`KYC_verified` is not a name: lower-case letters, digits and hyphens, beginning with a letter",
            ),
        ] {
            assert_eq!(messages(&[(from, to)]), [message], "{from} -> {to}");
        }
    }

    #[test]
    fn an_event_type_belongs_to_one_topic() {
        assert_eq!(
            messages(&[("event = \"KYC_VERIFIED\"", "event = \"DOCUMENTS_PROCESSED\"")]),
            ["`documents-processed` carries the event type `DOCUMENTS_PROCESSED` already"]
        );
    }

    #[test]
    fn environments_share_a_cluster_only_with_prefixes_of_their_own() {
        let arn = |account: &str| format!("cluster_arn = \"arn:aws:kafka:us-east-1:{account}:cluster/shared/1-1\"\n");
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
    fn every_problem_is_told_in_the_order_of_the_file() {
        let found = messages(&[("push_ms = 100", "push_ms = 0"), ("partitions = 3", "partitions = 0")]);
        assert_eq!(found, ["0 is out of range, it must be 1 to 1000", "a budget is at least one millisecond"]);
    }
}
