//! What must be true after a load: every accepted step is on its topic and has exactly one effect in the tables, a push,
//! SNS message or mail with its `eventId` and none with another; state never falls back; nothing is stuck. What the topics
//! hold is in `topics`, who was told what in `told`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::driver::Walked;
use super::facts::{Audit, Facts, Marker};
use super::told::{self, Repeats, Told};
use super::topics;

/// The broken promises, each with the customer that it was made to.
pub fn check(walked: &[Walked], facts: &Facts, repeats: Repeats) -> Vec<String> {
    let mut problems = Vec::new();
    let (audit, records, told) = (by_customer(facts), topics::by_customer(facts), Told::of(facts, repeats));
    for customer in walked {
        let id = customer.customer_id.as_str();
        let rows = audit.get(id).map(Vec::as_slice).unwrap_or_default();
        let records = records.get(id).map(Vec::as_slice).unwrap_or_default();
        let mut say = |problem: String| problems.push(format!("{id}: {problem}"));
        effects(customer, rows, &mut say);
        topics::complete(records, rows, &mut say);
        told::notifications(customer, rows, &told, &mut say);
        told::as_published(customer, records, &mut say);
        let reached = reached(customer);
        users(customer, &reached, facts, &mut say);
        applications(customer, &reached, facts, &mut say);
        decisions(customer, facts, &mut say);
        looks(customer, &reached, &mut say);
    }
    problems.extend(markers(facts));
    problems.extend(told::marked_mails(&told, facts));
    problems.extend(told::strangers(walked, facts));
    problems.extend(topics::order(walked, facts));
    problems.extend(topics::interface(walked, facts));
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

/// The state that the last accepted step leads to.
fn reached(customer: &Walked) -> String {
    match (customer.accepted.last().copied(), customer.kyc.as_str()) {
        (Some("WORKFLOW_COMPLETED"), _) => "COMPLETED".to_owned(),
        (Some("KYC_VERIFIED"), status) => format!("KYC_{status}"),
        (other, _) => other.unwrap_or("NEW").to_owned(),
    }
}

/// The customer's row has reached the last accepted step.
fn users(customer: &Walked, reached: &str, facts: &Facts, say: &mut impl FnMut(String)) {
    let last = customer.accepted.len() as u64;
    match facts.users.iter().find(|user| user.customer_id == customer.customer_id) {
        None => say("no row in users".to_owned()),
        Some(user) if user.state != reached || user.sequence != last || user.event_sequence != Some(last) => {
            say(format!("expected {reached} at {last}, found {user:?}"));
        }
        Some(_) => {}
    }
}

/// So has the row of the one application.
fn applications(customer: &Walked, reached: &str, facts: &Facts, say: &mut impl FnMut(String)) {
    let last = customer.accepted.len() as u64;
    let mut own = facts.applications.iter().filter(|row| row.customer_id == customer.customer_id);
    match (own.next(), own.next()) {
        (Some(row), None) => {
            let right = row.status.as_deref() == Some(reached) && row.event_sequence == Some(last);
            let dated = row.archive_at.is_some() == (reached == "COMPLETED");
            if !right || !dated || row.application_id != customer.application_id {
                say(format!("expected the application {reached} at {last}, found {row:?}"));
            }
        }
        (None, _) => say("no application".to_owned()),
        (Some(_), Some(_)) => say("more than one application".to_owned()),
    }
}

/// Each accepted decision was taken once: a try of KYC that was repeated would be a second one.
fn decisions(customer: &Walked, facts: &Facts, say: &mut impl FnMut(String)) {
    let own = |rows: &[Value]| -> Vec<Value> {
        rows.iter().filter(|row| row["applicationId"] == customer.application_id.as_str()).cloned().collect()
    };
    let times = |event_type| customer.accepted.iter().filter(|accepted| **accepted == event_type).count();
    let tries: Vec<usize> =
        own(&facts.kyc_results).iter().filter_map(|row| row["tries"].as_array()).map(Vec::len).collect();
    let expected: Vec<usize> = Some(times("KYC_VERIFIED")).filter(|times| *times > 0).into_iter().collect();
    if tries != expected {
        say(format!("expected tries of KYC {expected:?}, found {tries:?}"));
    }
    let recommended = own(&facts.recommendations).len();
    if recommended != times("POLICY_RECOMMENDED").min(1) {
        say(format!("{recommended} rows of recommendations"));
    }
}

/// Whoever asked at the end how far they were heard that of the last step.
fn looks(customer: &Walked, reached: &str, say: &mut impl FnMut(String)) {
    for (_, route, status, answer) in customer.answers.iter().filter(|(method, ..)| *method == "GET") {
        let (own, state) =
            if route.ends_with("/progress") { ("customerId", "state") } else { ("applicationId", "status") };
        let id = if own == "customerId" { &customer.customer_id } else { &customer.application_id };
        if *status == 200 && (answer[own] != id.as_str() || answer[state] != reached) {
            say(format!("{route} answered {answer}, expected {reached}"));
        }
    }
}

/// Every handled event's marker is there and done, and was written for the record that its audit row was.
fn markers(facts: &Facts) -> Vec<String> {
    let markers: BTreeMap<&str, &Marker> =
        facts.markers.iter().map(|marker| (marker.event_id.as_str(), marker)).collect();
    let undone = |row: &&Audit| {
        let marker = markers.get(row.event_id.as_str());
        !marker.is_some_and(|marker| marker.state == "DONE" && marker.origin == row.origin)
    };
    let problem = |row: &Audit| format!("the marker of {} is not DONE there: {:?}", row.event_id, row.origin);
    facts.audit.iter().filter(undone).map(problem).collect()
}
