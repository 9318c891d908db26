//! The way of a customer: submission and every station behind it, looked at side by side, each told when it is seen.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::handled::place;
use super::notices::{Notice, Topics};
use super::record::{self, Place};
use super::report::{Findings, StepResult};
use super::site::{self, Session};
use super::socket::{self, Socket};
use super::sockets::{Flow, LIMIT, Sockets};
use super::wait::{Look, NOT_WAITED_FOR, Waited, until};

/// The type of the event that a submission publishes.
const EVENT: &str = "USER_INFO_SUBMITTED";

/// One customer's way.
struct Way<'a> {
    flow: &'a Flow<'a>,
    customer: &'a Session,
    findings: &'a Findings,
    start: Instant,
    /// Cancelled when there is nothing to wait for: the submission failed, or the run was interrupted.
    stop: CancellationToken,
    answered: CancellationToken,
}

impl Flow<'_> {
    /// Submits the customer and waits at every station.
    pub async fn stations(&self, customer: &Session, sockets: &mut Sockets, findings: &Findings) {
        let stop = self.context.cancel.child_token();
        let (start, answered) = (Instant::now(), CancellationToken::new());
        let way = Way { flow: self, customer, findings, start, stop, answered };
        tokio::join!(way.submit(), way.outbox(), way.row(), way.records(), way.alert(), way.push(sockets));
    }

    /// The same submission under the same key: the first answer again, and nothing new.
    pub async fn repeat(&self, customer: &Session, findings: &Findings) {
        let begun = std::time::Instant::now();
        let id = customer.customer_id.as_str();
        let outcome = async {
            let answer = self.site.submit(customer, self.run, &site::customer(self.run)).await?;
            let sequence = self.rows.sequence(id).await?;
            Ok::<_, anyhow::Error>(match (answer.status, sequence) {
                (201, Some(1)) => Ok("the first answer again, and no second event".to_owned()),
                (201, sequence) => Err(format!("the customer's sequence is {sequence:?} instead of 1")),
                _ => Err(format!("{} instead of the first answer's 201", answer.summary())),
            })
        };
        match outcome.await {
            Ok(answer) => findings.answered("repeat", begun.elapsed(), answer),
            Err(error) => findings.add("repeat", StepResult::Unknown, None, format!("{error:#}")),
        }
    }
}

impl Way<'_> {
    fn id(&self) -> &str {
        &self.customer.customer_id
    }

    async fn submit(&self) {
        let answer = self.flow.site.submit(self.customer, self.flow.run, &site::customer(self.flow.run)).await;
        if !answer.as_ref().is_ok_and(|answer| matches!(answer.status, 201 | 202)) {
            self.stop.cancel();
        }
        self.answered.cancel();
        let (result, took, detail) = match answer {
            Ok(answer) if answer.status == 201 => (StepResult::Pass, Some(answer.took), "201".into()),
            Ok(answer) if answer.status == 202 => {
                (StepResult::Fail, Some(answer.took), "202: Kafka did not take the event in time".into())
            }
            Ok(answer) => (StepResult::Fail, Some(answer.took), format!("{} instead of 201", answer.summary())),
            Err(error) => (StepResult::Fail, None, format!("{error:#}")),
        };
        self.findings.add("submit", result, took, detail);
    }

    async fn outbox(&self) {
        // Before the answer there is nothing in the outbox yet, which is not the same as emptied.
        self.answered.cancelled().await;
        let emptied = until(self.start, LIMIT, &self.stop, async || {
            Ok(match self.flow.rows.waiting(self.id()).await? {
                0 => Look::Found(()),
                waiting => Look::NotYet(format!("{waiting} event still waits in the outbox")),
            })
        });
        self.findings.waited("outbox", &emptied.await, |()| "emptied".into());
    }

    async fn row(&self) {
        let row = until(self.start, LIMIT, &self.stop, async || {
            let there = self.flow.rows.user(self.id()).await?;
            Ok(if there { Look::Found(()) } else { Look::NotYet("no row in users".into()) })
        });
        self.findings.waited("row", &row.await, |()| "in users".into());
    }

    /// The audit row, and what it points at: the record and the consumer's marker.
    async fn records(&self) {
        let audit = async {
            let audit = self.flow.audit(self.id(), EVENT, self.start, &self.stop).await;
            self.findings.waited("audit", &audit, place);
            audit
        };
        let (reader, audit) = tokio::join!(record::reader(self.flow.context), audit);
        let Waited::Seen(row, _) = &audit else {
            // Without an audit row the event's id is not known; the consumer writes row and marker in one transaction.
            self.findings.waited("consumer", &audit, |_| String::new());
            return self.findings.add("record", StepResult::Unknown, None, "no audit row says where the record is");
        };
        let consumer = async {
            let consumed = self.flow.consumed(row, self.start, &self.stop).await;
            self.findings.waited("consumer", &consumed, |()| "DONE".into());
        };
        let record = async {
            let (result, detail) = match record::look_with(self.flow.context, reader, row).await {
                Place::Ours => (StepResult::Pass, place(row)),
                Place::NotOurs(why) => (StepResult::Fail, format!("{why}: {}", place(row))),
                Place::Unreadable(why) => (StepResult::Unknown, why),
            };
            let after = Some(self.start.elapsed()).filter(|_| result != StepResult::Unknown);
            self.findings.add("record", result, after, detail);
        };
        tokio::join!(consumer, record);
    }

    async fn alert(&self) {
        let pick = |topics: &Topics, notices: Vec<Notice>| {
            notices.into_iter().find(|notice| notice.is(&topics.alerts, self.id()))
        };
        let alert = self.flow.notice(self.start, &self.stop, "no message on the alert topic", pick).await;
        self.findings.waited("alert", &alert, |notice| {
            format!("{} on the alert topic", notice.message["eventType"].as_str().unwrap_or("a message"))
        });
    }

    /// The push to the customer's own socket, and proof that the witness, who is alive, got nothing.
    async fn push(&self, sockets: &mut Sockets) {
        let (push, wrong) = self.received(sockets.customer.as_mut()).await;
        self.findings.waited("push", &push, Clone::clone);
        let others = match (&push, wrong) {
            (_, true) => (StepResult::Fail, "a push went to the wrong customer".into()),
            (Waited::Seen(..), false) => heard_nothing(sockets.witness.as_mut()).await,
            _ => (StepResult::Unknown, "nothing was pushed, so nobody else could get it".into()),
        };
        let after = Some(self.start.elapsed()).filter(|_| others.0 == StepResult::Pass);
        self.findings.add("others", others.0, after, others.1);
    }

    /// The type of the event that was pushed, and whether it was another customer's.
    async fn received(&self, socket: Option<&mut Socket>) -> (Waited<String>, bool) {
        let Some(socket) = socket else {
            return (Waited::Unreadable("the customer's socket did not open".into()), false);
        };
        let next = socket.next(self.start + LIMIT, |message| socket::event(message).is_some());
        let received = tokio::select! {
            received = next => received,
            () = self.stop.cancelled() => return (Waited::Unreadable(NOT_WAITED_FOR.into()), false),
        };
        let Some((at, message)) = received else {
            return (Waited::Late(LIMIT, "no event on the customer's socket".into()), false);
        };
        let event = socket::event(&message).cloned().unwrap_or_default();
        if event["customerId"] != self.id() {
            return (Waited::Late(LIMIT, "another customer's event on this customer's socket".into()), true);
        }
        let kind = event["eventType"].as_str().unwrap_or("an event").to_owned();
        (Waited::Seen(kind, at.duration_since(self.start)), false)
    }
}

/// A pong that comes after the push, with no event before it, proves that the witness was listening and got nothing.
async fn heard_nothing(witness: Option<&mut Socket>) -> (StepResult, String) {
    let Some(witness) = witness else {
        return (StepResult::Unknown, "the witness's socket did not open".into());
    };
    witness.ping();
    let answer = witness
        .next(Instant::now() + LIMIT, |message| socket::is_pong(message) || socket::event(message).is_some())
        .await;
    match answer {
        Some((_, message)) if socket::is_pong(&message) => {
            (StepResult::Pass, "another customer's socket got a pong and no event".into())
        }
        Some(_) => (StepResult::Fail, "another customer's socket got an event".into()),
        None => (StepResult::Fail, "another customer's socket stopped answering, so it proves nothing".into()),
    }
}
