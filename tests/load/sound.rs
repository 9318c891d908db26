//! Journeys as they must be, with everything that they leave.

use serde_json::{Value, json};

use super::driver::Walked;
use super::facts::{Application, Audit, Facts, Handled, Mail, Marker, Origin, Record, User};

const STEPS: [(&str, &str); 6] = [
    ("USER_INFO_SUBMITTED", "user-info-submitted"),
    ("USER_INFO_SUBMITTED", "user-info-submitted"),
    ("DOCUMENTS_PROCESSED", "documents-processed"),
    ("KYC_VERIFIED", "kyc-verified"),
    ("POLICY_RECOMMENDED", "policy-recommended"),
    ("WORKFLOW_COMPLETED", "workflow-completed"),
];

pub const CUSTOMER: &str = "01930000-0000-7000-8000-0000000000c1";
const APPLICATION: &str = "01930000-0000-7000-8000-0000000000a1";

/// The id of the event of a step, by its number; 9 is nobody's.
pub fn id(number: u32) -> String {
    format!("01930000-0000-7000-8000-0000000000e{number}")
}

/// What an event of a type carries.
pub fn data(event_type: &str) -> Value {
    match event_type {
        "USER_INFO_SUBMITTED" => json!({ "resubmitted": false }),
        "DOCUMENTS_PROCESSED" => json!({ "averageConfidence": 0.9 }),
        "KYC_VERIFIED" => json!({ "status": "APPROVED", "riskLevel": "LOW" }),
        "POLICY_RECOMMENDED" => json!({ "recommendations": [{ "policyId": "p-1", "fitScore": 90.0 }] }),
        _ => json!({ "policyId": "p-1" }),
    }
}

/// An event's value and headers.
pub fn event(number: u32, event_type: &str) -> (Value, Value) {
    let value = json!({
        "eventId": id(number), "eventType": event_type, "version": "1.0", "timestamp": "2026-11-24T10:15:00.000Z",
        "customerId": CUSTOMER, "sequence": number, "applicationId": APPLICATION, "source": "a-function",
        "traceId": "1-67891233-abcdef012345678912345678", "data": data(event_type),
    });
    let headers = ["eventType", "source", "version", "eventId", "traceId"];
    let headers = headers.iter().map(|name| ((*name).to_owned(), value[name].clone())).collect();
    (value, Value::Object(headers))
}

/// A customer and the rows of a completed journey, before any event.
fn journey() -> (Walked, Facts) {
    let walked = Walked {
        customer_id: CUSTOMER.into(),
        application_id: APPLICATION.into(),
        address: "c-1@example.com".into(),
        kyc: "APPROVED".into(),
        calmly: true,
        ..Walked::default()
    };
    let facts = Facts {
        users: vec![User {
            customer_id: CUSTOMER.into(),
            state: "COMPLETED".into(),
            sequence: 6,
            event_sequence: Some(6),
        }],
        applications: vec![Application {
            application_id: APPLICATION.into(),
            customer_id: CUSTOMER.into(),
            status: Some("COMPLETED".into()),
            event_sequence: Some(6),
            archive_at: Some(1),
        }],
        kyc_results: vec![json!({ "applicationId": APPLICATION, "tries": [{ "number": 1 }] })],
        recommendations: vec![json!({ "applicationId": APPLICATION })],
        ..Facts::default()
    };
    (walked, facts)
}

/// One customer's completed journey with one correction, as it must be.
pub fn sound() -> (Vec<Walked>, Facts) {
    let (mut walked, mut facts) = journey();
    for (number, (event_type, topic)) in (1u32..).zip(STEPS) {
        let (value, headers) = event(number, event_type);
        walked.accepted.push(event_type);
        walked.pushed.push(value.clone());
        walked.heard.push(json!({ "type": "event", "event": value }));
        let records = facts.records.entry(topic.into()).or_default();
        let origin = Origin { topic: topic.into(), partition: 0, offset: i64::try_from(records.len()).unwrap() };
        records.push(Record { partition: 0, offset: origin.offset, key: CUSTOMER.into(), value: Some(value), headers });
        facts.audit.push(Audit {
            customer_id: CUSTOMER.into(),
            event_id: id(number),
            event_type: event_type.into(),
            sequence: Some(number.into()),
            origin: origin.clone(),
        });
        let mail_id = (event_type == "WORKFLOW_COMPLETED").then(|| "m-1".to_owned());
        facts.handled.push(Handled { event_id: id(number), handled: "new".into() });
        match event_type {
            "USER_INFO_SUBMITTED" => facts.messages.alerts.push(message(number, event_type)),
            "WORKFLOW_COMPLETED" => facts.mails.push(mail("m-1", "c-1@example.com", number)),
            _ => {}
        }
        facts.markers.push(Marker { event_id: id(number), state: "DONE".into(), origin, mail_id });
    }
    walked.answers = answers();
    (vec![walked], facts)
}

pub fn message(number: u32, event_type: &str) -> Value {
    json!({ "eventId": id(number), "eventType": event_type, "customerId": CUSTOMER })
}

pub fn mail(mail_id: &str, to: &str, number: u32) -> Mail {
    let body_text = Some(format!("Thank you.\n\nReference: {}\n", id(number)));
    Mail { message_id: mail_id.into(), to: vec![to.into()], copies: Vec::new(), blind_copies: Vec::new(), body_text }
}

fn answers() -> Vec<(&'static str, &'static str, u16, Value)> {
    let session = json!({ "customerId": CUSTOMER, "sessionToken": "a.b.c", "expiresAt": "2026-11-24T12:15:00.000Z" });
    let progress =
        json!({ "customerId": CUSTOMER, "state": "COMPLETED", "progress": { "currentTile": 5, "tiles": [] } });
    let status =
        json!({ "applicationId": APPLICATION, "status": "COMPLETED", "updatedAt": "2026-11-24T10:15:00.000Z" });
    vec![
        ("POST", "/api/session", 201, session),
        ("GET", "/api/user/{customerId}/progress", 200, progress),
        ("GET", "/api/applications/{applicationId}/status", 200, status),
    ]
}

/// A completed journey in which a person has to look: KYC is its last step.
pub fn reviewed() -> (Vec<Walked>, Facts) {
    let (mut walked, mut facts) = sound();
    let customer = &mut walked[0];
    customer.kyc = "REQUIRES_REVIEW".into();
    customer.answers.truncate(1);
    for list in [&mut customer.pushed, &mut customer.heard] {
        list.truncate(4);
    }
    customer.accepted.truncate(4);
    facts.audit.truncate(4);
    facts.markers.truncate(4);
    facts.records.get_mut("policy-recommended").unwrap().clear();
    facts.records.get_mut("workflow-completed").unwrap().clear();
    facts.recommendations.clear();
    facts.mails.clear();
    facts.messages.compliance.push(message(4, "KYC_VERIFIED"));
    facts.users[0] =
        User { state: "KYC_REQUIRES_REVIEW".into(), sequence: 4, event_sequence: Some(4), ..facts.users[0].clone() };
    facts.applications[0] = Application {
        status: Some("KYC_REQUIRES_REVIEW".into()),
        event_sequence: Some(4),
        archive_at: None,
        ..facts.applications[0].clone()
    };
    (walked, facts)
}
