//! `--explain-aws`: commands that the aws CLI takes and that do what the tool does, without a secret in them.

use std::collections::BTreeMap;

use libtest_mimic::Trial;

use crate::documents::validate;
use crate::support::command::Ended;
use crate::support::foreign::{AwsCli, aws_cli};
use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        pasted_commands_do_what_the_tool_would_do,
        every_call_is_a_command_that_the_cli_takes,
        paths_are_those_of_the_api_models,
    ]
}

/// The script at the end of standard error.
fn script(ended: &Ended) -> String {
    let begin = ended.stderr.find("# --explain-aws").unwrap_or_else(|| panic!("no script in {}", ended.stderr));
    ended.stderr[begin..].to_owned()
}

/// Runs a command with `--dry-run --explain-aws`: it sends nothing that changes anything, and stdout stays one document.
fn rehearsed(platform: &Platform, arguments: &[&str]) -> String {
    let calls = platform.folder().join("rehearsed-calls");
    let _ = std::fs::remove_file(&calls);
    let arguments = [arguments, &["--dry-run", "--explain-aws", "-o", "json"]].concat();
    let run = platform.run(&arguments).env("ONBOARDCTL_RECORD_CALLS", calls.as_os_str());
    let ended = run.run().expect(0);
    validate(&ended);
    let recorded = std::fs::read_to_string(&calls).unwrap();
    assert!(recorded.contains("\"read\"") && !recorded.contains("\"mutate\""), "{arguments:?} sent {recorded}");
    script(&ended)
}

/// Pastes a script into sh.
fn paste(cli: &AwsCli, script: &str) {
    let output = cli.shell(script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n--- script\n{script}");
}

fn pasted_commands_do_what_the_tool_would_do() {
    // The functions are built once, by the shared platform's `up`.
    let _ = shared();
    let (platform, cli) = (Platform::new(), aws_cli());
    platform.supervise();
    // On an empty platform only the first stack can be planned, and the script says so.
    let first = rehearsed(&platform, &["stack", "up"]);
    assert!(first.contains("create-change-set") && first.contains("execute-change-set"), "{first}");
    assert!(first.contains("# onboard-ai-local: known once"), "{first}");
    paste(cli, &first);
    paste(cli, &rehearsed(&platform, &["stack", "up"]));
    let after = rehearsed(&platform, &["stack", "up"]);
    assert!(after.contains("batch-associate-scram-secret"), "{after}");
    paste(cli, &after);
    let plan = platform.run(&["stack", "plan", "--exit-code"]).run().expect(0);
    assert!(plan.stdout.contains("no changes"), "{}", plan.stdout);

    let function = ["--only", "websocket-connect"];
    paste(cli, &rehearsed(&platform, &["topics", "create"]));
    paste(cli, &rehearsed(&platform, &[&["lambdas", "deploy"][..], &function].concat()));
    for command in [&["topics", "create"][..], &[&["lambdas", "deploy"][..], &function].concat()] {
        let nothing = rehearsed(&platform, command);
        assert!(!nothing.contains("\naws "), "{command:?} would still send {nothing}");
    }
    secrets_are_variables(&platform, cli);
}

/// A variable that somebody else set may be a secret: it is kept, and never shown.
fn secrets_are_variables(platform: &Platform, cli: &AwsCli) {
    let canary = "canary-4f1c";
    platform.python("set_variable", &["onboard-ai-websocket-connect-local", "THEIR_TOKEN", canary]);
    let changed = platform.with_catalogue(|text| {
        text.replacen(
            "[functions.websocket-connect.variables]\n",
            "[functions.websocket-connect.variables]\nADDED = { value = \"two words\" }\n",
            1,
        )
    });
    let sync = |flags: &[&str]| {
        let arguments = [&["env", "sync", "--only", "websocket-connect", "--explain-aws", "-v"][..], flags].concat();
        let ended = platform.run(&arguments).env("ONBOARDCTL_CONFIG", changed.as_os_str()).run().expect(0);
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(canary), "{arguments:?} shows a secret");
        script(&ended)
    };
    let rehearsal = sync(&["--dry-run"]);
    assert!(rehearsal.contains("\"$THEIR_TOKEN\"") && rehearsal.contains("# THEIR_TOKEN: "), "{rehearsal}");
    paste(cli, &format!("THEIR_TOKEN={canary}\n{rehearsal}"));
    let variables = platform.python("variables", &["onboard-ai-websocket-connect-local"]);
    assert_eq!((&variables["ADDED"], &variables["THEIR_TOKEN"]), (&"two words".into(), &canary.into()), "{variables}");
    // What the tool really sends is shown as it was sent.
    let list = platform.run(&["lambdas", "list", "-o", "json"]).run().expect(0).json();
    assert!(list.to_string().contains("websocket-connect"), "{list}");
    let undone = platform.run(&["env", "sync", "--only", "websocket-connect", "--explain-aws", "-o", "json"]).run();
    validate(&undone);
    let done = script(&undone.expect(0));
    for word in ["update-function-configuration", "publish-version", "update-alias"] {
        assert!(done.contains(word), "{word} is missing in {done}");
    }
    assert!(!done.contains("dynamodb") && !done.contains(canary), "{done}");
}

fn every_call_is_a_command_that_the_cli_takes() {
    let platform = shared();
    let mut all = String::new();
    for arguments in [
        &["verify"][..],
        &["status"],
        &["topics", "list"],
        &["history"],
        &["up"],
        &["stack", "events"],
        &["down", "--dry-run"],
    ] {
        let ended = platform.run(&[arguments, &["--explain-aws", "-v"]].concat()).run().expect(0);
        let script = script(&ended);
        assert!(script.contains("\naws ") || script.contains("=\"$(aws "), "{arguments:?}: {script}");
        assert!(!script.contains("cannot be shown"), "{arguments:?}: {script}");
        all.push_str(&script);
    }
    for word in ["sns subscribe", "sqs receive-message", "delete-event-source-mapping", "kafka-console-consumer.sh"] {
        assert!(all.contains(word), "{word} is missing");
    }
    let answer = aws_cli().check(&all);
    assert!(answer["checked"].as_u64().unwrap() > 30, "{answer}");
    assert_eq!(answer["refused"], serde_json::json!([]));
}

fn paths_are_those_of_the_api_models() {
    let models: BTreeMap<String, String> = serde_json::from_value(aws_cli().paths()).unwrap();
    for (service, operation, path) in onboardctl::aws::REST_PATHS {
        let name = format!("{service}:{operation}");
        let model = models.get(&name).unwrap_or_else(|| panic!("{name} is not in the API model"));
        let model = model.split('?').next().unwrap().trim_end_matches('/');
        // S3 names the bucket in path or host, and Kafka's model writes its labels in lower case.
        let model = model.strip_prefix("/{Bucket}").unwrap_or(model).replace("+}", "}").to_lowercase();
        assert_eq!(path.trim_end_matches('/').to_lowercase(), model, "{name}");
    }
}
