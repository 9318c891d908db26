//! The answers that services give when they throttle or fail, each in its protocol. Codes and statuses are those of the
//! services' API references ("Common Errors" and the operation's own).

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde_json::json;

use super::super::answer::{Body, full};
use super::call::{Call, Protocol};

/// An error of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The service's error code.
    pub code: String,
    /// The sentence for people.
    pub message: String,
}

impl Problem {
    fn new(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned() }
    }

    /// Whose fault it is, in the words of awsQuery.
    fn side(&self) -> &'static str {
        if self.status < 500 { "Sender" } else { "Receiver" }
    }
}

/// How a service says that it is asked too often.
pub fn throttled(service: &str, protocol: Protocol) -> Problem {
    let (status, code, message) = match (service, protocol) {
        // Tables on demand answer so to every operation; provisioned ones have an error of their own.
        // docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
        ("dynamodb", _) => (
            400,
            "ThrottlingException",
            "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your \
             table or index so please try again shortly.",
        ),
        // docs.aws.amazon.com/textract/latest/dg/API_AnalyzeID.html
        ("textract", _) => {
            (400, "ProvisionedThroughputExceededException", "The number of requests exceeded your throughput limit.")
        }
        // docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
        ("sqs", _) => (403, "RequestThrottled", "The request was denied due to request throttling."),
        // docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
        ("execute-api", _) => (429, "LimitExceededException", "Too Many Requests"),
        // docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
        (_, Protocol::S3) => (503, "SlowDown", "Please reduce your request rate."),
        // docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        (_, Protocol::Ec2) => (503, "RequestLimitExceeded", "Request limit exceeded."),
        (_, Protocol::Query | Protocol::RestXml) => (400, "Throttling", "Rate exceeded"),
        // docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; SES v2, MSK and API Gateway say the same.
        (_, Protocol::RestJson) => (429, "TooManyRequestsException", "Rate Exceeded."),
        (_, Protocol::Json(_) | Protocol::Cbor) => (400, "ThrottlingException", "Rate exceeded"),
    };
    Problem::new(status, code, message)
}

/// An error with this status; without a code the service's own for what went wrong inside it.
pub fn failed(service: &str, protocol: Protocol, status: u16, code: Option<&str>) -> Problem {
    let own = match (service, protocol) {
        ("dynamodb", _) => "InternalServerError",
        ("lambda", _) => "ServiceException",
        ("secretsmanager", _) => "InternalServiceError",
        ("logs", _) => "ServiceUnavailableException",
        ("kafka" | "ses" | "scheduler", _) => "InternalServerErrorException",
        ("sns", _) | (_, Protocol::S3) => "InternalError",
        _ => "InternalFailure",
    };
    let code = code.unwrap_or(own);
    Problem::new(status, code, "The request processing has failed because of a fault that was asked for.")
}

/// The answer that carries a problem.
pub fn respond(call: &Call, problem: &Problem) -> Response<Body> {
    let id = uuid::Uuid::new_v4().to_string();
    let (kind, body) = body(call.protocol, problem, &id);
    let mut response = Response::new(full(body));
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(CONTENT_TYPE, kind);
    set(HeaderName::from_static("x-amzn-requestid"), &id);
    match call.protocol {
        Protocol::RestJson => set(HeaderName::from_static("x-amzn-errortype"), &problem.code),
        Protocol::Cbor => set(HeaderName::from_static("smithy-protocol"), "rpc-v2-cbor"),
        // SQS spoke awsQuery before; its clients still know the codes of that.
        Protocol::Json(_) if call.service == "sqs" => {
            set(HeaderName::from_static("x-amzn-query-error"), &format!("{};{}", problem.code, problem.side()));
        }
        _ => {}
    }
    response
}

/// The content type and the body of an error.
fn body(protocol: Protocol, problem: &Problem, id: &str) -> (&'static str, Vec<u8>) {
    let Problem { code, message, .. } = problem;
    let xml = |inside: String| format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{inside}").into_bytes();
    let error = format!("<Code>{code}</Code><Message>{message}</Message>");
    match protocol {
        Protocol::Json(version) => {
            let kind = if version == 0 { "application/x-amz-json-1.0" } else { "application/x-amz-json-1.1" };
            (kind, json!({"__type": code, "message": message}).to_string().into())
        }
        Protocol::RestJson => {
            let side = if problem.status < 500 { "User" } else { "Service" };
            ("application/json", json!({"message": message, "Message": message, "Type": side}).to_string().into())
        }
        Protocol::Cbor => ("application/cbor", cbor(&[("__type", code), ("message", message)])),
        Protocol::S3 => ("application/xml", xml(format!("<Error>{error}<RequestId>{id}</RequestId></Error>"))),
        Protocol::Ec2 => {
            let inside = format!("<Errors><Error>{error}</Error></Errors><RequestID>{id}</RequestID>");
            ("text/xml", xml(format!("<Response>{inside}</Response>")))
        }
        Protocol::Query | Protocol::RestXml => {
            let inside = format!("<Error><Type>{}</Type>{error}</Error><RequestId>{id}</RequestId>", problem.side());
            ("text/xml", xml(format!("<ErrorResponse>{inside}</ErrorResponse>")))
        }
    }
}

/// A map of text to text (RFC 8949): few entries, no text longer than 255 bytes but that is cut.
fn cbor(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(entries.len()).unwrap_or(0x17).min(0x17)];
    let mut text = |text: &str| {
        let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
        bytes.extend([0x78, length]);
        bytes.extend(text.bytes().take(length.into()));
    };
    for (name, value) in entries {
        text(name);
        text(value);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn call(service: &str, protocol: Protocol) -> Call {
        Call { service: service.into(), operation: None, key: String::new(), protocol }
    }

    fn text(response: Response<Body>) -> (u16, String, String) {
        let header = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (status, kind) =
            (response.status().as_u16(), format!("{} {}", header("content-type"), header("x-amzn-errortype")));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let body = runtime.block_on(response.into_body().collect()).unwrap().to_bytes();
        (status, kind, String::from_utf8_lossy(&body).into_owned())
    }

    #[test]
    fn each_service_throttles_in_its_own_words() {
        for (service, protocol, status, code, kind, word) in [
            ("dynamodb", Protocol::Json(0), 400, "ThrottlingException", "application/x-amz-json-1.0 ", "\"__type\""),
            (
                "secretsmanager",
                Protocol::Json(1),
                400,
                "ThrottlingException",
                "application/x-amz-json-1.1 ",
                "\"__type\"",
            ),
            (
                "textract",
                Protocol::Json(1),
                400,
                "ProvisionedThroughputExceededException",
                "application/x-amz-json-1.1 ",
                "__type",
            ),
            ("sqs", Protocol::Json(0), 403, "RequestThrottled", "application/x-amz-json-1.0 ", "__type"),
            ("sns", Protocol::Query, 400, "Throttling", "text/xml ", "<ErrorResponse><Error><Type>Sender</Type>"),
            ("ec2", Protocol::Ec2, 503, "RequestLimitExceeded", "text/xml ", "<Response><Errors>"),
            ("s3", Protocol::S3, 503, "SlowDown", "application/xml ", "<Error><Code>"),
            (
                "lambda",
                Protocol::RestJson,
                429,
                "TooManyRequestsException",
                "application/json TooManyRequestsException",
                "\"message\"",
            ),
            (
                "ses",
                Protocol::RestJson,
                429,
                "TooManyRequestsException",
                "application/json TooManyRequestsException",
                "message",
            ),
            (
                "execute-api",
                Protocol::RestJson,
                429,
                "LimitExceededException",
                "application/json LimitExceededException",
                "message",
            ),
            ("monitoring", Protocol::Cbor, 400, "ThrottlingException", "application/cbor ", "x\u{7}message"),
        ] {
            let problem = throttled(service, protocol);
            assert_eq!((problem.status, problem.code.as_str()), (status, code), "{service}");
            let (found, shown, body) = text(respond(&call(service, protocol), &problem));
            assert_eq!((found, shown.as_str()), (status, kind), "{service}");
            assert!(body.contains(word), "{service}: {body}");
            assert!(body.contains(code) || shown.contains(code), "{service}: {body}");
        }
    }

    #[test]
    fn failures_have_the_code_that_was_asked_for_or_the_services_own() {
        for (service, protocol, code, expected) in [
            ("dynamodb", Protocol::Json(0), None, "InternalServerError"),
            ("lambda", Protocol::RestJson, None, "ServiceException"),
            ("s3", Protocol::S3, None, "InternalError"),
            ("cloudformation", Protocol::Query, None, "InternalFailure"),
            ("dynamodb", Protocol::Json(0), Some("ResourceNotFoundException"), "ResourceNotFoundException"),
        ] {
            let problem = failed(service, protocol, 500, code);
            assert_eq!((problem.status, problem.code.as_str()), (500, expected), "{service}");
        }
    }

    #[tokio::test]
    async fn the_sdk_reads_cbor() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (tasks, cancel) = (tokio_util::task::TaskTracker::new(), tokio_util::sync::CancellationToken::new());
        super::super::super::server::spawn(listener, &tasks, &cancel, |request| async move {
            let parts = request.into_parts().0;
            let (service, key) = super::super::call::signed(&parts).unwrap();
            let call = super::super::call::read(&parts, &[], service, key);
            assert_eq!((call.protocol, call.operation.as_deref()), (Protocol::Cbor, Some("ListMetrics")));
            Ok(respond(&call, &throttled(&call.service, call.protocol)))
        });
        let config = aws_sdk_cloudwatch::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_cloudwatch::config::Region::new("us-east-1"))
            .credentials_provider(aws_credential_types::Credentials::new("key", "secret", None, None, "test"))
            .retry_config(aws_sdk_cloudwatch::config::retry::RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(endpoint);
        let error = aws_sdk_cloudwatch::Client::from_conf(config.build()).list_metrics().send().await.unwrap_err();
        let code = aws_sdk_cloudwatch::error::ProvideErrorMetadata::code(&error);
        assert_eq!(code, Some("ThrottlingException"), "{error:?}");
        cancel.cancel();
    }

    #[test]
    fn cbor_is_a_map_of_texts() {
        assert_eq!(cbor(&[("a", "bc")]), [0xa1, 0x78, 1, b'a', 0x78, 2, b'b', b'c']);
        let long = "x".repeat(300);
        assert_eq!(cbor(&[("a", &long)]).len(), 1 + 3 + 2 + 255);
    }
}
