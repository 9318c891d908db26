//! How the command line reaches the faults: calls on the AWS endpoint below a path of their own, with the root key's
//! signature and the name of this computer, so that neither a function nor a web page can make them. The AWS APIs ask
//! here too, with a token that only they can read.

use std::sync::Arc;
use std::time::SystemTime;

use http::{Request, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::answer::{ApiError, Body, json_response, read};
use super::super::{Shared, guard, signature};
use super::book::MOST;
use super::plan::Occasion;
use super::spec::{Spec, What};
use super::{broker, number};

/// Where the faults are.
pub const PATH: &str = "/_onboardctl/faults";
/// Where the AWS APIs ask whether a fault strikes.
pub const ASK: &str = "/_onboardctl/strike";
/// The header that carries their token.
pub const TOKEN: &str = "x-onboardctl-token";
/// The service that these calls are signed for.
pub const SERVICE: &str = "onboardctl";

/// No request here is larger.
const LARGEST: usize = 64 << 10;

/// What the AWS APIs are about to do.
#[derive(Debug, Deserialize)]
#[serde(tag = "occasion", rename_all = "snake_case")]
enum Question {
    Invocation {
        function: String,
    },
    Resource {
        logical_id: String,
    },
    /// The function had answered before it was time to kill it.
    Missed {
        fault: String,
        function: String,
    },
}

/// Whether a request is one of these.
pub fn is_meant<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    path == ASK || path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers one of them.
pub async fn answer(shared: &Arc<Shared>, request: Request<Body>) -> Response<Body> {
    match dispatch(shared, request).await {
        Ok(value) => json_response(200, &value),
        Err(error) => error.response(),
    }
}

async fn dispatch(shared: &Arc<Shared>, request: Request<Body>) -> Result<Value, ApiError> {
    if !guard::is_local(&request) {
        return Err(ApiError::new(403, "AccessDeniedException", "this path answers to this computer only"));
    }
    let (parts, body) = request.into_parts();
    let too_large = |error| ApiError::new(413, "RequestEntityTooLargeException", format!("{error}"));
    let body = read(body, LARGEST).await.map_err(too_large)?;
    let path = parts.uri.path();
    if path == ASK {
        let shown = parts.headers.get(TOKEN).map(http::HeaderValue::as_bytes);
        if shown != Some(shared.faults.token.as_bytes()) {
            return Err(ApiError::new(403, "AccessDeniedException", "the token is not the platform's"));
        }
        return ask(shared, &serde_json::from_slice(&body).map_err(|error| invalid(&error))?).await;
    }
    let signer = signature::authorization(&parts);
    let root = shared.upstream.credentials();
    if signer.is_none_or(|signer| signer.key != root.access_key_id() || signer.service != SERVICE) {
        return Err(ApiError::new(403, "AccessDeniedException", "only this platform's root key may change its faults"));
    }
    signature::check(&parts, &body, root, SystemTime::now())?;
    let id = path.strip_prefix(PATH).and_then(|rest| rest.strip_prefix('/')).filter(|id| !id.is_empty());
    match (parts.method.as_str(), id) {
        ("GET", None) => Ok(json!({"faults": shared.faults.book.list()})),
        ("POST", None) => add(shared, serde_json::from_slice(&body).map_err(|error| invalid(&error))?).await,
        ("DELETE", id) => clear(shared, id).await,
        _ => Err(ApiError::new(404, "UnknownOperationException", "there is nothing here")),
    }
}

async fn add(shared: &Arc<Shared>, spec: Spec) -> Result<Value, ApiError> {
    if let Some(problem) = spec.problem() {
        return Err(ApiError::new(400, "ValidationException", problem));
    }
    let stops = matches!(spec.what, What::StopBroker);
    let Some(view) = shared.faults.book.add(spec) else {
        let message = format!("there are {MOST} faults already; clear some");
        return Err(ApiError::new(409, "LimitExceededException", message));
    };
    shared.events.note(format!("fault {} added: {} of {}", view.id, view.fault, view.target));
    carry(shared).await?;
    if stops {
        broker::hold(shared);
    }
    Ok(json!({"faults": [view]}))
}

async fn clear(shared: &Arc<Shared>, id: Option<&str>) -> Result<Value, ApiError> {
    let missing = |id: &str| ApiError::new(404, "ResourceNotFoundException", format!("there is no fault {id}"));
    let wanted = id.map(|id| number(id).ok_or_else(|| missing(id))).transpose()?;
    let removed = shared.faults.book.clear(wanted);
    if let (Some(id), true) = (id, removed.is_empty()) {
        return Err(missing(id));
    }
    for view in &removed {
        shared.events.note(format!("fault {} cleared after {} strikes", view.id, view.struck));
    }
    carry(shared).await?;
    Ok(json!({"faults": removed}))
}

/// Makes what is outside the gateway what the faults say now.
async fn carry(shared: &Arc<Shared>) -> Result<(), ApiError> {
    broker::settle(shared).await;
    let token = shared.faults.book.is_asked().then(|| shared.faults.token.clone());
    let asked = shared.faults.with_hands(move |hands| hands.ask(token.as_deref())).await.and_then(|result| result);
    asked.map_err(|error| ApiError::new(500, "ServiceException", format!("{error:#}")))
}

/// Answers the AWS APIs: whether a fault strikes what they are about to do.
async fn ask(shared: &Arc<Shared>, question: &Question) -> Result<Value, ApiError> {
    let (occasion, what) = match question {
        Question::Invocation { function } => (Occasion::Invocation { function }, function),
        Question::Resource { logical_id } => (Occasion::Resource { logical_id }, logical_id),
        Question::Missed { fault, function } => {
            if number(fault).is_some_and(|id| shared.faults.book.missed(id)) {
                shared.events.note(format!("fault {fault} came too late for {function}: not counted"));
                // It may strike again, and is asked for again.
                carry(shared).await?;
            }
            return Ok(json!({"fault": null}));
        }
    };
    let hits = shared.faults.book.strike(&occasion);
    let Some(hit) = hits.first() else { return Ok(json!({"fault": null})) };
    let id = super::view::name(hit.id);
    shared.events.note(format!("fault {id} strikes {what}"));
    let after = if let What::Kill { after_ms, .. } = hit.what { after_ms } else { 0 };
    Ok(json!({"fault": id, "after_ms": after}))
}

fn invalid(error: &serde_json::Error) -> ApiError {
    ApiError::new(400, "ValidationException", format!("the request cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (path, expected) in [
            ("/_onboardctl/faults", true),
            ("/_onboardctl/faults/f1", true),
            ("/_onboardctl/strike", true),
            ("/_onboardctl/faultsx", false),
            ("/_onboardctl", false),
            ("/", false),
        ] {
            assert_eq!(is_meant(&Request::builder().uri(path).body(()).unwrap()), expected, "{path}");
        }
    }
}
