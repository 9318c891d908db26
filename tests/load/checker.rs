//! What must be true after a load: every accepted step has exactly one effect in the tables, at least one push, SNS
//! message or mail with its `eventId` and none with another; state never falls back; nothing is stuck.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::driver::Walked;
use super::facts::{Audit, Facts};
use crate::support::contract::Contract;

/// The broken promises, each with the customer that it was made to.
pub fn check(walked: &[Walked], facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    let audit = by_customer(facts);
    for customer in walked {
        let rows = audit.get(customer.customer_id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut say = |problem: String| problems.push(format!("{}: {problem}", customer.customer_id));
        effects(customer, rows, &mut say);
        notifications(customer, rows, facts, &mut say);
        state(customer, facts, &mut say);
    }
    problems.extend(markers(facts));
    problems.extend(order(walked, facts));
    problems.extend(interface(walked, facts));
    if !facts.outbox.is_empty() {
        problems.push(format!("{} rows are stuck in the outbox", facts.outbox.len()));
    }
    let dead = facts.errors.iter().filter(|error| error["kind"] == "DEAD_LETTER").count();
    if dead > 0 {
        problems.push(format!("{dead} dead letters"));
    }
    problems
}

fn by_customer(facts: &Facts) -> BTreeMap<&str, Vec<&Audit>> {
    let mut audit: BTreeMap<&str, Vec<&Audit>> = BTreeMap::new();
    for row in &facts.audit {
        audit.entry(&row.customer_id).or_default().push(row);
    }
    for rows in audit.values_mut() {
        rows.sort_by_key(|row| row.sequence);
    }
    audit
}

/// One audit row for each accepted step, in the order in which they were accepted, with sequences without a gap.
fn effects(customer: &Walked, rows: &[&Audit], say: &mut impl FnMut(String)) {
    let types: Vec<&str> = rows.iter().map(|row| row.event_type.as_str()).collect();
    if types != customer.accepted {
        say(format!("accepted {:?}, in effect {types:?}", customer.accepted));
    }
    let sequences: Vec<Option<u64>> = rows.iter().map(|row| row.sequence).collect();
    let expected: Vec<Option<u64>> = (1..=rows.len() as u64).map(Some).collect();
    if sequences != expected {
        say(format!("the sequences are {sequences:?}"));
    }
}

fn notifications(customer: &Walked, rows: &[&Audit], facts: &Facts, say: &mut impl FnMut(String)) {
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.event_id.as_str()).collect();
    let pushed: BTreeSet<&str> = customer.pushed.iter().filter_map(|event| event["eventId"].as_str()).collect();
    if pushed != ids {
        say(format!("pushed {pushed:?}, in effect {ids:?}"));
    }
    if let Some(foreign) = customer.pushed.iter().find(|event| event["customerId"] != customer.customer_id.as_str()) {
        say(format!("another customer's event was pushed: {foreign}"));
    }
    let said = |id: &str| facts.messages.iter().any(|message| message["eventId"] == id);
    let mailed = |id: &str| facts.mails.iter().any(|mail| mail.to_string().contains(&format!("Reference: {id}")));
    for row in rows {
        let id = row.event_id.as_str();
        let expected = match row.event_type.as_str() {
            "USER_INFO_SUBMITTED" => said(id),
            "KYC_VERIFIED" if customer.kyc == "REQUIRES_REVIEW" => said(id),
            "KYC_VERIFIED" => !said(id),
            "WORKFLOW_COMPLETED" => mailed(id),
            _ => !said(id) && !mailed(id),
        };
        if !expected {
            say(format!("{} {id} was not told to whom it must be, or to somebody else", row.event_type));
        }
    }
    let own = |message: &&Value| message["customerId"] == customer.customer_id.as_str();
    for message in facts.messages.iter().filter(own) {
        if !message["eventId"].as_str().is_some_and(|id| ids.contains(id)) {
            say(format!("a message of an event without effect: {message}"));
        }
    }
}

/// The rows have reached the last accepted step.
fn state(customer: &Walked, facts: &Facts, say: &mut impl FnMut(String)) {
    let last = customer.accepted.len() as u64;
    let expected = match (customer.accepted.last().copied(), customer.kyc.as_str()) {
        (Some("WORKFLOW_COMPLETED"), _) => "COMPLETED".to_owned(),
        (Some("KYC_VERIFIED"), status) => format!("KYC_{status}"),
        (other, _) => other.unwrap_or("NEW").to_owned(),
    };
    match facts.users.iter().find(|user| user.customer_id == customer.customer_id) {
        None => say("no row in users".to_owned()),
        Some(user) if user.state != expected || user.sequence != last || user.event_sequence != Some(last) => {
            say(format!("expected {expected} at {last}, found {user:?}"));
        }
        Some(_) => {}
    }
    let mut own = facts.applications.iter().filter(|row| row.customer_id == customer.customer_id);
    match (own.next(), own.next()) {
        (Some(row), None) => {
            let completed = expected == "COMPLETED";
            let right = row.status.as_deref() == Some(expected.as_str()) && row.event_sequence == Some(last);
            if !right || row.application_id != customer.application_id || row.archive_at.is_some() != completed {
                say(format!("expected the application {expected} at {last}, found {row:?}"));
            }
        }
        (None, _) => say("no application".to_owned()),
        (Some(_), Some(_)) => say("more than one application".to_owned()),
    }
    let of_application =
        |rows: &[Value]| rows.iter().filter(|row| row["applicationId"] == customer.application_id.as_str()).count();
    if customer.accepted.contains(&"KYC_VERIFIED") && of_application(&facts.kyc_results) != 1 {
        say("not one row of KYC results".to_owned());
    }
    if customer.accepted.contains(&"POLICY_RECOMMENDED") && of_application(&facts.recommendations) != 1 {
        say("not one row of recommendations".to_owned());
    }
}

/// Every handled event's marker is there and done.
fn markers(facts: &Facts) -> Vec<String> {
    let states: BTreeMap<&str, &str> =
        facts.markers.iter().map(|marker| (marker.event_id.as_str(), marker.state.as_str())).collect();
    let undone = |row: &&Audit| states.get(row.event_id.as_str()) != Some(&"DONE");
    facts.audit.iter().filter(undone).map(|row| format!("the marker of {} is not DONE", row.event_id)).collect()
}

/// Every record of every topic, whoever it is about, every message that came over a socket and every answer is as the
/// interface is written down; a record's headers and key repeat its value.
pub fn interface(walked: &[Walked], facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    for (topic, records) in &facts.records {
        for record in records {
            let at = format!("{topic}/{}/{}", record.partition, record.offset);
            let Some(value) = &record.value else {
                problems.push(format!("{at} is not JSON"));
                continue;
            };
            if let Err(problem) = Contract::events().record(topic, value, &record.headers) {
                problems.push(format!("{at}: {problem}"));
            }
            for header in ["eventType", "source", "version", "eventId", "traceId"] {
                if record.headers[header] != value[header] {
                    problems.push(format!("{at}: the header {header} does not repeat the value"));
                }
            }
            if value["customerId"].as_str().is_some_and(|customer| customer != record.key) {
                problems.push(format!("{at}: the key is {}, not the customer", record.key));
            }
        }
    }
    for customer in walked {
        let messages = customer.heard.iter().map(|message| Contract::events().socket(message));
        let answers = customer.answers.iter().map(|(path, status, answer)| {
            Contract::rest()
                .answer("post", path, *status, answer)
                .map_err(|problem| format!("answer {status}: {problem}"))
        });
        let broken = messages.chain(answers).filter_map(Result::err);
        problems.extend(broken.map(|problem| format!("{}: {problem}", customer.customer_id)));
    }
    problems
}

/// On each topic a customer's sequences rise; a record may be there twice, with the same id.
fn order(walked: &[Walked], facts: &Facts) -> Vec<String> {
    let known: BTreeSet<&str> = walked.iter().map(|customer| customer.customer_id.as_str()).collect();
    let mut problems = Vec::new();
    for (topic, records) in &facts.records {
        let mut last: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut sorted: Vec<_> = records.iter().filter(|record| known.contains(record.key.as_str())).collect();
        sorted.sort_by_key(|record| (record.partition, record.offset));
        for record in sorted {
            let Some(value) = &record.value else { continue };
            let (Some(id), Some(sequence)) = (value["eventId"].as_str(), value["sequence"].as_u64()) else { continue };
            if !seen.insert(id) {
                continue;
            }
            let (before, partition) =
                last.insert(&record.key, (sequence, record.partition)).unwrap_or((0, record.partition));
            if before >= sequence || partition != record.partition {
                problems.push(format!("{}: {topic} has sequence {sequence} after {before}", record.key));
            }
        }
    }
    problems
}
