//! What is on the topics: each accepted step's event, once for its effect, in the customer's order, and all of it as the
//! interface is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::driver::Walked;
use super::facts::{Audit, Facts, Origin, Record};
use crate::support::contract::Contract;

/// Event types with the topic of each.
pub const TOPICS: [(&str, &str); 6] = [
    ("USER_INFO_SUBMITTED", "user-info-submitted"),
    ("DOCUMENTS_PROCESSED", "documents-processed"),
    ("KYC_VERIFIED", "kyc-verified"),
    ("POLICY_RECOMMENDED", "policy-recommended"),
    ("WORKFLOW_COMPLETED", "workflow-completed"),
    ("WORKFLOW_ERROR", "workflow-errors"),
];

/// The topics' records by the customer whose they are, each with its topic, in the order of the offsets.
pub type ByCustomer<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a Record)>>;

/// Sorts the records by customer: by the key, or by what the value says where the key says something else.
pub fn by_customer(facts: &Facts) -> ByCustomer<'_> {
    let mut found = ByCustomer::new();
    for (topic, records) in &facts.records {
        for record in records {
            let told = record.value.as_ref().and_then(|value| value["customerId"].as_str());
            let owners = BTreeSet::from([record.key.as_str(), told.unwrap_or(&record.key)]);
            for owner in owners {
                found.entry(owner).or_default().push((topic, record));
            }
        }
    }
    for records in found.values_mut() {
        records.sort_by_key(|(topic, record)| (*topic, record.partition, record.offset));
    }
    found
}

/// On each topic are the events that had an effect, and no other; each effect is that of the event's first record, which
/// says what the effect's row says. So a record that acts a second time is seen by the row that it wrote over.
pub fn complete(records: &[(&str, &Record)], rows: &[&Audit], say: &mut impl FnMut(String)) {
    for (event_type, topic) in TOPICS {
        let there = |(on, _): &&(&str, &Record)| *on == topic;
        let published: BTreeSet<&str> = records.iter().filter(there).filter_map(|(_, record)| id(record)).collect();
        let of_type = rows.iter().filter(|row| row.event_type == event_type);
        let effects: BTreeSet<&str> = of_type.map(|row| row.event_id.as_str()).collect();
        if published != effects {
            say(format!("{topic} has {published:?}, in effect are {effects:?}"));
        }
    }
    for row in rows {
        let Some((topic, first)) = records.iter().find(|(_, record)| id(record) == Some(&row.event_id)) else {
            continue;
        };
        let origin = Origin { topic: (*topic).to_owned(), partition: first.partition, offset: first.offset };
        let said = first.value.as_ref().map(|value| (value["eventType"].as_str(), value["sequence"].as_u64()));
        if row.origin != origin || said != Some((Some(&row.event_type), row.sequence)) {
            say(format!("the first record of {} is {said:?} at {origin:?}, its effect is {row:?}", row.event_id));
        }
    }
}

fn id(record: &Record) -> Option<&str> {
    record.value.as_ref()?["eventId"].as_str()
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
        let answers = customer.answers.iter().map(|(method, route, status, answer)| {
            Contract::rest()
                .answer(&method.to_lowercase(), route, *status, answer)
                .map_err(|problem| format!("answer {status}: {problem}"))
        });
        let broken = messages.chain(answers).filter_map(Result::err);
        problems.extend(broken.map(|problem| format!("{}: {problem}", customer.customer_id)));
    }
    problems
}

/// On each topic a customer's sequences rise; a record may be there twice, with the same id.
pub fn order(walked: &[Walked], facts: &Facts) -> Vec<String> {
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
