//! Where faults strike: around a call to the AWS endpoint or the edge, and around an invocation by a poller.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use http::request::Parts;
use http::{Request, Response};
use http_body_util::BodyExt;

use super::super::Shared;
use super::super::answer::{ApiError, Body, full, read};
use super::answers;
use super::call::{self, Call, Protocol};
use super::plan::{Hit, Occasion};
use super::spec::{Effect, POLLER, What};

/// The largest body whose operation is looked for inside it: a template in a form is the largest there is.
const LARGEST_FORM: usize = 8 << 20;

/// The connection ends without an answer.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a fault ended the connection")
    }
}

impl std::error::Error for Cut {}

/// Where a request's connection comes from, among the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Whoever calls, as a fault sees it.
struct Caller {
    name: Option<String>,
    port: Option<u16>,
}

/// Serves a call to the AWS endpoint, or what a fault makes of it.
pub async fn around<F>(
    shared: &Shared,
    request: Request<Body>,
    serve: impl FnOnce(Request<Body>) -> F,
) -> Result<Response<Body>, Cut>
where
    F: Future<Output = Response<Body>>,
{
    let (parts, body) = request.into_parts();
    let Some((service, key)) = about(shared, &parts) else {
        return Ok(serve(Request::from_parts(parts, body)).await);
    };
    let (call, body) = match look(&parts, body, service, key).await {
        Ok(looked) => looked,
        Err(refusal) => return Ok(*refusal),
    };
    let (faults, operation) = (&shared.faults, call.operation.as_deref());
    let mut caller = Caller { name: None, port: parts.extensions.get::<Peer>().map(|peer| peer.0.port()) };
    if faults.book.needs_caller(&call.service, operation) {
        caller.name = faults.caller(&call.key, shared.upstream.credentials().access_key_id()).await;
    }
    let occasion = Occasion::Call { service: &call.service, operation, caller: caller.name.as_deref() };
    let hits = faults.book.strike(&occasion);
    carry_out(shared, &call, &caller, &hits, Request::from_parts(parts, body), serve).await
}

/// Serves a request to the edge, or what a fault makes of it.
pub async fn around_edge<F>(
    shared: &Shared,
    part: &str,
    request: Request<Body>,
    serve: impl FnOnce(Request<Body>) -> F,
) -> Result<Response<Body>, Cut>
where
    F: Future<Output = Response<Body>>,
{
    let service = super::operations::EDGE.to_owned();
    if !shared.faults.book.is_about(&service) {
        return Ok(serve(request).await);
    }
    let call = Call { service, operation: Some(part.to_owned()), key: String::new(), protocol: Protocol::RestJson };
    let occasion = Occasion::Call { service: &call.service, operation: Some(part), caller: None };
    let hits = shared.faults.book.strike(&occasion);
    carry_out(shared, &call, &Caller { name: None, port: None }, &hits, request, serve).await
}

/// Invokes for a poller, or fails with the reason that a fault gives.
pub async fn around_invocation<T>(shared: &Shared, invoke: impl Future<Output = T>) -> Result<T, String> {
    let faults = &shared.faults;
    let occasion = Occasion::Call { service: "lambda", operation: Some("Invoke"), caller: Some(POLLER) };
    let hits = faults.book.strike(&occasion);
    tell(shared, &hits, "lambda:Invoke", Some(POLLER));
    delay(shared, &hits).await;
    match ending(&hits) {
        None => Ok(invoke.await),
        Some(Effect::Throttle) => Err(answers::throttled("lambda", Protocol::RestJson).code),
        Some(Effect::Fail { status, code }) => {
            Err(answers::failed("lambda", Protocol::RestJson, *status, code.as_deref()).code)
        }
        Some(Effect::LoseAnswer) => {
            invoke.await;
            Err("the answer was lost".into())
        }
        Some(_) => Err("the connection ended".into()),
    }
}

/// The service and key of a request that a fault may strike.
fn about(shared: &Shared, parts: &Parts) -> Option<(String, String)> {
    if shared.faults.book.is_empty() {
        return None;
    }
    call::signed(parts).filter(|(service, _)| shared.faults.book.is_about(service))
}

/// Finds out the operation, which for some services stands in the body.
async fn look(parts: &Parts, body: Body, service: String, key: String) -> Result<(Call, Body), Box<Response<Body>>> {
    if !call::is_form(parts) {
        return Ok((call::read(parts, &[], service, key), body));
    }
    match read(body, LARGEST_FORM).await {
        Ok(bytes) => Ok((call::read(parts, &bytes, service, key), full(bytes))),
        Err(error) => {
            let refusal = ApiError::new(413, "RequestEntityTooLargeException", error.to_string());
            Err(Box::new(refusal.response()))
        }
    }
}

async fn carry_out<F>(
    shared: &Shared,
    call: &Call,
    caller: &Caller,
    hits: &[Hit],
    request: Request<Body>,
    serve: impl FnOnce(Request<Body>) -> F,
) -> Result<Response<Body>, Cut>
where
    F: Future<Output = Response<Body>>,
{
    let name = format!("{}:{}", call.service, call.operation.as_deref().unwrap_or("*"));
    tell(shared, hits, &name, caller.name.as_deref());
    delay(shared, hits).await;
    let problem = match ending(hits) {
        None | Some(Effect::Delay { .. }) => return Ok(serve(request).await),
        Some(Effect::Throttle) => answers::throttled(&call.service, call.protocol),
        Some(Effect::Fail { status, code }) => answers::failed(&call.service, call.protocol, *status, code.as_deref()),
        Some(Effect::Cut) => return Err(Cut),
        Some(Effect::LoseAnswer) => {
            read_through(serve(request).await.into_body()).await;
            return Err(Cut);
        }
        Some(Effect::KillCaller { after }) => {
            if *after {
                read_through(serve(request).await.into_body()).await;
            }
            kill(shared, caller).await;
            return Err(Cut);
        }
    };
    // An answer that comes before the request's end closes the connection under whoever still sends.
    read_through(request.into_body()).await;
    Ok(answers::respond(call, &problem))
}

/// Reads a body to its end and forgets it. That of an answer: then what it answers has happened.
async fn read_through(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

async fn kill(shared: &Shared, caller: &Caller) {
    let Some(name) = caller.name.clone() else { return };
    let port = caller.port;
    if let Err(error) = shared.faults.with_hands(move |hands| hands.kill(&name, port)).await {
        shared.events.warn(format!("a fault could not kill a function: {error:#}"));
    }
}

/// The one effect that ends a call otherwise than it would.
fn ending(hits: &[Hit]) -> Option<&Effect> {
    hits.iter().find_map(|hit| match &hit.what {
        What::Call { effect, .. } if !matches!(effect, Effect::Delay { .. }) => Some(effect),
        _ => None,
    })
}

/// Waits as long as all delays together, or until the gateway stops.
async fn delay(shared: &Shared, hits: &[Hit]) {
    let length: u64 = hits
        .iter()
        .map(|hit| match hit.what {
            What::Call { effect: Effect::Delay { by_ms }, .. } => by_ms,
            _ => 0,
        })
        .fold(0, u64::saturating_add);
    if length > 0 {
        tokio::select! {
            () = shared.cancel.cancelled() => {}
            () = tokio::time::sleep(Duration::from_millis(length)) => {}
        }
    }
}

fn tell(shared: &Shared, hits: &[Hit], what: &str, caller: Option<&str>) {
    for hit in hits {
        let by = caller.map(|caller| format!(" by {caller}")).unwrap_or_default();
        shared.events.note(format!("fault {} strikes {what}{by}", super::view::name(hit.id)));
    }
}
