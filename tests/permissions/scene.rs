//! Everything that one function does, played on the platform, with what was told meanwhile.

use std::ops::RangeInclusive;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::events::{
    DocumentsProcessed, Envelope, EventType, Fields, KycVerified, PolicyRecommended, UserInfoSubmitted,
    WorkflowCompleted, WorkflowError, WorkflowErrorKind,
};
use shared::outbox;
use shared::tables::{ConnectionRow, OutboxState};
use shared::time;
use uuid::Uuid;

use super::ground::{Ground, within};
use super::producers::Threshold;
use crate::support::customer::{Answer, Customer, Socket, call};

/// What playing a scene came to.
#[derive(Debug, Default)]
pub struct Played {
    /// What was told.
    pub told: Vec<String>,
    /// What was not as it is with every permission in place.
    pub wrong: Vec<String>,
}

impl Played {
    /// Notes what was told, and whether it was as expected.
    pub fn say(&mut self, what: &str, told: &str, expected: bool) {
        self.told.push(told.to_owned());
        if !expected {
            self.wrong.push(format!("{what}: {told}"));
        }
    }

    /// Notes an answer.
    pub fn expect(&mut self, what: &str, answer: &Answer, statuses: RangeInclusive<u16>) {
        self.say(what, &format!("{} {}", answer.status, answer.body), statuses.contains(&answer.status));
    }

    /// Notes how an invocation ended.
    fn invoked(&mut self, what: &str, ended: &Result<Value, String>) {
        match ended {
            Ok(answer) => self.say(what, &answer.to_string(), true),
            Err(error) => self.say(what, error, false),
        }
    }
}

/// What one function does.
pub enum Scene {
    Producer(Box<Threshold>),
    Consumer(EventType),
    Relay,
    Archiver,
    /// A socket's life: all four functions behind it have the same scene.
    Socket(Customer),
}

impl Scene {
    pub async fn play(&self, ground: &Ground, function: &str) -> Played {
        let mut played = Played::default();
        match self {
            Self::Producer(threshold) => threshold.play(ground, &mut played).await,
            Self::Consumer(kind) => consume(ground, function, *kind, &mut played).await,
            Self::Relay => relay(ground, &mut played).await,
            Self::Archiver => archive(ground, &mut played).await,
            Self::Socket(customer) => socket(ground, customer, function, &mut played).await,
        }
        played
    }
}

/// An event that its consumer does everything for that it can.
fn event(kind: EventType, customer: &str) -> Envelope {
    let new = |data: Value| Envelope::new(kind, "test", "1-a-b", &data).of_customer(customer, Some(7));
    let data = match kind {
        EventType::UserInfoSubmitted => json!(UserInfoSubmitted { resubmitted: false }),
        EventType::DocumentsProcessed => json!(DocumentsProcessed { average_confidence: 0.9 }),
        EventType::KycVerified => {
            json!(KycVerified { status: "REQUIRES_REVIEW".into(), risk_level: "MEDIUM".into() })
        }
        EventType::PolicyRecommended => json!(PolicyRecommended { recommendations: Vec::new() }),
        EventType::WorkflowCompleted => json!(WorkflowCompleted { policy_id: "term-life".into() }),
        EventType::WorkflowError => return error(customer),
    };
    let mut event = new(data);
    if kind != EventType::UserInfoSubmitted {
        event.application_id = Some(format!("application-of-{customer}"));
    }
    event
}

fn error(customer: &str) -> Envelope {
    let error = WorkflowError {
        kind: WorkflowErrorKind::Validation,
        code: "VALIDATION_FAILED".into(),
        reason: "for the walk".into(),
        fields: Fields::new(),
        dead_letter: None,
    };
    Envelope::new(EventType::WorkflowError, "test", "1-a-b", &error).of_customer(customer, None)
}

/// A batch of one record, as Lambda hands it over.
fn batch(ground: &Ground, kind: EventType, value: &str) -> Value {
    let topic = kind.topic();
    json!({ "eventSource": "aws:kafka", "records": { format!("{topic}-0"): [{
        "topic": topic, "partition": 0, "offset": ground.number(), "timestamp": time::milliseconds(),
        "timestampType": "CREATE_TIME", "value": STANDARD.encode(value), "headers": [] }] } })
}

/// An event with a customer whose only socket is gone, then a record that nobody can read.
async fn consume(ground: &Ground, function: &str, kind: EventType, played: &mut Played) {
    let customer = format!("walk-{}", Uuid::new_v4());
    ground.put("users", &json!({ "customerId": customer, "email": "walk@simulator.amazonses.com" })).await;
    let gone = ConnectionRow {
        connection_id: format!("gone-{}", Uuid::new_v4()),
        customer_id: customer.clone(),
        connected_at: time::milliseconds() - 60_000,
        expires_at: time::seconds() + 600,
    };
    ground.put("websocket-connections", &gone).await;
    let readable = batch(ground, kind, &event(kind, &customer).to_text());
    played.invoked("an event", &ground.invoke(function, &readable).await);
    played.invoked("a dead letter", &ground.invoke(function, &batch(ground, kind, "not JSON")).await);
}

/// The sweep finds a row that was left behind, and a batch of the stream has another published.
async fn relay(ground: &Ground, played: &mut Played) {
    let left = async |name: &str| {
        let customer = format!("{name}-{}", Uuid::new_v4());
        let mut row = outbox::origin_row(&error(&customer), &customer, &customer, OutboxState::Fresh);
        row.created_at -= 60_000;
        ground.put("outbox", &row).await;
        customer
    };
    let streamed = left("streamed").await;
    let records = json!({ "Records": [{ "dynamodb": { "Keys": {
        "customerId": { "S": streamed }, "sequence": { "N": "0" } } } }] });
    played.invoked("a batch", &ground.invoke("outbox-relay", &records).await);
    let swept = left("swept").await;
    played.invoked("a sweep", &ground.invoke("outbox-relay", &json!({ "source": "schedule" })).await);
    for customer in [streamed, swept] {
        ground.delete("outbox", &json!({ "customerId": customer, "sequence": 0 })).await;
    }
}

async fn archive(ground: &Ground, played: &mut Played) {
    let id = format!("walk-{}", Uuid::new_v4());
    let row = json!({ "applicationId": id, "customerId": id, "status": "COMPLETED", "state": "COMPLETED",
        "archiveAt": time::seconds() - 60, "documents": { "one": { "objectKey": format!("{id}/one") } } });
    ground.put("applications", &row).await;
    for table in ["kyc-results", "policy-recommendations"] {
        ground.put(table, &json!({ "applicationId": id })).await;
    }
    let ended = ground.invoke("archiver", &json!({ "source": "schedule" })).await;
    played.invoked("an archive", &ended);
    let archived = ended.is_ok_and(|report| report["archived"].as_u64() >= Some(1));
    played.say("an application is archived", &archived.to_string(), archived);
    for table in ["applications", "kyc-results", "policy-recommendations"] {
        ground.delete(table, &json!({ "applicationId": id })).await;
    }
}

/// A ticket, a socket with it, a message, and its end.
async fn socket(ground: &Ground, customer: &Customer, function: &str, played: &mut Played) {
    let since = Timestamp::now();
    let ticket = call(&customer.site, "POST", "/api/ws/ticket", Some(&customer.token), None, None).await;
    played.expect("a ticket", &ticket, 201..=201);
    match Socket::open(&customer.site, ticket.body["ticket"].as_str()).await {
        Err(status) => played.say("a socket", &status.to_string(), false),
        Ok(mut socket) => {
            socket.send(r#"{"action":"ping"}"#).await;
            let pong = socket.next(Duration::from_secs(1)).await;
            played.say("a pong", &format!("{pong:?}"), pong.is_some());
            drop(socket);
        }
    }
    if function == "websocket-disconnect" {
        // Nobody waits for `$disconnect`.
        within(Duration::from_secs(2), async || !ground.lines(function, since).await.is_empty()).await;
    }
}
