//! What programs read: each command's `-o json` matches its schema, schemas and help do not drift unnoticed.

use std::collections::BTreeSet;

use clap::CommandFactory;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::command::{Ended, Run};
use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        every_command_answers_with_its_schema,
        every_failure_answers_with_its_schema,
        a_refused_plan_is_beside_its_error,
        every_schema_is_golden,
        fields_that_others_read_first_are_there,
        help_is_golden,
        every_command_has_examples,
    ]
}

/// Validates a document against the schema that the executable prints for its kind.
#[track_caller]
pub fn validate(ended: &Ended) -> Value {
    let document = ended.json();
    let kind = document["schema"].as_str().unwrap().strip_prefix("onboardctl/v1/").unwrap().to_owned();
    let schema: Value = serde_json::from_str(&Run::new(&["schema", &kind]).run().expect(0).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{kind} does not match its schema:\n{}\n{document:#}", errors.join("\n"));
    // 5: differences were found, as was asked.
    assert_eq!(document["ok"], [0, 5].contains(&ended.code), "{document:#}");
    document
}

/// Where a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    /// The shared platform, where nothing is to be done.
    Shared,
    /// A platform that was never started.
    Nowhere,
}

/// Every command with its arguments, its exit code and its answer's kind. `every_command_answers_with_its_schema`
/// fails for one that is missing here.
const COMMANDS: &[(&str, On, i32, &str)] = &[
    ("up", On::Shared, 0, "up"),
    ("up --dry-run", On::Shared, 0, "up"),
    ("down --dry-run", On::Shared, 0, "down"),
    ("down", On::Nowhere, 0, "down"),
    ("status", On::Shared, 0, "status"),
    ("status", On::Nowhere, 0, "status"),
    ("local start", On::Shared, 0, "local-start"),
    ("local stop", On::Nowhere, 0, "local-stop"),
    ("local status", On::Shared, 0, "local-status"),
    ("local status", On::Nowhere, 0, "local-status"),
    ("local reset", On::Nowhere, 0, "local-reset"),
    ("local logs -n 3", On::Shared, 0, "local-logs"),
    ("local fault add throttle sns:Publish --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add fail sns:Publish --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add delay sns:Publish --by 1s --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add cut sns:Publish --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add lose-answer sns:Publish --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add kill submit-user-info --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add deliver-twice consumer --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add stop-broker --dry-run", On::Shared, 0, "local-fault"),
    ("local fault add fail-resource UsersTable --dry-run", On::Shared, 0, "local-fault"),
    ("local fault list", On::Shared, 0, "local-faults"),
    ("local fault clear", On::Shared, 0, "local-fault-clear"),
    ("stack plan", On::Shared, 0, "stack-plan"),
    ("stack plan --exit-code", On::Shared, 0, "stack-plan"),
    ("stack up", On::Shared, 0, "stack-up"),
    ("stack up --dry-run", On::Shared, 0, "stack-plan"),
    ("stack status", On::Shared, 0, "stack-status"),
    ("stack outputs", On::Shared, 0, "stack-outputs"),
    ("stack output UsersTable", On::Shared, 0, "stack-output"),
    ("stack output Nothing", On::Shared, 1, "stack-output"),
    ("stack events", On::Shared, 0, "stack-events"),
    ("topics plan", On::Shared, 0, "topics-plan"),
    ("topics create", On::Shared, 0, "topics-plan"),
    ("topics list", On::Shared, 0, "topics"),
    ("lambdas build --only websocket-connect", On::Shared, 0, "lambdas-build"),
    ("lambdas plan --only websocket-connect", On::Shared, 0, "lambdas-plan"),
    ("lambdas deploy --only websocket-connect", On::Shared, 0, "lambdas-deploy"),
    ("lambdas deploy --only nothing", On::Shared, 2, "lambdas-deploy"),
    ("lambdas list", On::Shared, 0, "lambdas"),
    ("env plan", On::Shared, 0, "env-plan"),
    ("env sync", On::Shared, 0, "env-sync"),
    ("env sync --dry-run", On::Shared, 0, "env-plan"),
    ("env diff", On::Shared, 0, "env-diff"),
    ("env status --exit-code", On::Shared, 0, "env-status"),
    ("verify", On::Shared, 0, "verify"),
    ("history", On::Shared, 0, "history"),
    ("history show nothing", On::Shared, 1, "release"),
    ("unlock nothing", On::Shared, 1, "unlock"),
    ("config show --origin", On::Nowhere, 0, "config"),
    ("config validate", On::Nowhere, 0, "config-validate"),
    ("explain", On::Nowhere, 0, "explain"),
    ("explain E-AWS-001", On::Nowhere, 0, "explain"),
    ("explain E-NOTHING-001", On::Nowhere, 2, "explain"),
    ("schema", On::Nowhere, 0, "schema"),
    ("schema nothing", On::Nowhere, 2, "schema"),
    ("completions bash", On::Nowhere, 0, "completions"),
    ("completions nothing", On::Nowhere, 2, "error"),
    ("man", On::Nowhere, 0, "man"),
    ("nothing", On::Nowhere, 2, "error"),
];

/// The paths of the commands that can be run, as they are typed.
fn leaves() -> BTreeSet<String> {
    fn below(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
        let visible: Vec<_> = command.get_subcommands().filter(|verb| !verb.is_hide_set()).collect();
        if !path.is_empty() && (visible.is_empty() || !command.is_subcommand_required_set()) {
            found.insert(path.to_owned());
        }
        for verb in visible {
            below(verb, format!("{path} {}", verb.get_name()).trim_start(), found);
        }
    }
    let mut found = BTreeSet::new();
    below(&onboardctl::cli::Cli::command(), "", &mut found);
    found
}

fn is_of(line: &str, leaf: &str) -> bool {
    line == leaf || line.starts_with(&format!("{leaf} "))
}

fn every_command_answers_with_its_schema() {
    for leaf in leaves() {
        let with_release = leaf == "history show";
        assert!(with_release || COMMANDS.iter().any(|(line, ..)| is_of(line, &leaf)), "`{leaf}` is not in COMMANDS");
    }
    let nowhere = Platform::new();
    for (line, on, code, kind) in COMMANDS {
        let platform = if *on == On::Shared { shared() } else { &nowhere };
        let arguments: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
        let ended = platform.run(&arguments).run();
        assert_eq!(ended.code, *code, "{line}: {ended:?}");
        let document = validate(&ended);
        assert_eq!(document["schema"], format!("onboardctl/v1/{kind}"), "{line}");
        assert_eq!(document["env"], "local", "{line}");
    }
    let history = shared().run(&["history", "-o", "json"]).run().expect(0).json();
    let release = history["data"]["releases"][0]["id"].as_str().unwrap().to_owned();
    validate(&shared().run(&["history", "show", &release, "-o", "json"]).run().expect(0));
    // These are documents of their own.
    for schema in ["up", "openapi", "asyncapi"] {
        assert!(Run::new(&["schema", schema, "-o", "json"]).run().expect(0).json().is_object(), "{schema}");
    }
}

/// The first words in COMMANDS for a command.
fn words_of(leaf: &str) -> Vec<&'static str> {
    let line = COMMANDS.iter().map(|(line, ..)| *line).find(|line| is_of(line, leaf));
    line.unwrap_or("history show nothing").split(' ').filter(|word| *word != "--dry-run").collect()
}

fn every_failure_answers_with_its_schema() {
    let nowhere = Platform::new();
    let offline = ["completions", "config show", "config validate", "explain", "man", "schema"];
    // Without a platform these have something to do, or nothing, and `local start` would start one.
    let content = ["down", "status", "up", "local start", "local stop", "local status", "local reset", "local logs"];
    for leaf in leaves() {
        let words = [&words_of(&leaf)[..], &["-o", "json"]].concat();
        if !offline.contains(&leaf.as_str()) {
            let unknown = nowhere.run(&[&words[..], &["--env", "nope"]].concat()).run().expect(2);
            assert_eq!(validate(&unknown)["error"]["code"], "E-CONFIG-002", "{leaf}");
        }
        if !offline.contains(&leaf.as_str()) && !content.contains(&leaf.as_str()) {
            let ended = nowhere.run(&[&words[..], &["--dry-run"]].concat()).run();
            let document = validate(&ended);
            // A dry verify looks at nothing and says so.
            let fails = !["lambdas build", "verify"].contains(&leaf.as_str()) && !leaf.starts_with("local fault");
            assert!(!fails || ended.code == 1, "{leaf}: {document:#}");
        }
        let mistyped = nowhere.run(&[&words[..], &["--nothing"]].concat()).run().expect(2);
        assert_eq!(validate(&mistyped)["schema"], "onboardctl/v1/error", "{leaf}");
    }
}

fn a_refused_plan_is_beside_its_error() {
    let fewer = shared().with_catalogue(|text| text.replacen("partitions = 3", "partitions = 2", 1));
    let ended = shared().run(&["topics", "create", "-o", "json"]).env("ONBOARDCTL_CONFIG", fewer.as_os_str()).run();
    let document = validate(&ended.expect(3));
    assert_eq!(document["error"]["code"], "E-TOPIC-001");
    let refused = document["data"]["topics"].as_array().unwrap().iter().filter(|topic| topic["action"] == "refused");
    assert_eq!(refused.count(), 1, "{document:#}");

    let wrong = shared().with_catalogue(|text| text.replacen("partitions = 3", "partition = 3", 1));
    let ended = shared().run(&["config", "validate", "-o", "json"]).env("ONBOARDCTL_CONFIG", wrong.as_os_str()).run();
    assert!(!validate(&ended.expect(2))["data"].is_null());
}

/// A snapshot in `tests/snapshots/`; `INSTA_UPDATE=always cargo test` writes what has changed, for `git diff` to show.
fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(crate::support::root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// What a program depends on: names, types and what is required, without the words about them.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let said = |key: &str, value: &Value| {
                matches!(key, "description" | "title" | "$schema" | "format") && value.is_string()
            };
            let kept = object.iter().filter(|(key, value)| !said(key, value));
            Value::Object(kept.map(|(key, value)| (key.clone(), bare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}

fn every_schema_is_golden() {
    let names: Vec<String> = onboardctl::commands::schema::kinds().iter().map(|kind| kind.name.to_owned()).collect();
    golden("kinds", &names.join("\n"));
    for kind in onboardctl::commands::schema::kinds() {
        let schema = bare(&(kind.schema)());
        // The envelope is the same everywhere; it is in the snapshot of kind `error`.
        let own = json!({"data": schema["properties"]["data"]["anyOf"][0], "$defs": schema["$defs"]});
        let shown = if kind.name == "error" { schema } else { own };
        golden(&format!("schema-{}", kind.name), &format!("{shown:#}"));
    }
}

/// `contracts.md`, "Reports that other programs read first": for the kinds that exist.
const FIRST: &[(&str, &str)] = &[
    (
        "up",
        "parts[].part parts[].changed parts[].duration_ms release urls.site urls.api urls.websocket urls.aws_endpoint verify",
    ),
    ("stack-plan", "stacks[].stack stacks[].changes[].action stacks[].changes[].logical_id stacks[].changes[].type"),
    ("stack-plan", "stacks[].changes[].replacement stacks[].changes[].because"),
    ("stack-plan", "totals.add totals.change totals.replace totals.delete"),
    ("stack-outputs", "outputs"),
    ("topics", "topics[].topic topics[].partitions topics[].replication topics[].config"),
    ("topics", "topics[].consumers[].group topics[].consumers[].lag"),
    (
        "topics-plan",
        "topics[].topic topics[].action topics[].changes[].key topics[].changes[].old topics[].changes[].new",
    ),
    ("lambdas-deploy", "functions[].function functions[].action functions[].from_version functions[].to_version"),
    ("lambdas-deploy", "functions[].code_sha256 functions[].bytes functions[].duration_ms functions[].error"),
    ("lambdas", "functions[].function functions[].live_version functions[].code_sha256 functions[].last_modified"),
    ("lambdas", "functions[].state functions[].sources[].topic functions[].sources[].state"),
    ("lambdas", "functions[].sources[].group functions[].sources[].last_result"),
    ("env-diff", "functions[].function functions[].keys[].key functions[].keys[].state"),
    ("verify", "steps[].name steps[].result steps[].ms steps[].budget_ms steps[].detail passed failed unknown"),
    ("history", "releases[].id releases[].at releases[].who releases[].command releases[].git releases[].result"),
    ("history", "releases[].live releases[].parts"),
    ("status", "stacks functions topics lag alarms frontend lock unknown"),
];

fn fields_that_others_read_first_are_there() {
    for (kind, fields) in FIRST {
        let schema: Value = serde_json::from_str(&Run::new(&["schema", kind]).run().expect(0).stdout).unwrap();
        for field in fields.split(' ') {
            let mut at = vec![&schema["properties"]["data"]];
            for step in field.split('.') {
                let (name, is_list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
                at = at
                    .iter()
                    .flat_map(|node| alternatives(&schema, node))
                    .map(|node| &node["properties"][name])
                    .collect();
                if is_list {
                    at = at.iter().flat_map(|node| alternatives(&schema, node)).map(|node| &node["items"]).collect();
                }
                at.retain(|node| !node.is_null());
            }
            assert!(!at.is_empty(), "{kind} has no {field}");
        }
    }
}

/// A node without its references and choices.
fn alternatives<'a>(schema: &'a Value, node: &'a Value) -> Vec<&'a Value> {
    if let Some(name) = node["$ref"].as_str() {
        return alternatives(schema, schema.pointer(name.trim_start_matches('#')).unwrap());
    }
    match node["anyOf"].as_array().or_else(|| node["allOf"].as_array()) {
        Some(choices) => choices.iter().flat_map(|choice| alternatives(schema, choice)).collect(),
        None => vec![node],
    }
}

/// Every command's path, also of those that only hold others.
fn nodes() -> Vec<Vec<String>> {
    let mut found: BTreeSet<Vec<String>> = [Vec::new()].into();
    for leaf in leaves() {
        let words: Vec<String> = leaf.split(' ').map(str::to_owned).collect();
        found.extend((1..=words.len()).map(|count| words[..count].to_vec()));
    }
    found.into_iter().collect()
}

fn help_of(path: &[String], flag: &str) -> String {
    let words: Vec<&str> = path.iter().map(String::as_str).chain([flag]).collect();
    Run::new(&words).env("COLUMNS", "100").run().expect(0).stdout
}

fn help_is_golden() {
    let mut text = help_of(&[], "--help");
    for path in nodes() {
        let help = help_of(&path, "-h");
        // The global flags are the same everywhere.
        let own = help.split("\nGlobal flags:").next().unwrap().trim_end();
        text.extend(["\n=== onboardctl ", &path.join(" "), " -h\n", own, "\n"]);
    }
    golden("help", &text);
}

fn every_command_has_examples() {
    for path in nodes() {
        let help = help_of(&path, "-h");
        let example = help.strip_prefix("Examples:\n").and_then(|rest| rest.lines().next()).unwrap_or_default();
        assert!(example.contains("onboardctl"), "{path:?}: {help}");
    }
}
