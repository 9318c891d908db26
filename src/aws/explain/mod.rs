//! `--explain-aws`: the calls of a run as commands of the `aws` CLI, to be read or pasted into sh.
//!
//! A call is translated from its serialized request, which every call has, instead of by a function per call: see
//! [`request`]. What must not be shown is replaced before it is kept. A command says what its call would do if it were
//! made now, so what holds for one moment only is left out: revisions, idempotency tokens, later pages of a list.

mod command;
mod hints;
mod request;
mod rest;
mod script;
mod shell;

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::config_bag::ConfigBag;

pub use hints::Hints;

use super::operations::Class;
use crate::catalogue::Environment;
use request::Request;

pub use rest::PATHS as REST_PATHS;
pub use shell::word as shell_word;

/// In place of a number that Lambda gives only once the version is published.
pub fn version_to_come() -> String {
    shell::variable(script::VERSION)
}

/// What became of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Outcome {
    /// It was not sent: `--dry-run`.
    #[default]
    Withheld,
    /// It was answered.
    Done,
    /// It failed with this code.
    Failed(String),
}

/// What was done, in the order in which it was begun.
#[derive(Clone, Debug)]
enum Entry {
    /// A call of an AWS API.
    Call(Called),
    /// A remark, or a command of Kafka's own tools.
    Line(String, Class),
}

/// One call.
#[derive(Clone, Debug)]
struct Called {
    request: Result<Request, String>,
    class: Class,
    outcome: Outcome,
    /// The lock and the ledger: the tool's own books, not the platform.
    books: bool,
    /// `--endpoint-url … --region …`.
    target: String,
}

/// Where calls are kept until the run ends.
#[derive(Debug, Default)]
pub struct Explainer {
    entries: Mutex<Vec<Entry>>,
    /// As the last call knew it: `up` learns only on its way how a platform on this computer is reached.
    environment: Mutex<Option<Arc<Environment>>>,
}

impl Explainer {
    /// Keeps a call that is about to be sent, or withheld; the answer is what [`Explainer::ended`] is told.
    pub fn began(
        &self,
        environment: &Arc<Environment>,
        (service, operation): (&str, &str),
        class: Class,
        request: &HttpRequest,
        config: &ConfigBag,
    ) -> usize {
        let bucket = config
            .load::<EndpointResolverParams>()
            .and_then(|parameters| parameters.get::<aws_sdk_s3::config::endpoint::Params>())
            .and_then(|parameters| parameters.bucket());
        let request = request::read(service, operation, request, bucket)
            .map(|request| config.load::<Hints>().unwrap_or(&Hints::default()).apply(request));
        let books = request.as_ref().is_ok_and(|request| {
            request.members.get("TableName").and_then(|table| table.as_str()) == Some(&environment.releases_table())
        });
        *self.environment.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(environment));
        let (outcome, target) = (Outcome::default(), command::target(environment));
        self.add(Entry::Call(Called { request, class, outcome, books, target }))
    }

    /// A call was answered.
    pub fn ended(&self, call: usize, error: Option<String>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Entry::Call(call)) = entries.get_mut(call) {
            call.outcome = error.map_or(Outcome::Done, Outcome::Failed);
        }
    }

    /// Keeps a line between the calls.
    pub fn line(&self, text: String, class: Class) {
        self.add(Entry::Line(text, class));
    }

    fn add(&self, entry: Entry) -> usize {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push(entry);
        entries.len() - 1
    }

    /// The script: what changes something, and with `reads` every call.
    pub fn script(&self, reads: bool) -> String {
        let environment = self.environment.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        script::script(environment.as_deref(), &entries, reads)
    }
}
