//! The sockets of a customer and of a witness, and the handshakes that must be refused.

use std::time::{Duration, Instant as Clock};

use serde_json::Value;
use tokio::time::Instant;

use super::journey;
use super::notices::NoticeQueue;
use super::report::{Findings, StepResult};
use super::site::{Session, Site};
use super::socket::{self, Handshake, Socket};
use super::tables::Rows;
use crate::context::Context;

/// How long a station may take to show its effect: cold starts, a mapping that has just been made.
pub const LIMIT: Duration = Duration::from_secs(30);

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
    pub notices: Result<&'a NoticeQueue, String>,
}

/// Two customers' sockets.
#[derive(Debug)]
pub struct Sockets {
    pub(super) customer: Option<Socket>,
    pub(super) witness: Option<Socket>,
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
    pub async fn sockets(&self, customer: &Session, witness: &Session, findings: &Findings) -> Sockets {
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
}

/// A handshake that must be refused.
async fn refused(step: &str, address: &str, findings: &Findings) {
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
