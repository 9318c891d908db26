//! What came back, held against what must.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::cases::{Case, Expected, Written};
use super::wire::Answered;
use super::{Kind, Route};
use crate::support::contract::Contract;

/// Whether a function refused: API and edge have other bodies.
pub fn is_refusal(answered: &Answered) -> bool {
    let Answered::Whole { body, .. } = answered else { return false };
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["error"]["code"].is_string())
}

/// Holds an answer against what the request must be answered with.
pub fn judge(route: Route, case: &Case, answered: &Answered) -> Result<(), String> {
    let (status, content_type, body) = match answered {
        Answered::Hung => return Err("no answer".to_owned()),
        Answered::Ended if case.expected == Expected::Unreadable => return Ok(()),
        Answered::Ended => return Err("the connection ended".to_owned()),
        Answered::Whole { status, content_type, body } => (*status, content_type, body),
    };
    let client = (400..500).contains(&status);
    match &case.expected {
        // Where no body is read, one that is cut short need not be noticed.
        Expected::Unreadable if client || (route.kind() != Kind::Json && status < 300) => return Ok(()),
        Expected::NoRoute if client => return Ok(()),
        Expected::Unreadable | Expected::NoRoute => return Err(format!("{status}")),
        Expected::Done | Expected::Refused { .. } => {}
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return Err(format!("{status} without JSON")) };
    if content_type != "application/json" {
        return Err(format!("{status} as {content_type:?}"));
    }
    documented(route, status, &body)?;
    let code = body["error"]["code"].as_str().unwrap_or_default();
    let fields: BTreeSet<String> =
        body["error"]["fields"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    match &case.expected {
        _ if case.or_malformed && (status, code) == (400, "BODY_MALFORMED") => Ok(()),
        Expected::Done if (200..300).contains(&status) => Ok(()),
        Expected::Done if route == Route::Upload && code == "TOO_MANY_DOCUMENTS" => Ok(()),
        Expected::Done if route == Route::Verify && status == 409 && body["error"]["state"].is_string() => Ok(()),
        Expected::Refused { status: expected, code: with, fields: named }
            if (status, code) == (*expected, *with) && fields == *named =>
        {
            Ok(())
        }
        expected => Err(format!("expected {expected:?}, got {status} {code} {fields:?}")),
    }
}

/// The interface allows a body that is taken, and none that is refused for what a schema can say.
pub fn written_down(route: Route, case: &Case, status: u16) -> Result<(), String> {
    let body = match serde_json::from_slice::<Value>(&case.sent.body) {
        Ok(body) if route.kind() == Kind::Json => body,
        _ => return Ok(()),
    };
    let allowed = Contract::rest().request("post", &route.documented(), &body);
    let taken = (200..300).contains(&status);
    match (case.written, allowed) {
        (Written::Refused, Ok(())) => Err("it is refused, and the interface allows it".to_owned()),
        (written, Err(reason)) if taken || written == Written::Allowed => {
            Err(format!("it is taken, and the interface does not allow it: {reason}"))
        }
        _ => Ok(()),
    }
}

/// Every answer is one that the interface allows.
pub fn documented(route: Route, status: u16, body: &Value) -> Result<(), String> {
    let method = if route.kind() == Kind::Read { "get" } else { "post" };
    Contract::rest().answer(method, &route.documented(), status, body)
}

/// A request with its answer, for a person.
pub fn shown(case: &Case, answered: &Answered) -> String {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).escape_debug().to_string();
        text.chars().take(300).collect::<String>()
    };
    let mut told = format!("{} {} {:?}", case.sent.method, text(&case.sent.target), case.sent.framing);
    for (name, value) in case.sent.headers.iter().filter(|(_, value)| value.len() < 300) {
        let _ = write!(told, "\n  {name}: {}", text(value));
    }
    let _ = write!(told, "\n  {} bytes: {}", case.sent.body.len(), text(&case.sent.body));
    if let Answered::Whole { status, body, .. } = answered {
        let _ = write!(told, "\n  -> {status} {}", text(body));
    }
    told
}
