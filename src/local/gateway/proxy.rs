//! Passes requests on to ministack unchanged (signatures cover host, path, query and body), upgrades included.

use http::header::{CONNECTION, HeaderMap, HeaderName, TE, TRANSFER_ENCODING, UPGRADE};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;

use super::answer::{self, Body};
use super::upstream::Upstream;

/// Headers that belong to one connection and never to the next one (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 5] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRANSFER_ENCODING,
];

/// Passes a request on and streams the answer back.
pub async fn forward(upstream: &Upstream, mut request: Request<Body>) -> Response<Body> {
    if request.headers().contains_key(UPGRADE) {
        return tunnel(upstream, request).await;
    }
    strip(request.headers_mut());
    stream(upstream, request).await
}

/// Passes on a request whose body was read already.
pub async fn stream(upstream: &Upstream, request: Request<Body>) -> Response<Body> {
    match upstream.send(request).await {
        Ok(mut response) => {
            strip(response.headers_mut());
            response.map(|body| body.map_err(Into::into).boxed_unsync())
        }
        Err(error) => answer::unavailable(&error.to_string()),
    }
}

/// Passes an upgrade on; when ministack agrees, the two connections are joined byte for byte.
pub async fn tunnel(upstream: &Upstream, mut request: Request<Body>) -> Response<Body> {
    let client = hyper::upgrade::on(&mut request);
    let mut response = match upstream.upgrade(request).await {
        Ok(response) => response,
        Err(error) => return answer::unavailable(&format!("{error:#}")),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        strip(response.headers_mut());
        return response.map(|body| body.map_err(Into::into).boxed_unsync());
    }
    let server = hyper::upgrade::on(&mut response);
    tokio::spawn(async move {
        if let (Ok(client), Ok(server)) = tokio::join!(client, server) {
            let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
            // Either side going away ends both; there is nobody to tell.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    response.map(|_| answer::full(""))
}

fn strip(headers: &mut HeaderMap) {
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}
