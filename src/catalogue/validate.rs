//! What a catalogue must hold beyond its shape: values in their limits, and no reference to something unknown.
//! Every problem is found at once; a pure function of the catalogue.

mod alarms;
mod environments;
mod functions;

use std::collections::BTreeMap;

use super::names::{Bucket, Instance};
use super::source::{Problem, nearest};
use super::templates;
use super::types::Catalogue;

/// The file format's version that this executable reads.
const SCHEMA: u32 = 1;
/// The steps of `verify` that have a budget.
pub const BUDGETS: [&str; 22] = [
    "session_ms",
    "submit_ms",
    "outbox_ms",
    "record_ms",
    "consumer_ms",
    "row_ms",
    "alert_ms",
    "audit_ms",
    "push_ms",
    "documents_ms",
    "documents_event_ms",
    "documents_push_ms",
    "kyc_ms",
    "kyc_event_ms",
    "kyc_push_ms",
    "recommend_ms",
    "recommend_event_ms",
    "recommend_push_ms",
    "select_ms",
    "select_event_ms",
    "select_push_ms",
    "negative_ms",
];

/// Every problem of the catalogue, in the order of the file.
pub(super) fn problems(catalogue: &Catalogue) -> Vec<Problem> {
    let mut check = Check { catalogue, problems: Vec::new() };
    check.head();
    for (name, entry) in &catalogue.environments {
        check.environment(name.as_str(), entry);
    }
    check.shared_clusters();
    check.stacks();
    check.topics();
    for (key, function) in &catalogue.functions {
        check.function(key.as_str(), function);
    }
    for (name, alarm) in &catalogue.alarms {
        check.alarm(name, alarm);
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
            ("alarms", catalogue.alarms.keys().cloned().collect()),
        ] {
            self.require(!names.is_empty() || section == "alarms", section, || format!("`{section}` is empty"));
            for name in names {
                self.require(is_name(&name), &format!("{section}.{name}"), || bad_name(&name));
            }
        }
    }

    fn stacks(&mut self) {
        let known: Vec<&str> = templates::names().collect();
        for (key, stack) in &self.catalogue.stacks {
            self.known(&format!("stacks.{key}.template"), "template", &stack.template, &known);
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

#[cfg(test)]
mod tests {
    use crate::catalogue::parse::check;

    const EMBEDDED: &str = include_str!("../../platform.toml");

    pub(super) fn messages(replacements: &[(&str, &str)]) -> Vec<String> {
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
            ("push_ms = 100", "push_ms = 0", "a budget is at least one millisecond"),
            ("push_ms = 100", "pusch_ms = 100", "unknown budget `pusch_ms`, did you mean `push_ms`?"),
        ] {
            assert_eq!(messages(&[(from, to)]), [message], "{from} -> {to}");
        }
    }

    #[test]
    fn a_function_and_what_it_refers_to_are_checked() {
        for (from, to, message) in [
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
            (
                "role = \"SubmitUserInfoRoleArn\"",
                "role = \"SubmitUserInfRoleArn\"",
                "no template has the output `SubmitUserInfRoleArn`, did you mean `SubmitUserInfoRoleArn`?",
            ),
            (
                "{ output = \"UsersTable\" }",
                "{ output = \"UserTable\" }",
                "no template has the output `UserTable`, did you mean `UsersTable`?",
            ),
            ("{ output = \"OutboxStreamArn\"", "{ output = \"Nothing\"", "no template has the output `Nothing`"),
            (
                "template = \"kafka.yaml\"",
                "template = \"kafak.yaml\"",
                "unknown template `kafak.yaml`, did you mean `kafka.yaml`?",
            ),
            ("BrokersInVpc = ", "BrokerInVpc = ", "unknown parameter `BrokerInVpc`, did you mean `BrokersInVpc`?"),
            (
                "[environments.local.parameters.platform]",
                "[environments.local.parameters.platfrom]",
                "unknown stack `platfrom`, did you mean `platform`?",
            ),
            (
                "filter = '{",
                "filter = '",
                "the filter is not a JSON object: invalid type: string \"dynamodb\", expected a map at line 1 column 10",
            ),
        ] {
            assert_eq!(messages(&[(from, to)]), [message], "{from} -> {to}");
        }
    }

    #[test]
    fn a_topic_has_a_name_and_its_consumer_a_role() {
        assert_eq!(
            messages(&[("[topics.kyc-verified]", "[topics.KYC_verified]")]),
            [
                "`KYC_verified` is not a name: lower-case letters, digits and hyphens, beginning with a letter",
                "no template has the output `ConsumerKYC_verifiedRoleArn`, did you mean `ConsumerKycVerifiedRoleArn`?",
            ]
        );
    }

    #[test]
    fn an_event_type_belongs_to_one_topic() {
        assert_eq!(
            messages(&[("event = \"KYC_VERIFIED\"", "event = \"DOCUMENTS_PROCESSED\"")]),
            ["`documents-processed` carries the event type `DOCUMENTS_PROCESSED` already"]
        );
    }

    #[test]
    fn every_problem_is_told_in_the_order_of_the_file() {
        let found = messages(&[("push_ms = 100", "push_ms = 0"), ("partitions = 3", "partitions = 0")]);
        assert_eq!(found, ["0 is out of range, it must be 1 to 1000", "a budget is at least one millisecond"]);
    }
}
