//! How a function's `main` ends up in Lambda's loop.

use std::future::Future;
use std::panic::Location;
use std::time::Instant;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde_json::Value;
use tower::util::ThenLayer;

use crate::afterwards;
use crate::log::Line;

/// Hands each event with its context to `handle`, which gets what the function `started` with. A failed start is logged
/// and ends the process, as Lambda wants it; a failure of `handle` is that invocation's answer.
///
/// The loop is boxed here, because the types within it are nested deeper than the compiler counts.
pub fn run<State, Handle, Handled, Answer>(
    started: anyhow::Result<State>,
    handle: Handle,
) -> LocalBoxFuture<'static, anyhow::Result<()>>
where
    Handle: Fn(&'static State, LambdaEvent<Value>) -> Handled + 'static,
    Handled: Future<Output = anyhow::Result<Answer>>,
    Answer: Serialize,
    State: 'static,
{
    async move { serve(started, handle).await }.boxed_local()
}

async fn serve<State, Handle, Handled, Answer>(started: anyhow::Result<State>, handle: Handle) -> anyhow::Result<()>
where
    Handle: Fn(&'static State, LambdaEvent<Value>) -> Handled,
    Handled: Future<Output = anyhow::Result<Answer>>,
    Answer: Serialize,
    State: 'static,
{
    std::panic::set_hook(Box::new(|panic| log_panic(panic.location())));
    let state = match started {
        // The state lives as long as the process; leaking it spares every invocation a reference count.
        Ok(state) => &*Box::leak(Box::new(state)),
        Err(error) => {
            Line::error("the function could not start").cause(&error).write();
            return Err(error);
        }
    };
    let handle = &handle;
    let handler = service_fn(move |event: LambdaEvent<Value>| async move {
        let trace = crate::trace::from_headers([event.context.xray_trace_id.as_deref()]);
        let began = Instant::now();
        handle(state, event).await.map_err(|error| {
            Line::error("the invocation failed").trace(&trace).duration(began).cause(&error).write();
            Diagnostic { error_type: "FunctionFailed".into(), error_message: format!("{error:#}") }
        })
    });
    let answered = ThenLayer::new(async |sent: Result<(), lambda_runtime::Error>| {
        afterwards::done().await;
        sent
    });
    Runtime::new(handler).layer(answered).run().await.map_err(|error| anyhow::anyhow!("{error}"))
}

/// A panic as a line like any other. Where it came from is said, not what it says: that may hold what was being handled.
fn log_panic(at: Option<&Location<'_>>) {
    let at = at.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    Line::error(&format!("panicked at {at}")).count("Panics").write();
}
