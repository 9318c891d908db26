//! What a function of the catalogue must hold: values within Lambda's limits, and references to what exists.

use super::{Check, is_constant};
use crate::catalogue::source::{Problem, nearest};
use crate::catalogue::templates;
use crate::catalogue::types::{Function, Stream, Variable};

/// What `{ environment = … }` may name.
pub const ENVIRONMENT_KEYS: [&str; 8] = [
    "name",
    "region",
    "kafka_bootstrap",
    "certificate_authority",
    "topic_prefix",
    "poller",
    "websocket_management",
    "websocket_url",
];
/// What `{ each = … }` may name.
pub const EACH_KEYS: [&str; 1] = ["topic"];

impl Check<'_> {
    pub(super) fn function(&mut self, key: &str, function: &Function) {
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
        if each {
            for topic in self.catalogue.topics.keys() {
                self.output(&at("role"), &function.role_output(Some(topic.as_str())));
            }
        } else {
            self.output(&at("role"), &function.role);
        }
        if let Some(stream) = &function.stream {
            self.stream(&at("stream"), stream);
        }
        for (name, variable) in &function.variables {
            self.variable(&at(&format!("variables.{name}")), name, variable, each);
        }
    }

    fn stream(&mut self, path: &str, stream: &Stream) {
        self.output(&format!("{path}.output"), &stream.output);
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
            Variable::Output(key) => self.output(&format!("{path}.output"), key),
            Variable::Value(_) => {}
        }
    }

    /// A key that one of the stacks' templates gives as an output.
    fn output(&mut self, path: &str, key: &str) {
        let stacks = self.catalogue.stacks.values();
        let outputs: Vec<&str> =
            stacks.filter_map(|stack| templates::text(&stack.template)).flat_map(templates::outputs).collect();
        if outputs.contains(&key) {
            return;
        }
        let suggestion = nearest(key, outputs);
        let problem = self.catalogue.source.problem(path, format!("no template has the output `{key}`"));
        self.problems.push(Problem { suggestion, ..problem });
    }
}
