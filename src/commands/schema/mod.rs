//! `onboardctl schema [KIND]`: the JSON Schema of a report's whole document, and the platform's own interface.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::output::{Output, Report, Screen, schema_id};

/// The JSON Schema of a report.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  onboardctl schema stack-plan\n  onboardctl schema openapi > openapi.json\n  onboardctl schema"
)]
pub struct Args {
    /// The kind, as in the document's `schema` field, or `openapi` or `asyncapi`; without it the kinds are listed.
    kind: Option<String>,
}

/// The kinds there are.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SchemaReport {
    /// What `schema KIND` takes, sorted within reports and interface.
    pub kinds: Vec<String>,
}

impl Report for SchemaReport {
    const KIND: &'static str = "schema";

    fn render(&self, screen: &mut Screen) {
        for kind in &self.kinds {
            screen.line(kind);
        }
    }
}

/// The answer of a command line that was not understood: an error and no data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoReport;

impl Report for NoReport {
    const KIND: &'static str = "error";

    fn render(&self, _screen: &mut Screen) {}
}

/// One kind of report.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in the document's `schema` field.
    pub name: &'static str,
    /// Its document's JSON Schema.
    pub schema: fn() -> Value,
}

macro_rules! kinds {
    ($($report:ty),* $(,)?) => {
        /// Every kind of report there is.
        pub fn kinds() -> Vec<Kind> {
            let mut kinds = vec![$(Kind { name: <$report as Report>::KIND, schema: document_schema::<$report> }),*];
            kinds.sort_by_key(|kind| kind.name);
            kinds
        }
    };
}

// Every report that a command prints is named here; a line each, sorted by folder.
kinds![
    crate::catalogue::report::ConfigReport,
    crate::catalogue::report::ConfigValidateReport,
    crate::commands::completions::TextReport,
    crate::commands::explain::ExplainReport,
    crate::commands::man::ManReport,
    NoReport,
    SchemaReport,
    crate::environment::EnvDiffReport,
    crate::environment::EnvStatusReport,
    crate::functions::BuildReport,
    crate::functions::EnvPlanReport,
    crate::functions::EnvSyncReport,
    crate::functions::LambdasDeployReport,
    crate::functions::LambdasPlanReport,
    crate::functions::LambdasReport,
    crate::local::FaultClearReport,
    crate::local::FaultReport,
    crate::local::FaultsReport,
    crate::local::LogsReport,
    crate::local::ResetReport,
    crate::local::Started,
    crate::local::StatusReport,
    crate::local::StopReport,
    crate::platform::DownReport,
    crate::platform::UpReport,
    crate::release::history::HistoryReport,
    crate::release::history::ReleaseReport,
    crate::release::unlock::UnlockReport,
    crate::status::StatusReport,
    crate::stack::StackEventsReport,
    crate::stack::StackOutputReport,
    crate::stack::StackOutputsReport,
    crate::stack::StackPlanReport,
    crate::stack::StackStatusReport,
    crate::stack::StackUpReport,
    crate::topics::TopicsPlanReport,
    crate::topics::TopicsReport,
    crate::verify::VerifyReport,
];

/// The platform's interface: the REST API, and topics with socket messages.
const INTERFACE: [Kind; 2] = [
    Kind { name: "asyncapi", schema: shared::interface::asyncapi },
    Kind { name: "openapi", schema: shared::interface::openapi },
];

/// The envelope around a report's own schema.
fn document_schema<R: Report>() -> Value {
    let mut generator = SchemaGenerator::default();
    let data = generator.subschema_for::<R>();
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id(R::KIND),
        "type": "object",
        "required": ["schema", "env", "ok", "data", "warnings"],
        "properties": {
            "schema": {"const": schema_id(R::KIND)},
            "env": {"type": ["string", "null"]},
            "ok": {"type": "boolean"},
            "data": {"anyOf": [data, {"type": "null"}]},
            "error": {
                "type": "object",
                "required": ["code", "what", "why", "fix", "retryable"],
                "properties": {
                    "code": {"type": "string", "pattern": "^E-[A-Z]+-[0-9]{3}$"},
                    "what": {"type": "string"},
                    "why": {"type": "array", "items": {"type": "string"}},
                    "fix": {"type": "array", "items": {"type": "string"}},
                    "retryable": {"type": "boolean"},
                },
            },
            "warnings": {"type": "array", "items": {"type": "string"}},
        },
        "oneOf": [
            {"properties": {"ok": {"const": true}}, "not": {"required": ["error"]}},
            {"properties": {"ok": {"const": false}}, "required": ["error"]},
        ],
        "$defs": definitions,
    })
}

/// Runs the command.
///
/// # Errors
/// The kind does not exist.
pub fn run(args: &Args, output: &Output) -> anyhow::Result<Exit> {
    let kinds = kinds();
    let Some(wanted) = &args.kind else {
        let names = kinds.iter().chain(&INTERFACE).map(|kind| kind.name.to_owned()).collect();
        output.report(&SchemaReport { kinds: names })?;
        return Ok(Exit::Done);
    };
    if let Some(kind) = kinds.iter().chain(&INTERFACE).find(|kind| kind.name == wanted) {
        output.text(&format!("{:#}\n", (kind.schema)()));
        return Ok(Exit::Done);
    }
    let near = kinds.iter().chain(&INTERFACE).max_by(|left, right| {
        strsim::jaro_winkler(left.name, wanted).total_cmp(&strsim::jaro_winkler(right.name, wanted))
    });
    let mut failure = Failure::new(&codes::USAGE, format!("there is no report of kind {wanted}"));
    if let Some(near) = near {
        failure = failure.fix(format!("onboardctl schema {}", near.name));
    }
    Err(failure.fix("onboardctl schema").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_unique_and_their_schemas_are_valid() {
        let kinds = kinds();
        for pair in kinds.windows(2) {
            assert_ne!(pair[0].name, pair[1].name);
        }
        for kind in kinds {
            assert!(jsonschema::meta::is_valid(&(kind.schema)()), "{}", kind.name);
        }
    }
}
