//! One call from request to answer.

use std::time::{Duration, Instant};

use lambda_runtime::LambdaEvent;
use serde_json::Value;

use super::ahead::Ahead;
use super::outcome::Outcome;
use super::route::{Access, Payload, Route};
use super::{Producer, Service};
use crate::http::{Answer, Problem, Request};
use crate::idempotency::{Attempt, Begun, check_key};
use crate::log::Line;
use crate::trace;

/// How long giving the key of a failed call back may hold up its answer.
const GIVES_UP_FOR: Duration = Duration::from_millis(500);

/// A call on its way.
#[derive(Debug)]
pub struct Call<'a> {
    /// The route that it takes.
    pub route: &'static Route,
    /// The value of the path's parameter; empty where the path has none.
    pub parameter: &'a str,
    /// The body's bytes; empty where the route has none.
    pub body: Vec<u8>,
    /// The trace id.
    pub trace_id: String,
    /// Whose call it is. Always there on a route that needs a session.
    pub customer: Option<String>,
    /// The customer's id was made for this call, so there is no row of it.
    pub customer_is_new: bool,
    /// When it began.
    pub started: Instant,
    /// What was read while the token was verified.
    pub(super) ahead: Ahead,
    /// The attempt at the call's `Idempotency-Key`.
    pub(super) attempt: Option<Attempt>,
    /// What the log line says beside the answer.
    pub(super) event_id: Option<String>,
}

/// Answers a request of the HTTP API. What fails on our side is logged and answered 500 without its cause.
pub async fn handle<S: Service>(service: &'static S, event: LambdaEvent<Value>) -> anyhow::Result<Answer> {
    let started = Instant::now();
    let request: Request = serde_json::from_value(event.payload)?;
    let headers = [event.context.xray_trace_id.as_deref(), request.header("x-amzn-trace-id")];
    let trace_id = trace::from_headers(headers);
    let (route, parameter) = match Route::find(S::ROUTES, request.method(), &request.raw_path) {
        Ok(found) => found,
        Err(problem) => return Ok(problem.answer()),
    };
    let mut call = Call {
        route,
        parameter,
        body: Vec::new(),
        trace_id,
        customer: None,
        customer_is_new: false,
        started,
        ahead: Ahead::default(),
        attempt: None,
        event_id: None,
    };
    let answer = match answer(service, &mut call, &request).await {
        Ok(answer) => answer,
        Err(error) => {
            let line = Line::error("the request failed").trace(&call.trace_id).customer(call.customer.as_deref());
            line.field("route", route.label()).duration(started).cause(&error).write();
            service.producer().give_up(&call).await;
            Problem::internal().answer()
        }
    };
    let line = Line::info("request").trace(&call.trace_id).customer(call.customer.as_deref());
    let line = line.field("route", route.label()).field("status", answer.status_code);
    line.field("eventId", call.event_id).duration(started).write();
    Ok(answer)
}

async fn answer<S: Service>(service: &S, call: &mut Call<'_>, request: &Request) -> anyhow::Result<Answer> {
    let producer = service.producer();
    let tables = service.tables_by_application();
    let (customer, ahead) =
        tokio::join!(request.customer(&producer.sessions), producer.read_ahead(call, request, &tables));
    call.customer = match customer? {
        Ok(None) if call.route.access == Access::Session => return Ok(Problem::unauthorized().answer()),
        Ok(customer) => customer,
        Err(problem) => return Ok(problem.answer()),
    };
    call.ahead = ahead;
    let outcome = match producer.begin(call, request).await? {
        Begin::Act => service.act(call).await?,
        Begin::Over(outcome) => outcome,
    };
    let outcome = match outcome {
        Outcome::Done { status, mut body, event_pending } => {
            service.finish(call, &mut body).await?;
            Outcome::Done { status, body, event_pending }
        }
        refused @ Outcome::Refused { .. } => refused,
    };
    Ok(outcome.answer())
}

/// Whether a call is still to be acted on.
enum Begin {
    Act,
    Over(Outcome),
}

impl Producer {
    /// Takes the body and claims the key.
    async fn begin(&self, call: &mut Call<'_>, request: &Request) -> anyhow::Result<Begin> {
        if call.route.payload == Payload::Read {
            return Ok(Begin::Act);
        }
        match body(call.route, request) {
            Ok(body) => call.body = body,
            Err(problem) => return self.refuse(call, problem).await.map(Begin::Over),
        }
        let Some(key) = request.header("idempotency-key") else {
            return Ok(Begin::Act);
        };
        if let Err(problem) = check_key(key, call.customer.is_none()) {
            return self.refuse(call, problem).await.map(Begin::Over);
        }
        let attempt = Attempt::new(call.customer.as_deref(), &call.route.label(), key, &call.body);
        let begun = attempt.begin(&self.dynamodb, &self.idempotency).await;
        // Also of a claim that failed: it may have taken effect, and is then given back. Another attempt's key is safe.
        if matches!(begun, Ok(Begun::First) | Err(_)) {
            call.attempt = Some(attempt);
        }
        Ok(match begun? {
            Begun::First => Begin::Act,
            Begun::Repeat(outcome) => Begin::Over(serde_json::from_value(outcome)?),
            other => Begin::Over(other.refusal().unwrap_or_else(Problem::internal).into()),
        })
    }

    /// Gives the key of a call that failed back, so that its repeat needs not wait. If that fails too, it comes free by
    /// itself. Where the step's transaction took effect after all, its outcome is there and keeps the key.
    async fn give_up(&self, call: &Call<'_>) {
        let _ = tokio::time::timeout(GIVES_UP_FOR, self.give_back(call)).await;
    }

    /// Remembers an outcome that wrote nothing else.
    pub async fn settle(&self, call: &Call<'_>, outcome: &Outcome) -> anyhow::Result<()> {
        match &call.attempt {
            Some(attempt) => attempt.settle(&self.dynamodb, &self.idempotency, &outcome.to_value()).await,
            None => Ok(()),
        }
    }
}

/// The body of a route that has one; where a route has none, whatever a client sends along only scopes the key.
fn body(route: &Route, request: &Request) -> Result<Vec<u8>, Problem> {
    let body = request.body()?;
    if route.payload == Payload::Json && !request.is_json() {
        return Err(Problem::not_json());
    }
    Ok(body)
}

impl Call<'_> {
    /// The customer of a call that needs a session.
    pub fn customer_id(&self) -> anyhow::Result<&str> {
        self.customer.as_deref().ok_or_else(|| anyhow::anyhow!("a call without a customer"))
    }

    /// Whether the path's parameter is the caller's own id; a refusal where it is another's.
    pub fn is_own(&self) -> Result<(), Problem> {
        if self.customer.as_deref() == Some(self.parameter) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}
