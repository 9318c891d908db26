//! The checker can fail: a sound set of facts passes, and each planted loss, double, disorder and leak is caught.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::checker::{check, interface};
use super::driver::Walked;
use super::facts::{Application, Audit, Facts, Marker, Record, User};

pub fn trials() -> Vec<Trial> {
    crate::trials![sound_facts_pass, every_planted_fault_is_caught, everything_that_is_not_as_written_down_is_caught,]
}

const STEPS: [(&str, &str); 6] = [
    ("USER_INFO_SUBMITTED", "user-info-submitted"),
    ("USER_INFO_SUBMITTED", "user-info-submitted"),
    ("DOCUMENTS_PROCESSED", "documents-processed"),
    ("KYC_VERIFIED", "kyc-verified"),
    ("POLICY_RECOMMENDED", "policy-recommended"),
    ("WORKFLOW_COMPLETED", "workflow-completed"),
];

/// What an event of a type carries.
fn data(event_type: &str) -> Value {
    match event_type {
        "USER_INFO_SUBMITTED" => json!({ "resubmitted": false }),
        "DOCUMENTS_PROCESSED" => json!({ "averageConfidence": 0.9 }),
        "KYC_VERIFIED" => json!({ "status": "APPROVED", "riskLevel": "LOW" }),
        "POLICY_RECOMMENDED" => json!({ "recommendations": [{ "policyId": "p-1", "fitScore": 90.0 }] }),
        _ => json!({ "policyId": "p-1" }),
    }
}

/// An event's value and headers.
fn event(id: &str, event_type: &str, sequence: u32) -> (Value, Value) {
    let value = json!({
        "eventId": id, "eventType": event_type, "version": "1.0", "timestamp": "2026-11-24T10:15:00.000Z",
        "customerId": "c-1", "sequence": sequence, "applicationId": "a-1", "source": "a-function", "traceId": "1-a-b",
        "data": data(event_type),
    });
    let headers = ["eventType", "source", "version", "eventId", "traceId"];
    let headers = headers.iter().map(|name| ((*name).to_owned(), value[name].clone())).collect();
    (value, Value::Object(headers))
}

/// One customer's completed journey with one correction, as it must be.
fn sound() -> (Vec<Walked>, Facts) {
    let mut walked =
        Walked { customer_id: "c-1".into(), application_id: "a-1".into(), kyc: "APPROVED".into(), ..Walked::default() };
    let mut facts = Facts {
        users: vec![User {
            customer_id: "c-1".into(),
            state: "COMPLETED".into(),
            sequence: 6,
            event_sequence: Some(6),
        }],
        applications: vec![Application {
            application_id: "a-1".into(),
            customer_id: "c-1".into(),
            status: Some("COMPLETED".into()),
            event_sequence: Some(6),
            archive_at: Some(1),
        }],
        kyc_results: vec![json!({ "applicationId": "a-1" })],
        recommendations: vec![json!({ "applicationId": "a-1" })],
        ..Facts::default()
    };
    for (number, (event_type, topic)) in (1u32..).zip(STEPS) {
        let id = format!("e-{number}");
        let (value, headers) = event(&id, event_type, number);
        walked.accepted.push(event_type);
        walked.pushed.push(value.clone());
        walked.heard.push(json!({ "type": "event", "event": value }));
        facts.audit.push(Audit {
            customer_id: "c-1".into(),
            event_id: id.clone(),
            event_type: event_type.into(),
            sequence: Some(number.into()),
        });
        facts.markers.push(Marker { event_id: id.clone(), state: "DONE".into() });
        let records = facts.records.entry(topic.into()).or_default();
        let offset = i64::try_from(records.len()).unwrap();
        records.push(Record { partition: 0, offset, key: "c-1".into(), value: Some(value), headers });
        match event_type {
            "USER_INFO_SUBMITTED" => facts.messages.push(json!({ "eventId": id, "customerId": "c-1" })),
            "WORKFLOW_COMPLETED" => facts.mails.push(json!({ "BodyText": format!("Reference: {id}") })),
            _ => {}
        }
    }
    let session = json!({ "customerId": "c-1", "sessionToken": "a.b.c", "expiresAt": "2026-11-24T12:15:00.000Z" });
    walked.answers.push(("/api/session".into(), 201, session));
    (vec![walked], facts)
}

fn sound_facts_pass() {
    let (walked, facts) = sound();
    assert_eq!(check(&walked, &facts), Vec::<String>::new());
    // A record that Kafka has twice is no double: receivers know it by its id.
    let (walked, mut facts) = sound();
    let records = facts.records.get_mut("user-info-submitted").unwrap();
    let mut again = records[0].clone();
    again.offset = 2;
    records.push(again);
    assert_eq!(check(&walked, &facts), Vec::<String>::new());
}

fn first<'a>(facts: &'a mut Facts, topic: &str) -> &'a mut Record {
    &mut facts.records.get_mut(topic).unwrap()[0]
}

fn value<'a>(facts: &'a mut Facts, topic: &str) -> &'a mut Value {
    first(facts, topic).value.as_mut().unwrap()
}

fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name).unwrap();
}

type Plant = fn(&mut Vec<Walked>, &mut Facts);

fn every_planted_fault_is_caught() {
    let plants: &[(&str, Plant)] = &[
        ("a lost effect", |_, facts| drop(facts.audit.remove(2))),
        ("a lost last effect", |_, facts| drop(facts.audit.pop())),
        ("a doubled effect", |_, facts| {
            let mut twin = facts.audit[2].clone();
            twin.event_id = "e-twin".into();
            facts.audit.push(twin);
        }),
        ("a lost push", |walked, _| drop(walked[0].pushed.remove(3))),
        ("a push of an event without effect", |walked, _| {
            walked[0].pushed.push(json!({ "eventId": "e-x", "customerId": "c-1" }));
        }),
        ("another customer's push", |walked, _| walked[0].pushed[0]["customerId"] = json!("c-2")),
        ("a lost message", |_, facts| drop(facts.messages.remove(1))),
        ("a message to nobody's event", |_, facts| {
            facts.messages.push(json!({ "eventId": "e-x", "customerId": "c-1" }));
        }),
        ("a lost mail", |_, facts| facts.mails.clear()),
        ("disorder on a topic", |_, facts| facts.records.get_mut("user-info-submitted").unwrap()[0].offset = 9),
        ("a state that fell back", |_, facts| facts.users[0].event_sequence = Some(5)),
        ("an application that fell back", |_, facts| facts.applications[0].status = Some("KYC_APPROVED".into())),
        ("no date for the archive", |_, facts| facts.applications[0].archive_at = None),
        ("a stuck marker", |_, facts| facts.markers[4].state = "PENDING".into()),
        ("a stuck outbox", |_, facts| facts.outbox.push(json!({ "customerId": "c-1" }))),
        ("a dead letter", |_, facts| facts.errors.push(json!({ "kind": "DEAD_LETTER" }))),
        ("a lost decision", |_, facts| facts.kyc_results.clear()),
    ];
    for (name, plant) in plants {
        let (mut walked, mut facts) = sound();
        plant(&mut walked, &mut facts);
        assert!(!check(&walked, &facts).is_empty(), "{name} was not caught");
    }
}

fn everything_that_is_not_as_written_down_is_caught() {
    let plants: &[(&str, Plant)] = &[
        ("a record that is not JSON", |_, facts| first(facts, "kyc-verified").value = None),
        ("a field of a wrong type", |_, facts| value(facts, "kyc-verified")["data"]["status"] = json!(7)),
        ("a field that is missing", |_, facts| remove(value(facts, "documents-processed"), "traceId")),
        ("a step without customer", |_, facts| remove(value(facts, "documents-processed"), "customerId")),
        ("data of another event", |_, facts| value(facts, "documents-processed")["data"] = data("KYC_VERIFIED")),
        ("an unknown event type", |_, facts| {
            let record = first(facts, "kyc-verified");
            record.value.as_mut().unwrap()["eventType"] = json!("KYC_DENIED");
            record.headers["eventType"] = json!("KYC_DENIED");
        }),
        ("an event on another's topic", |_, facts| {
            let record = facts.records.get_mut("kyc-verified").unwrap().remove(0);
            facts.records.get_mut("workflow-completed").unwrap().push(Record { offset: 7, ..record });
        }),
        ("a topic that is not written down", |_, facts| {
            let record = first(facts, "kyc-verified").clone();
            facts.records.insert("kyc-denied".into(), vec![record]);
        }),
        ("a missing header", |_, facts| remove(&mut first(facts, "kyc-verified").headers, "traceId")),
        ("a header that says something else", |_, facts| {
            first(facts, "kyc-verified").headers["eventId"] = json!("e-other");
        }),
        ("a record under another key", |_, facts| first(facts, "kyc-verified").key = "c-2".into()),
        ("a push without its frame", |walked, _| walked[0].heard[0] = walked[0].pushed[0].clone()),
        ("a push of an unknown kind", |walked, _| walked[0].heard[0]["type"] = json!("news")),
        ("a push of no event", |walked, _| remove(&mut walked[0].heard[3]["event"], "eventId")),
        ("an answer of an unknown status", |walked, _| walked[0].answers[0].1 = 299),
        ("an answer without a field", |walked, _| remove(&mut walked[0].answers[0].2, "sessionToken")),
    ];
    for (name, plant) in plants {
        let (mut walked, mut facts) = sound();
        plant(&mut walked, &mut facts);
        assert!(!interface(&walked, &facts).is_empty(), "{name} was not caught");
    }
}
