//! The command line's contract: exit codes, streams, JSON that matches its schema, errors that help.

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::command::Run;
use crate::support::platform::{Platform, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_bare_command_says_what_there_is,
        a_typo_is_answered_with_the_nearest_command,
        an_unknown_environment_is_named_with_those_there_are,
        a_typo_in_the_catalogue_has_line_column_and_the_nearest_key,
        without_credentials_up_ends_with_one_clear_error,
        every_code_is_explained,
        a_failure_is_one_document_too,
        ndjson_ends_with_exactly_one_result,
        a_closed_pipe_ends_quietly,
        nothing_colours_what_is_not_a_terminal,
        completions_that_are_committed_are_fresh,
    ]
}

fn a_bare_command_says_what_there_is() {
    let ended = Run::new(&[]).run().expect(0);
    assert!(ended.stdout.contains("up") && ended.stdout.lines().count() <= 12, "{}", ended.stdout);
    let help = Run::new(&["-h"]).run().expect(0);
    assert!(help.stdout.starts_with("Examples:"), "{}", help.stdout);
}

fn a_typo_is_answered_with_the_nearest_command() {
    let ended = Run::new(&["statsu"]).run().expect(2);
    assert!(ended.stdout.is_empty());
    assert!(ended.stderr.contains("status"), "{}", ended.stderr);
}

fn an_unknown_environment_is_named_with_those_there_are() {
    let ended = Run::new(&["status", "--env", "nope"]).run().expect(2);
    for word in ["nope", "local", "dev", "staging", "production"] {
        assert!(ended.stderr.contains(word), "{word} is missing in {}", ended.stderr);
    }
}

fn a_typo_in_the_catalogue_has_line_column_and_the_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("platform.toml");
    let text = std::fs::read_to_string(crate::support::root().join("platform.toml")).unwrap();
    std::fs::write(&file, text.replacen("partitions = 3", "partition = 3", 1)).unwrap();
    let line = text.lines().position(|line| line.starts_with("partitions = 3")).unwrap() + 1;
    for command in [&["up"][..], &["config", "validate"], &["status"]] {
        let ended = Run::new(command).env("ONBOARDCTL_CONFIG", file.as_os_str()).run().expect(2);
        // `config validate` answers with its report, the others fail before they begin.
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.contains(&format!(":{line}:1")), "{command:?}: no position {line}:1 in {said}");
        assert!(said.contains("partitions"), "{command:?}: no suggestion in {said}");
    }
}

fn without_credentials_up_ends_with_one_clear_error() {
    let home = tempfile::tempdir().unwrap();
    let ended = Run::new(&["up", "--env", "dev", "--yes"]).env("HOME", home.path().as_os_str()).run().expect(4);
    assert_eq!(ended.stderr.matches("error[").count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("credentials"), "{}", ended.stderr);
}

fn every_code_is_explained() {
    for code in onboardctl::error::codes::ALL {
        let ended = Run::new(&["explain", code.id]).run().expect(0);
        assert!(ended.stdout.contains(code.id) && ended.stdout.len() > 40, "{}", ended.stdout);
    }
    let mut ids: Vec<&str> = onboardctl::error::codes::ALL.iter().map(|code| code.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), onboardctl::error::codes::ALL.len(), "a code is used twice");
    Run::new(&["explain", "E-NOPE-999"]).run().expect(2);
}

fn a_failure_is_one_document_too() {
    let ended = Run::new(&["status", "--env", "nope", "-o", "json"]).run().expect(2);
    let document = ended.json();
    assert_eq!(document["ok"], false);
    assert_eq!(document["error"]["code"], "E-CONFIG-002");
    for field in ["what", "why", "fix", "retryable"] {
        assert!(!document["error"][field].is_null(), "{field} is missing in {document}");
    }
    let absent = Platform::new();
    let ended = absent.run(&["lambdas", "list", "-o", "json"]).run();
    assert_ne!(ended.code, 0);
    assert_eq!(ended.json()["ok"], false);
}

fn ndjson_ends_with_exactly_one_result() {
    let ended = shared().run(&["up", "-o", "ndjson"]).run().expect(0);
    let lines: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let results = lines.iter().filter(|line| line["event"] == "result").count();
    assert_eq!(results, 1, "{}", ended.stdout);
    assert_eq!(lines.last().unwrap()["event"], "result");
}

fn a_closed_pipe_ends_quietly() {
    let mut child = Run::new(&["schema", "status"]).spawn();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn nothing_colours_what_is_not_a_terminal() {
    let ended = shared().run(&["status"]).run().expect(0);
    assert!(!ended.stdout.contains('\u{1b}') && !ended.stderr.contains('\u{1b}'), "{}", ended.stdout);
    let forced = shared().run(&["status", "--color", "always"]).run().expect(0);
    assert!(forced.stdout.contains('\u{1b}'), "--color always has no effect");
}

fn completions_that_are_committed_are_fresh() {
    for (shell, file) in [("bash", "onboardctl.bash"), ("zsh", "_onboardctl"), ("fish", "onboardctl.fish")] {
        let fresh = Run::new(&["completions", shell]).run().expect(0).stdout;
        let committed =
            std::fs::read_to_string(crate::support::root().join("completions").join(file)).unwrap_or_default();
        assert_eq!(
            committed, fresh,
            "completions/{file} is stale: onboardctl completions {shell} > completions/{file}"
        );
    }
}
