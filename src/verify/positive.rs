//! The way of a customer: sockets, submission, and every station behind it, looked at side by side.

use std::time::{Duration, Instant as Clock};

use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::alerts::AlertQueue;
use super::journey;
use super::record::{self, Place};
use super::report::{Findings, StepResult};
use super::site::{self, Session, Site};
use super::socket::{self, Handshake, Socket};
use super::tables::{AuditRow, Rows};
use super::wait::{Look, NOT_WAITED_FOR, Waited, until};
use crate::context::Context;

/// How long a station may take to show its effect: cold starts, a mapping that has just been made.
pub const LIMIT: Duration = Duration::from_secs(30);
/// How long a message may be waited for in one call, so that the end of waiting is noticed.
const LONG_POLL: Duration = Duration::from_secs(2);

/// What the stations need.
#[derive(Debug)]
pub struct Flow<'a> {
    /// The run's context.
    pub context: &'a Context,
    /// The run's id.
    pub run: &'a str,
    /// The site.
    pub site: &'a Site,
    /// The tables.
    pub rows: &'a Rows,
    /// The temporary queue, or why there is none.
    pub alerts: Result<&'a AlertQueue, String>,
}

/// Two customers' sockets.
#[derive(Debug)]
pub struct Sockets {
    customer: Option<Socket>,
    witness: Option<Socket>,
}

impl Sockets {
    /// The next event of a type on the customer's socket, and when it came.
    pub async fn event(&mut self, event_type: &str, until: Instant) -> Option<(Instant, Value)> {
        let wanted = |message: &Value| journey::event_of_type(message, event_type).is_some();
        let (at, message) = self.customer.as_mut()?.next(until, wanted).await?;
        journey::event_of_type(&message, event_type).cloned().map(|event| (at, event))
    }

    /// Says goodbye on both.
    pub async fn close(self) {
        for socket in [self.customer, self.witness].into_iter().flatten() {
            socket.close().await;
        }
    }
}

impl Flow<'_> {
    /// Opens both sockets and tries the handshakes that must be refused.
    pub async fn sockets(&self, customer: &Session, witness: &Session, findings: &mut Findings) -> Sockets {
        let begun = Clock::now();
        let (ours, theirs) = tokio::join!(self.open(customer), self.open(witness));
        let took = begun.elapsed();
        let (customer, used) = match ours {
            Ok((socket, used)) => (Ok(socket), Some(used)),
            Err(why) => (Err(why), None),
        };
        let answer = match (&customer, &theirs) {
            (Ok(_), Ok(_)) => Ok("ticket, handshake, pong".to_owned()),
            (Err(why), _) => Err(why.clone()),
            (Ok(_), Err(why)) => Err(format!("the witness: {why}")),
        };
        findings.answered("socket", took, answer);
        if let Some(used) = used {
            refused("ticket-missing", used.split('?').next().unwrap_or_default(), findings).await;
            refused("ticket-reused", &used, findings).await;
        }
        Sockets { customer: customer.ok(), witness: theirs.ok().map(|(socket, _)| socket) }
    }

    /// A socket that has answered a ping, and the address (with the ticket, now used) that it was opened at.
    async fn open(&self, session: &Session) -> Result<(Socket, String), String> {
        let ticket = self.site.ticket(session).await.map_err(|error| format!("{error:#}"))?;
        match socket::open(&ticket.address()).await {
            Handshake::Open(mut socket) => {
                socket.ping();
                let pong = socket.next(Instant::now() + LIMIT, socket::is_pong).await;
                if pong.is_some() {
                    Ok((socket, ticket.address()))
                } else {
                    Err(format!("the socket opened, but no pong came within {} s", LIMIT.as_secs()))
                }
            }
            Handshake::Refused(status) => Err(format!("the handshake with a fresh ticket was refused with {status}")),
            Handshake::Failed(why) => Err(why),
        }
    }

    /// Submits the customer and waits at every station.
    pub async fn stations(&self, customer: &Session, sockets: &mut Sockets, findings: &mut Findings) {
        let start = Instant::now();
        let stop = self.context.cancel.child_token();
        let answered = CancellationToken::new();
        let submit = async {
            let answer = self.site.submit(customer, self.run, &site::customer(self.run)).await;
            if !answer.as_ref().is_ok_and(|answer| matches!(answer.status, 201 | 202)) {
                stop.cancel();
            }
            answered.cancel();
            answer
        };
        let id = customer.customer_id.as_str();
        let outbox = async {
            // Before the answer there is nothing in the outbox yet, which is not the same as emptied.
            answered.cancelled().await;
            until(start, LIMIT, &stop, async || {
                let waiting = self.rows.waiting(id).await?;
                Ok(if waiting == 0 {
                    Look::Found(())
                } else {
                    Look::NotYet(format!("{waiting} event still waits in the outbox"))
                })
            })
            .await
        };
        let row = until(start, LIMIT, &stop, async || {
            Ok(if self.rows.user(id).await? { Look::Found(()) } else { Look::NotYet("no row in users".into()) })
        });
        let (answer, outbox, row, records, alert, (push, others)) = tokio::join!(
            submit,
            outbox,
            row,
            self.records(id, "USER_INFO_SUBMITTED", start, &stop),
            self.alert(id, start, &stop),
            self.push(id, sockets, start, &stop)
        );
        match answer {
            Ok(answer) if answer.status == 201 => findings.add("submit", StepResult::Pass, Some(answer.took), "201"),
            Ok(answer) if answer.status == 202 => {
                findings.add(
                    "submit",
                    StepResult::Fail,
                    Some(answer.took),
                    "202: Kafka did not take the event in time",
                );
            }
            Ok(answer) => findings.add(
                "submit",
                StepResult::Fail,
                Some(answer.took),
                format!("{} instead of 201", answer.summary()),
            ),
            Err(error) => findings.add("submit", StepResult::Fail, None, format!("{error:#}")),
        }
        findings.waited("outbox", &outbox, |()| "emptied".into());
        findings.waited("row", &row, |()| "in users".into());
        records.tell(findings);
        findings.waited("alert", &alert, |message| {
            format!("{} on the alert topic", message["eventType"].as_str().unwrap_or("a message"))
        });
        findings.waited("push", &push, |event| event["eventType"].as_str().unwrap_or("an event").to_owned());
        match others {
            Ok(detail) => findings.add("others", StepResult::Pass, None, detail),
            Err(None) => {
                findings.add("others", StepResult::Unknown, None, "nothing was pushed, so nobody else could get it");
            }
            Err(Some(detail)) => findings.add("others", StepResult::Fail, None, detail),
        }
    }

    /// The same submission under the same key: the first answer again, and nothing new.
    pub async fn repeat(&self, customer: &Session, findings: &mut Findings) {
        let begun = Clock::now();
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

    /// The audit row, and what it points at: the record and the consumer's marker.
    pub async fn records(&self, id: &str, event_type: &str, start: Instant, stop: &CancellationToken) -> Records {
        let reader = record::reader(self.context);
        let audit = until(start, LIMIT, stop, async || {
            let row = self.rows.audit(id).await?.into_iter().find(|row| row.event_type == event_type);
            Ok(row.map_or_else(|| Look::NotYet("no audit row".into()), Look::Found))
        });
        let (reader, audit) = tokio::join!(reader, audit);
        let Waited::Seen(row, _) = &audit else { return Records { audit, consumer: None, record: None } };
        let consumer = until(start, LIMIT, stop, async || {
            Ok(match self.rows.marker(&row.event_id).await?.as_deref() {
                Some("DONE") => Look::Found(()),
                Some(state) => Look::NotYet(format!("its marker stays {state}")),
                None => Look::NotYet("no marker in processed-events".into()),
            })
        });
        let record = async {
            let place = match &reader {
                Ok(reader) => record::look(self.context, reader, row).await,
                Err(error) => Place::Unreadable(format!("{error:#}")),
            };
            (place, start.elapsed())
        };
        let (consumer, record) = tokio::join!(consumer, record);
        Records { audit, consumer: Some(consumer), record: Some(record) }
    }

    async fn alert(&self, id: &str, start: Instant, stop: &CancellationToken) -> Waited<Value> {
        let queue = match &self.alerts {
            Ok(queue) => queue,
            Err(why) => return Waited::Unreadable(format!("no queue could be put on the alert topic: {why}")),
        };
        until(start, LIMIT, stop, async || {
            let ours = queue.receive(LONG_POLL).await?.into_iter().find(|message| message["customerId"] == id);
            Ok(ours.map_or_else(|| Look::NotYet("no message on the alert topic".into()), Look::Found))
        })
        .await
    }

    /// The push to the customer's own socket, and proof that the witness, who is alive, got nothing.
    async fn push(
        &self,
        id: &str,
        sockets: &mut Sockets,
        start: Instant,
        stop: &CancellationToken,
    ) -> (Waited<Value>, Result<String, Option<String>>) {
        let Sockets { customer: Some(ours), witness } = sockets else {
            return (Waited::Unreadable("the customer's socket did not open".into()), Err(None));
        };
        let next = ours.next(start + LIMIT, |message| socket::event(message).is_some());
        let received = tokio::select! {
            received = next => received,
            () = stop.cancelled() => return (Waited::Unreadable(NOT_WAITED_FOR.into()), Err(None)),
        };
        let Some((at, message)) = received else {
            return (Waited::Late(LIMIT, "no event on the customer's socket".into()), Err(None));
        };
        let event = socket::event(&message).cloned().unwrap_or_default();
        if event["customerId"] != id {
            return (
                Waited::Late(LIMIT, "another customer's event on this customer's socket".into()),
                Err(Some("a push went to the wrong customer".into())),
            );
        }
        (Waited::Seen(event, at.duration_since(start)), heard_nothing(witness.as_mut()).await)
    }
}

/// A pong that comes after the push, with no event before it, proves that the witness was listening and got nothing.
async fn heard_nothing(witness: Option<&mut Socket>) -> Result<String, Option<String>> {
    let Some(witness) = witness else { return Err(None) };
    witness.ping();
    let answer = witness
        .next(Instant::now() + LIMIT, |message| socket::is_pong(message) || socket::event(message).is_some())
        .await;
    match answer {
        Some((_, message)) if socket::is_pong(&message) => {
            Ok("another customer's socket got a pong and no event".into())
        }
        Some(_) => Err(Some("another customer's socket got an event".into())),
        None => Err(Some("another customer's socket stopped answering, so it proves nothing".into())),
    }
}

/// A handshake that must be refused.
async fn refused(step: &str, address: &str, findings: &mut Findings) {
    let begun = Clock::now();
    match socket::open(address).await {
        Handshake::Refused(status @ (401 | 403)) => {
            findings.answered(step, begun.elapsed(), Ok(format!("refused with {status}")));
        }
        Handshake::Refused(status) => {
            findings.answered(step, begun.elapsed(), Err(format!("refused with {status} instead of 401 or 403")));
        }
        Handshake::Failed(why) => findings.add(step, StepResult::Unknown, None, why),
        Handshake::Open(socket) => {
            socket.close().await;
            findings.answered(step, begun.elapsed(), Err("the handshake was let through".into()));
        }
    }
}

/// What the audit row led to.
pub struct Records {
    audit: Waited<AuditRow>,
    consumer: Option<Waited<()>>,
    record: Option<(Place, Duration)>,
}

impl Records {
    /// All of it as one step: the record on its topic, handled by its consumer.
    pub fn tell_as_one(self, name: &str, findings: &mut Findings) {
        let Waited::Seen(row, after) = &self.audit else {
            return findings.waited(name, &self.audit, |_| String::new());
        };
        let place = format!("{}/{} at offset {}", row.topic, row.partition, row.offset);
        match (&self.consumer, self.record) {
            (_, Some((Place::NotOurs(why), after))) => {
                findings.add(name, StepResult::Fail, Some(after), format!("{why}: {place}"));
            }
            (_, Some((Place::Unreadable(why), _))) => findings.add(name, StepResult::Unknown, None, why),
            (Some(consumer), _) => findings.waited(name, consumer, |()| format!("{place}, audited, DONE")),
            (None, _) => findings.add(name, StepResult::Pass, Some(*after), place),
        }
    }

    fn tell(self, findings: &mut Findings) {
        let place = match &self.audit {
            Waited::Seen(row, _) => format!("{}/{} at offset {}", row.topic, row.partition, row.offset),
            _ => String::new(),
        };
        findings.waited("audit", &self.audit, |_| place.clone());
        match self.consumer {
            Some(consumer) => findings.waited("consumer", &consumer, |()| "DONE".into()),
            // Without an audit row the event's id is not known; the consumer writes row and marker in one transaction.
            None => findings.waited("consumer", &self.audit, |_| String::new()),
        }
        match self.record {
            Some((Place::Ours, after)) => findings.add("record", StepResult::Pass, Some(after), place),
            Some((Place::NotOurs(why), after)) => {
                findings.add("record", StepResult::Fail, Some(after), format!("{why}: {place}"));
            }
            Some((Place::Unreadable(why), _)) => findings.add("record", StepResult::Unknown, None, why),
            None => findings.add("record", StepResult::Unknown, None, "no audit row says where the record is"),
        }
    }
}
