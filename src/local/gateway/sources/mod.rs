//! Kafka event source mappings, which ministack lacks: Lambda's calls for those whose source is the cluster, and the
//! pollers behind them. Calls about other mappings go on to ministack; a list shows both.
//!
//! Deliberately absent: filters and failure destinations; a mapping that asks for them is refused, never half obeyed.

mod batch;
mod dispatcher;
mod event;
mod function;
mod invoke;
mod listener;
pub mod mapping;
mod offsets;
mod permissions;
mod poller;
mod position;
mod registry;
mod request;
mod worker;

use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;
use http::{Method, Response};
use hyper::body::Bytes;
use serde_json::Value;

use super::answer::{ApiError, Body, json_response};
use super::route::{Sources, query};
use super::{Shared, aws};
use function::Function;
use mapping::{Mapping, Status, show};
pub use permissions::Changes;
pub use registry::{Registry, resume};

/// Answers one call about event source mappings.
pub async fn answer(shared: &Arc<Shared>, call: Sources, parts: &Parts, body: &Bytes) -> Response<Body> {
    match dispatch(shared, call, parts, body).await {
        Ok(response) => response,
        Err(error) => error.response(),
    }
}

async fn dispatch(
    shared: &Arc<Shared>,
    call: Sources,
    parts: &Parts,
    body: &Bytes,
) -> Result<Response<Body>, ApiError> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let ours = match &call {
        Sources::Create => request["EventSourceArn"] == shared.cluster.arn.as_str(),
        Sources::List => true,
        Sources::Get(id) | Sources::Update(id) | Sources::Delete(id) => shared.sources.knows(id),
    };
    if !ours {
        return Ok(aws::pass_on(shared, parts, body).await.map_or_else(|response| *response, aws::respond));
    }
    if call == Sources::List {
        return Ok(list(shared, parts, body).await);
    }
    if let Err(refusal) = aws::authorise(shared, parts, body).await {
        return Ok(*refusal);
    }
    let (status, (mapping, state)) = match call {
        Sources::Create => {
            let mapping = request::create(&request, uuid::Uuid::new_v4().to_string(), now())?;
            exists(shared, &mapping.function).await?;
            (202, registry::create(shared, mapping)?)
        }
        Sources::Get(id) => (200, shared.sources.get(&id)?),
        Sources::Update(id) => {
            let next = request::update(&shared.sources.get(&id)?.0, &request, now())?;
            exists(shared, &next.function).await?;
            (202, registry::update(shared, next)?)
        }
        Sources::Delete(id) => (202, registry::delete(shared, &id)?),
        Sources::List => return Err(ApiError::new(500, "ServiceException", "a list is answered above")),
    };
    Ok(json_response(status, &shown(shared, &mapping, &state)))
}

/// `ListEventSourceMappings`: ministack's pages first; ours follow on the last one.
async fn list(shared: &Shared, parts: &Parts, body: &Bytes) -> Response<Body> {
    let answer = match aws::pass_on(shared, parts, body).await {
        Ok(answer) if answer.status.is_success() => answer,
        Ok(answer) => return aws::respond(answer),
        Err(response) => return *response,
    };
    let mut page = answer.json();
    let is_last = page["NextMarker"].as_str().unwrap_or_default().is_empty();
    if let (true, Some(items)) = (is_last, page["EventSourceMappings"].as_array_mut()) {
        let source = query(&parts.uri, "EventSourceArn");
        let function = query(&parts.uri, "FunctionName").and_then(|reference| Function::parse(&reference));
        let wanted = |mapping: &Mapping| {
            source.as_ref().is_none_or(|source| *source == shared.cluster.arn)
                && function.as_ref().is_none_or(|function| matches(function, &mapping.function))
        };
        let ours = shared.sources.all().into_iter().filter(|(mapping, _)| wanted(mapping));
        items.extend(ours.map(|(mapping, status)| shown(shared, &mapping, &status)));
    }
    json_response(200, &page)
}

/// Whether a function named in a filter is the mapping's; without a qualifier all of them are.
fn matches(filter: &Function, function: &Function) -> bool {
    filter.name == function.name && (filter.qualifier.is_none() || filter.qualifier == function.qualifier)
}

fn shown(shared: &Shared, mapping: &Mapping, status: &Status) -> Value {
    show(mapping, status, &shared.cluster.arn, &shared.region, &shared.account)
}

/// Lambda refuses a mapping to a function, version or alias that is not there.
async fn exists(shared: &Shared, function: &Function) -> Result<(), ApiError> {
    let answer = shared.upstream.call("lambda", Method::GET, &function.path(""), &[], Bytes::new()).await;
    let answer = answer.map_err(|error| ApiError::new(503, "ServiceUnavailable", format!("{error:#}")))?;
    if answer.status.is_success() {
        return Ok(());
    }
    let message = format!("Function not found: {}", function.arn(&shared.region, &shared.account));
    Err(ApiError::new(404, "ResourceNotFoundException", message))
}

fn now() -> f64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    (since.as_secs_f64() * 1000.0).round() / 1000.0
}
