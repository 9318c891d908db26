//! The site's files, from the bucket that the distribution reads with its origin access control.

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, RANGE,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};

use super::super::Shared;
use super::super::answer::{Body, text_response};

/// Headers of a request that S3 acts on.
const ASKED: [HeaderName; 4] = [RANGE, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_MATCH];
/// Headers of an answer that a browser is for.
const TOLD: [HeaderName; 10] = [
    CONTENT_TYPE,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_DISPOSITION,
    CACHE_CONTROL,
    ETAG,
    LAST_MODIFIED,
    ACCEPT_RANGES,
];
/// The managed policy `SecurityHeadersPolicy`, without the one that would force TLS on this computer.
const SECURITY: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("x-xss-protection", "1; mode=block"),
];

/// Answers one request for a file of the site.
pub async fn answer(shared: &Shared, bucket: &str, request: Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return text_response(StatusCode::METHOD_NOT_ALLOWED, "The site is only to be read.\n");
    }
    let path = file(request.uri().path());
    let asked: Vec<(&str, &str)> =
        ASKED.iter().filter_map(|name| Some((name.as_str(), request.headers().get(name)?.to_str().ok()?))).collect();
    let location = format!("/{bucket}{path}");
    let opened = shared.upstream.open("s3", request.method().clone(), &location, &asked, Bytes::new()).await;
    let Ok(response) = opened else {
        return text_response(
            StatusCode::BAD_GATEWAY,
            "The platform's storage does not answer. It is being restarted.\n",
        );
    };
    match response.status() {
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN if path == "/index.html" => {
            shared.targets.doubt();
            text_response(
                StatusCode::NOT_FOUND,
                "The platform runs, but no page is deployed yet: the site's bucket is empty.\n\
                 The API answers below /api/ and the WebSocket at /ws.\n",
            )
        }
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => {
            text_response(StatusCode::NOT_FOUND, "There is no such file.\n")
        }
        _ => told(response),
    }
}

/// What the distribution's function makes of a path: a page of the application is its `index.html`, which routes on.
fn file(path: &str) -> &str {
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') { path } else { "/index.html" }
}

fn told(response: Response<Incoming>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let mut headers = HeaderMap::new();
    for name in TOLD {
        if let Some(value) = parts.headers.remove(&name) {
            headers.insert(name, value);
        }
    }
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    parts.headers = headers;
    Response::from_parts(parts, body.map_err(Into::into).boxed_unsync())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        for (path, expected) in [
            ("/", "/index.html"),
            ("/kyc/42", "/index.html"),
            ("/v1.2/page", "/index.html"),
            ("/config.json", "/config.json"),
            ("/assets/a.js", "/assets/a.js"),
        ] {
            assert_eq!(file(path), expected);
        }
    }
}
