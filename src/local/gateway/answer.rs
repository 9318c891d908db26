//! HTTP answers in AWS's shapes: bodies, JSON and errors.

use futures::future::{BoxFuture, FutureExt, TryFutureExt};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use serde_json::{Value, json};

/// Whatever can go wrong while a body is streamed.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body of an answer: buffered, or streamed from ministack.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// A buffered body.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Reads a body of at most so many bytes.
pub fn read(body: Body, most: usize) -> BoxFuture<'static, Result<Bytes, BoxError>> {
    Limited::new(body, most).collect().map_ok(http_body_util::Collected::to_bytes).boxed()
}

/// An error as the services answer it: the code goes into `x-amzn-errortype`, from where every SDK reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// The service's error code, for example `NotFoundException`.
    pub code: &'static str,
    /// The sentence for people.
    pub message: String,
    /// MSK names the parameter that is wrong.
    pub parameter: Option<&'static str>,
}

impl ApiError {
    /// An error without a parameter.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), parameter: None }
    }

    /// Names the parameter that is wrong.
    #[must_use]
    pub fn parameter(mut self, name: &'static str) -> Self {
        self.parameter = Some(name);
        self
    }

    /// The answer to send.
    pub fn response(&self) -> Response<Body> {
        let mut body = json!({"message": self.message, "Message": self.message, "Type": "User"});
        if let Some(parameter) = self.parameter {
            body["invalidParameter"] = Value::from(parameter);
        }
        let mut response = json_response(self.status, &body);
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(self.code));
        response
    }
}

/// A JSON answer.
pub fn json_response(status: u16, body: &Value) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// A plain-text answer, for people who look at the edge.
pub fn text_response(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(full(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The answer while ministack is away: retryable for every SDK.
pub fn unavailable(detail: &str) -> Response<Body> {
    ApiError::new(503, "ServiceUnavailable", format!("the AWS APIs of this platform do not answer: {detail}"))
        .response()
}
