//! Invokes a mapping's function through ministack.

use std::time::Duration;

use http::Method;

use super::super::Shared;
use super::super::faults::gate;
use super::super::upstream::{Answer, Upstream};
use super::batch::Outcome;
use super::function::Function;

/// Longer than any function may run (15 minutes).
const PATIENCE: Duration = Duration::from_mins(16);

/// Invokes the function with an event and waits for what comes of it, or of a fault.
pub async fn invoke(shared: &Shared, function: &Function, event: String) -> Outcome {
    let call = send(&shared.upstream, function, event);
    gate::around_invocation(shared, call).await.unwrap_or_else(Outcome::Failed)
}

async fn send(upstream: &Upstream, function: &Function, event: String) -> Outcome {
    let headers = [("content-type", "application/json"), ("x-amz-invocation-type", "RequestResponse")];
    let path = function.path("invocations");
    let call = upstream.call("lambda", Method::POST, &path, &headers, event.into());
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(answer)) => judge(&answer),
        Ok(Err(error)) => Outcome::Failed(format!("{error:#}")),
        Err(_) => Outcome::Failed("the function did not answer".into()),
    }
}

/// An invocation failed when the call did, or when `X-Amz-Function-Error` is set although HTTP says 200
/// (aws-facts 3, Canary).
fn judge(answer: &Answer) -> Outcome {
    let function_error = answer.headers.get("x-amz-function-error").and_then(|value| value.to_str().ok());
    match function_error {
        Some(kind) => Outcome::Failed(format!("function error {kind}")),
        None if answer.status.is_success() => Outcome::Returned(answer.body.to_vec()),
        None => Outcome::Failed(answer.error_code().unwrap_or_else(|| answer.status.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, StatusCode};

    #[test]
    fn outcomes() {
        let answer = |status: u16, error: Option<&'static str>, code: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            error.map(|error| headers.insert("x-amz-function-error", HeaderValue::from_static(error)));
            code.map(|code| headers.insert("x-amzn-errortype", HeaderValue::from_static(code)));
            Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: "{}".into() }
        };
        for (given, expected) in [
            (answer(200, None, None), Outcome::Returned(b"{}".to_vec())),
            (answer(200, Some("Unhandled"), None), Outcome::Failed("function error Unhandled".into())),
            (answer(429, None, Some("TooManyRequestsException")), Outcome::Failed("TooManyRequestsException".into())),
            (answer(503, None, None), Outcome::Failed("503 Service Unavailable".into())),
        ] {
            assert_eq!(judge(&given), expected);
        }
    }
}
