//! How a function's `main` ends up in Lambda's loop.

use std::future::Future;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde_json::Value;

use crate::log::Line;

/// Runs `init` once, then hands each event with its context to `handle`. A failure of `init` is logged and ends the
/// process, which Lambda takes as a failed start; a failure of `handle` is that invocation's answer.
///
/// The future is boxed here, because that of a connecting function is tens of kilobytes.
pub fn run<State, Init, Handle, Handled, Answer>(
    init: Init,
    handle: Handle,
) -> LocalBoxFuture<'static, anyhow::Result<()>>
where
    Init: Future<Output = anyhow::Result<State>> + 'static,
    Handle: Fn(&'static State, LambdaEvent<Value>) -> Handled + 'static,
    Handled: Future<Output = anyhow::Result<Answer>>,
    Answer: Serialize,
    State: 'static,
{
    async move { serve(init.await, handle).await }.boxed_local()
}

async fn serve<State, Handle, Handled, Answer>(started: anyhow::Result<State>, handle: Handle) -> anyhow::Result<()>
where
    Handle: Fn(&'static State, LambdaEvent<Value>) -> Handled,
    Handled: Future<Output = anyhow::Result<Answer>>,
    Answer: Serialize,
    State: 'static,
{
    let state = match started {
        // The state lives as long as the process; leaking it spares every invocation a reference count.
        Ok(state) => &*Box::leak(Box::new(state)),
        Err(error) => {
            Line::error("the function could not start").cause(&error).write();
            return Err(error);
        }
    };
    let handle = &handle;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let trace = crate::trace::from_headers([event.context.xray_trace_id.as_deref()]);
        handle(state, event).await.map_err(|error| {
            Line::error("the invocation failed").trace(&trace).cause(&error).write();
            Diagnostic { error_type: "FunctionFailed".into(), error_message: format!("{error:#}") }
        })
    }))
    .await
    .map_err(|error| anyhow::anyhow!("{error}"))
}
