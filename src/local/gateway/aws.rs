//! The AWS endpoint: decides which calls the gateway answers itself; every other one goes on to ministack.

use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};

use super::answer::{ApiError, Body, full, read};
use super::faults::{control, gate};
use super::route::{Route, route};
use super::upstream::Answer;
use super::{Shared, guard, msk, proxy, signature, sources};

/// The calls answered here have small bodies.
const LARGEST_BODY: usize = 1 << 20;

/// Answers one request to the AWS endpoint, unless a fault keeps it from that.
pub async fn answer(shared: &Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, gate::Cut> {
    if !guard::is_endpoint(&request) {
        let refusal = "this endpoint answers to names of this computer only";
        return Ok(ApiError::new(403, "AccessDeniedException", refusal).response());
    }
    let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
    if control::is_meant(&request) {
        return Ok(control::answer(shared, request).await);
    }
    gate::around(shared, request, |request| serve(shared, request)).await
}

async fn serve(shared: &Arc<Shared>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let service = signature::authorization(&parts).map(|authorization| authorization.service);
    let route = route(&parts.method, parts.uri.path(), service);
    if service == Some("iam") {
        return identity(shared, parts, body).await;
    }
    if route == Route::Forward {
        return proxy::forward(&shared.upstream, Request::from_parts(parts, body)).await;
    }
    let body = match read(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) => return ApiError::new(413, "RequestEntityTooLargeException", error.to_string()).response(),
    };
    match route {
        Route::Msk(call) => match authorise(shared, &parts, &body).await {
            Ok(()) => msk::answer(shared, call, &parts, &body).await,
            Err(refusal) => *refusal,
        },
        Route::Sources(call) => sources::answer(shared, call, &parts, &body).await,
        Route::Forward => ApiError::new(404, "UnknownOperationException", "not found").response(),
    }
}

/// Passes a call of IAM on, and has those asked again who depend on what it changed.
async fn identity(shared: &Shared, parts: Parts, body: Body) -> Response<Body> {
    let body = match read(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) => return ApiError::new(413, "RequestEntityTooLargeException", error.to_string()).response(),
    };
    let response = proxy::forward(&shared.upstream, Request::from_parts(parts, full(body.clone()))).await;
    if response.status().is_success() {
        shared.policies.note(&body);
    }
    response
}

/// Whether the caller may make a call that the gateway answers. Root's signature is checked here. Any other key is
/// ministack's to judge: it gets the same call, which it refuses for who calls, or answers about a cluster or mapping
/// that it does not know, which changes nothing.
pub async fn authorise(shared: &Shared, parts: &Parts, body: &Bytes) -> Result<(), Box<Response<Body>>> {
    let root = shared.upstream.credentials();
    let is_root = signature::authorization(parts).is_some_and(|caller| caller.key == root.access_key_id());
    if is_root {
        return signature::check(parts, body, root, SystemTime::now()).map_err(|error| Box::new(error.response()));
    }
    match pass_on(shared, parts, body).await {
        Ok(answer) if is_refusal(answer.status, answer.error_code().as_deref()) => Err(Box::new(respond(answer))),
        Ok(_) => Ok(()),
        Err(response) => Err(response),
    }
}

/// Sends a call whose body was read already to ministack, unchanged, and reads its answer.
pub async fn pass_on(shared: &Shared, parts: &Parts, body: &Bytes) -> Result<Answer, Box<Response<Body>>> {
    let response = proxy::stream(&shared.upstream, Request::from_parts(parts.clone(), full(body.clone()))).await;
    let (head, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() }),
        Err(error) => Err(Box::new(super::answer::unavailable(&error.to_string()))),
    }
}

/// Sends an answer of ministack back.
pub fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(full(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

fn is_refusal(status: StatusCode, code: Option<&str>) -> bool {
    const SIGNS: [&str; 7] =
        ["AccessDenied", "Signature", "Token", "Unauthorized", "UnrecognizedClient", "ExpiredToken", "Forbidden"];
    matches!(status.as_u16(), 401 | 403 | 503)
        || (status.is_client_error() && code.is_some_and(|code| SIGNS.iter().any(|sign| code.contains(sign))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        for (status, code, expected) in [
            (403, Some("AccessDeniedException"), true),
            (403, None, true),
            (401, None, true),
            (503, Some("ServiceUnavailable"), true),
            (400, Some("IncompleteSignatureException"), true),
            (400, Some("UnrecognizedClientException"), true),
            (404, Some("NotFoundException"), false),
            (400, Some("BadRequestException"), false),
            (200, None, false),
        ] {
            assert_eq!(is_refusal(StatusCode::from_u16(status).unwrap(), code), expected, "{status} {code:?}");
        }
    }
}
