//! Which route a request takes, who may take it, and what it comes to.

use std::time::Instant;

use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};
use shared::http::{Answer, Problem, Request};
use shared::idempotency::{Attempt, Begun, check_key};
use shared::log::Line;
use shared::outbox::Published;
use shared::trace;
use uuid::Uuid;

use crate::form;
use crate::function::Function;
use crate::outcome::Outcome;
use crate::step::{self, Stepped};

/// The routes of this function.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Route {
    Session,
    Submit,
    Progress(String),
}

impl Route {
    /// The route of a method and path, or a refusal.
    fn of(method: &str, path: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (route, expected) = match parts.as_slice() {
            ["api", "session"] => (Self::Session, "POST"),
            ["api", "user", "submit"] => (Self::Submit, "POST"),
            ["api", "user", customer, "progress"] if !customer.is_empty() => {
                (Self::Progress((*customer).to_owned()), "GET")
            }
            _ => return Err(Problem::no_route()),
        };
        if method == expected {
            Ok(route)
        } else {
            Err(Problem::new(405, "METHOD_NOT_ALLOWED", &format!("This route takes {expected}.")))
        }
    }

    /// What keys are scoped by.
    const fn label(&self) -> &'static str {
        match self {
            Self::Session => "POST /api/session",
            Self::Submit => "POST /api/user/submit",
            Self::Progress(_) => "GET /api/user/progress",
        }
    }
}

/// One request on its way.
struct Call<'a> {
    function: &'a Function,
    request: &'a Request,
    trace_id: String,
    /// The session's customer, where the request has a valid token.
    customer: Option<String>,
    /// What the log line says beside the answer.
    event_id: Option<String>,
}

/// Answers a request of the HTTP API. What fails on our side is logged and answered 500 without its cause.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Answer> {
    let started = Instant::now();
    let request: Request = serde_json::from_value(event.payload)?;
    let headers = [event.context.xray_trace_id.as_deref(), request.header("x-amzn-trace-id")];
    let trace_id = trace::from_headers(headers);
    let mut call = Call { function, request: &request, trace_id, customer: None, event_id: None };
    let answer = call.answer().await.unwrap_or_else(|error| {
        Line::error("the request failed")
            .trace(&call.trace_id)
            .customer(call.customer.as_deref())
            .cause(&error)
            .write();
        Problem::internal().answer()
    });
    let line = Line::info("request")
        .trace(&call.trace_id)
        .customer(call.customer.as_deref())
        .field("status", answer.status_code);
    line.field("eventId", call.event_id).duration(started).write();
    Ok(answer)
}

impl Call<'_> {
    async fn answer(&mut self) -> anyhow::Result<Answer> {
        let route = match Route::of(self.request.method(), &self.request.raw_path) {
            Ok(route) => route,
            Err(problem) => return Ok(problem.answer()),
        };
        self.customer = match self.request.customer(&self.function.sessions).await? {
            Ok(customer) => customer,
            Err(problem) => return Ok(problem.answer()),
        };
        match route {
            Route::Progress(customer_id) => self.progress(&customer_id).await,
            Route::Session | Route::Submit => self.open_route(&route).await,
        }
    }

    async fn progress(&self, customer_id: &str) -> anyhow::Result<Answer> {
        match self.customer.as_deref() {
            None => Ok(Problem::unauthorized().answer()),
            Some(own) if own != customer_id => Ok(Problem::forbidden().answer()),
            Some(own) => {
                let state = step::progress(self.function, own).await?;
                let progress = shared::progress::progress(state);
                Ok(Answer::json(200, &json!({ "customerId": own, "state": state, "progress": progress })))
            }
        }
    }

    /// The routes that need no session and may be repeated under a key.
    async fn open_route(&mut self, route: &Route) -> anyhow::Result<Answer> {
        let body = match self.body(route) {
            Ok(body) => body,
            Err(problem) => return Ok(problem.answer()),
        };
        let attempt = match self.request.header("idempotency-key") {
            None => None,
            Some(key) => match check_key(key, self.customer.is_none()) {
                Ok(()) => Some(Attempt::new(self.customer.as_deref(), route.label(), key, &body)),
                Err(problem) => return Ok(problem.answer()),
            },
        };
        if let Some(attempt) = &attempt {
            match attempt.begin(&self.function.dynamodb, &self.function.idempotency).await? {
                Begun::First => {}
                Begun::Repeat(outcome) => return self.finish(&serde_json::from_value(outcome)?).await,
                other => return Ok(other.refusal().unwrap_or_else(Problem::internal).answer()),
            }
        }
        let outcome = match route {
            Route::Submit => self.submit(&body, attempt.as_ref()).await?,
            _ => self.session(attempt.as_ref()).await?,
        };
        self.finish(&outcome).await
    }

    /// The body of a route that has one; a session has none, whatever a client sends along.
    fn body(&self, route: &Route) -> Result<Vec<u8>, Problem> {
        let body = self.request.body()?;
        if *route == Route::Submit && !self.request.is_json() {
            return Err(Problem::not_json());
        }
        Ok(body)
    }

    async fn session(&mut self, attempt: Option<&Attempt>) -> anyhow::Result<Outcome> {
        let customer_id = self.customer.clone().unwrap_or_else(new_customer);
        let outcome = Outcome::Session { customer_id };
        if let Some(attempt) = attempt {
            attempt.settle(&self.function.dynamodb, &self.function.idempotency, &outcome.to_value()).await?;
        }
        Ok(outcome)
    }

    async fn submit(&mut self, body: &[u8], attempt: Option<&Attempt>) -> anyhow::Result<Outcome> {
        let function = self.function;
        let today = shared::time::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let info = match form::read(body, today) {
            Ok(info) => info,
            Err(problem) => {
                let customer = self.customer.as_deref();
                let (event_id, _) = step::report_refusal(function, customer, &problem, &self.trace_id, attempt).await?;
                let line = Line::warn("validation failed").trace(&self.trace_id).event(&event_id).customer(customer);
                line.field("fields", problem.fields.keys().cloned().collect::<Vec<_>>())
                    .count("ValidationFailures")
                    .write();
                self.event_id = Some(event_id);
                return Ok(Outcome::Refused { problem });
            }
        };
        let customer_is_new = self.customer.is_none();
        let customer_id = self.customer.clone().unwrap_or_else(new_customer);
        let row = match step::submit(function, (&customer_id, customer_is_new), &info, &self.trace_id, attempt).await? {
            Stepped::Written(row) => row,
            Stepped::NotAllowed(state) => {
                if let Some(attempt) = attempt {
                    attempt.release(&function.dynamodb, &function.idempotency).await?;
                }
                return Ok(Outcome::Refused { problem: Problem::state(state.as_str()) });
            }
            Stepped::Superseded => {
                let problem = Begun::UnderWay.refusal().unwrap_or_else(Problem::internal);
                return Ok(Outcome::Refused { problem });
            }
        };
        self.event_id = Some(row.event_id.clone());
        let event_pending = function.outbox.publish_or_leave(&function.publisher, &row).await == Published::Later;
        let outcome = Outcome::Submitted { customer_id, event_pending };
        if let (Some(attempt), true) = (attempt, event_pending) {
            // A repeat shall hear the same; if this can't be written it hears 201, and the event is published all the same.
            if let Err(error) = attempt.settle(&function.dynamodb, &function.idempotency, &outcome.to_value()).await {
                Line::warn("the outcome keeps its first form").trace(&self.trace_id).cause(&error).write();
            }
        }
        Ok(outcome)
    }

    /// The answer of an outcome, with a token minted for it.
    async fn finish(&mut self, outcome: &Outcome) -> anyhow::Result<Answer> {
        let Some(customer_id) = outcome.customer() else {
            return Ok(outcome.answer(None));
        };
        self.customer = Some(customer_id.to_owned());
        let token = self.function.sessions.sign(customer_id).await?;
        Ok(outcome.answer(Some(&token)))
    }
}

/// A customer id is random: nobody can guess another's.
fn new_customer() -> String {
    Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn routes() {
        for (method, path, expected) in [
            ("POST", "/api/session", Ok(Route::Session)),
            ("POST", "/api/user/submit", Ok(Route::Submit)),
            ("GET", "/api/user/c-1/progress", Ok(Route::Progress("c-1".into()))),
            ("GET", "/api/session", Err(405)),
            ("POST", "/api/user/c-1/progress", Err(405)),
            ("GET", "/api/user//progress", Err(404)),
            ("POST", "/api/other", Err(404)),
            ("POST", "/", Err(404)),
        ] {
            assert_eq!(Route::of(method, path).map_err(|problem| problem.status), expected, "{method} {path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_panics(method in "[A-Z]{0,8}", path in ".{0,60}") {
            let _ = Route::of(&method, &path);
        }
    }
}
