//! The whole script: which calls are shown, in which order, with what stands around them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::command::{command, needs, wait};
use super::request::Request;
use super::shell::word;
use super::{Called, Entry, Outcome};
use crate::aws::operations::Class;
use crate::catalogue::{Environment, Origin};

/// The variable that a version's number is kept in, because it is only known once the version is there.
pub const VERSION: &str = "VERSION";

/// A script for sh.
pub fn script(environment: Option<&Environment>, entries: &[Entry], reads: bool) -> String {
    let mut lines = Vec::new();
    let (mut needed, mut sets) = (BTreeSet::new(), BTreeMap::new());
    for entry in entries {
        match entry {
            Entry::Line(text, class) if reads || *class != Class::Read => {
                if !lines.contains(text) {
                    lines.push(text.clone());
                }
            }
            Entry::Call(call) if is_shown(call, entries, reads) => {
                for line in lines_of(call, &mut sets, &mut needed) {
                    push_once(&mut lines, line);
                }
            }
            Entry::Line(..) | Entry::Call(_) => {}
        }
    }
    let mut text = head(environment, entries, lines.is_empty(), reads);
    needed.remove(VERSION);
    for name in needed {
        text.push(format!("# {name}: a value that is not shown; set it before, written as inside JSON quotes"));
    }
    text.extend(lines);
    text.join("\n") + "\n"
}

fn head(environment: Option<&Environment>, entries: &[Entry], is_empty: bool, reads: bool) -> Vec<String> {
    let withheld = entries.iter().any(|entry| matches!(entry, Entry::Call(call) if call.outcome == Outcome::Withheld));
    let more = if reads { "" } else { "; -v shows reads too" };
    if is_empty {
        return vec![format!("# --explain-aws: no command, because nothing is changed{more}")];
    }
    let does = if withheld { "would do" } else { "did" };
    let mut lines = vec![format!("# --explain-aws: what this run {does}, for sh and the aws CLI{more}")];
    let with_credentials = environment.filter(|environment| environment.credentials.is_some());
    let file = with_credentials.and_then(|environment| {
        environment.origins.iter().find_map(|(_, origin)| match origin {
            Origin::Connection(path) => Some(path.to_string_lossy().into_owned()),
            _ => None,
        })
    });
    if let Some(file) = file {
        let read = r#"import json, sys; print(json.load(open(sys.argv[1]))["credentials"][sys.argv[2]])"#;
        for (variable, key) in [("AWS_ACCESS_KEY_ID", "access_key_id"), ("AWS_SECRET_ACCESS_KEY", "secret_access_key")]
        {
            lines.push(format!("export {variable}=\"$(python3 -c '{read}' {} {key})\"", word(&file)));
        }
    }
    lines
}

/// What changes something, and what that needs. Left out are the tool's own books and change sets that were made only
/// to be looked at.
fn is_shown(call: &Called, entries: &[Entry], reads: bool) -> bool {
    if reads {
        return true;
    }
    let Ok(request) = &call.request else { return call.class != Class::Read };
    match (call.class, request.operation.as_str()) {
        (Class::Read, _) => false,
        _ if call.books => false,
        (_, "DeleteChangeSet") | (Class::Scratch, "DeleteStack") => false,
        (_, "CreateChangeSet") => is_executed(request, entries),
        _ => true,
    }
}

/// Whether the run executes a change set, or would.
fn is_executed(set: &Request, entries: &[Entry]) -> bool {
    let name = set.members.get("ChangeSetName").and_then(Value::as_str).unwrap_or_default();
    entries.iter().any(|entry| match entry {
        Entry::Call(Called { request: Ok(request), .. }) => {
            request.operation == "ExecuteChangeSet" && set_name(request) == Some(name)
        }
        _ => false,
    })
}

/// The name in a change set's ARN: `arn:…:changeSet/NAME/ID`.
fn set_name(request: &Request) -> Option<&str> {
    let id = request.members.get("ChangeSetName")?.as_str()?;
    Some(id.split_once("changeSet/").map_or(id, |(_, rest)| rest.split('/').next().unwrap_or(rest)))
}

/// A call's command, with what stands before and behind it.
fn lines_of(call: &Called, sets: &mut BTreeMap<String, (String, bool)>, needed: &mut BTreeSet<String>) -> Vec<String> {
    let mut request = match &call.request {
        Ok(request) => request.clone(),
        Err(why) => return vec![format!("# a call cannot be shown: {why}")],
    };
    needed.extend(needs(&request));
    let mut waits = wait(&request, &call.target);
    match request.operation.as_str() {
        "CreateChangeSet" => {
            let text = |name: &str| request.members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            sets.insert(text("ChangeSetName"), (text("StackName"), text("ChangeSetType") == "CREATE"));
        }
        // Its id is that of the set that was made; whoever pastes the commands makes another one of the same name.
        "ExecuteChangeSet" => {
            let name = set_name(&request).unwrap_or_default().to_owned();
            if let Some((stack, creates)) = sets.get(&name) {
                let done = if *creates { "stack-create-complete" } else { "stack-update-complete" };
                waits = Some(format!("aws cloudformation wait {done}{} --stack-name {}", call.target, word(stack)));
                request.members.insert("StackName".into(), stack.as_str().into());
                request.members.insert("ChangeSetName".into(), name.into());
            }
        }
        _ => {}
    }
    let mut shown = command(&request, &call.target);
    if call.outcome == Outcome::Withheld && request.operation == "PublishVersion" {
        shown = format!("{VERSION}=\"$({shown} --query Version --output text)\"");
    }
    if request.operation == "GetSecretValue" {
        shown = format!("SECRET_VALUE=\"$({shown} --query SecretString --output text)\"");
    }
    match &call.outcome {
        Outcome::Failed(code) => vec![format!("# answered {code}: {shown}")],
        _ => std::iter::once(shown).chain(waits).collect(),
    }
}

/// A wait that asks again and again is one command.
fn push_once(lines: &mut Vec<String>, line: String) {
    if lines.last() != Some(&line) {
        lines.push(line);
    }
}
