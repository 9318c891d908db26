//! The edge: one origin for the browser, as `CloudFront` is in AWS. `/api/*` goes to the HTTP API, `/ws` to the WebSocket
//! API, everything else to the site's bucket. Which ones these are is read from the distribution that was deployed.

mod site;
mod targets;

use std::sync::Arc;

use http::header::{HOST, UPGRADE};
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, LengthLimitError};
use hyper::body::Incoming;
use serde_json::json;

use super::answer::{self, Body, text_response};
use super::faults::gate;
use super::{Shared, guard, proxy};
pub use targets::Targets;

/// The largest body that API Gateway takes.
const LIMIT_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Where a path belongs (the cache behaviours of `platform.yaml`'s distribution).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// `/api/*`.
    Api,
    /// `/ws`.
    Socket,
    /// The rest.
    Site,
}

impl Part {
    /// Its name, by which a fault selects it.
    fn name(self) -> &'static str {
        match self {
            Self::Api => "Api",
            Self::Socket => "Socket",
            Self::Site => "Site",
        }
    }
}

fn part(path: &str) -> Part {
    match path {
        "/ws" => Part::Socket,
        path if path.starts_with("/api/") => Part::Api,
        _ => Part::Site,
    }
}

/// Answers one request to the edge, unless a fault keeps it from that.
pub async fn answer(shared: &Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, gate::Cut> {
    if !guard::is_local(&request) {
        return Ok(text_response(
            StatusCode::MISDIRECTED_REQUEST,
            "This platform answers to 127.0.0.1 and localhost only.\n",
        ));
    }
    let name = part(request.uri().path()).name();
    let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
    gate::around_edge(shared, name, request, |request| serve(shared, request)).await
}

async fn serve(shared: &Arc<Shared>, request: Request<Body>) -> Response<Body> {
    let targets = match shared.targets.get(&shared.upstream).await {
        Ok(Some(targets)) => targets,
        Ok(None) => {
            return text_response(
                StatusCode::SERVICE_UNAVAILABLE,
                "The platform is not deployed yet. Run `onboardctl up`, then load this page again.\n",
            );
        }
        Err(error) => return answer::unavailable(&format!("{error:#}")),
    };
    let (target, stage) = match part(request.uri().path()) {
        Part::Site => return site::answer(shared, &targets.bucket, request).await,
        Part::Api => (&targets.http_api, Some("$default")),
        Part::Socket => (&targets.websocket_api, None),
    };
    let Some(request) = address(request, target, stage) else {
        return text_response(StatusCode::BAD_REQUEST, "This address cannot be read.\n");
    };
    let response = if request.headers().contains_key(UPGRADE) {
        proxy::tunnel(&shared.upstream, request).await
    } else {
        match entire(request).await {
            Ok(request) => proxy::forward(&shared.upstream, request).await,
            Err(refused) => refused,
        }
    };
    if response.status() == StatusCode::NOT_FOUND {
        // Perhaps the API was made anew; the next request looks again.
        shared.targets.doubt();
    }
    response
}

/// Takes a request's body as API Gateway does: all of it, or no function hears of the request. Source: Amazon API Gateway
/// Developer Guide, "Quotas for configuring and running an HTTP API": a payload has 10 MB at most.
async fn entire(request: Request<Body>) -> Result<Request<Body>, Response<Body>> {
    let (parts, body) = request.into_parts();
    match answer::read(body, LIMIT_BODY_BYTES).await {
        Ok(bytes) => Ok(Request::from_parts(parts, answer::full(bytes))),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(answer::json_response(413, &json!({ "message": "Request Entity Too Large" })))
        }
        Err(_) => Err(answer::json_response(400, &json!({ "message": "Bad Request" }))),
    }
}

/// Addresses a request to an API by path, which needs no name that resolves. The stage of the WebSocket API is named
/// like its path, so nothing comes between them.
fn address(mut request: Request<Body>, api: &str, stage: Option<&str>) -> Option<Request<Body>> {
    let rest = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    *request.uri_mut() = api_path(api, stage, rest).parse::<Uri>().ok()?;
    // API Gateway knows its own names only; CloudFront does not pass the viewer's on either.
    request.headers_mut().remove(HOST);
    Some(request)
}

fn api_path(api: &str, stage: Option<&str>, rest: &str) -> String {
    let stage = stage.map(|stage| format!("/{stage}")).unwrap_or_default();
    format!("/_aws/execute-api/{api}{stage}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (path, expected) in [
            ("/", Part::Site),
            ("/api", Part::Site),
            ("/api/session", Part::Api),
            ("/ws", Part::Socket),
            ("/ws/", Part::Site),
            ("/wsx", Part::Site),
            ("/config.json", Part::Site),
        ] {
            assert_eq!(part(path), expected, "{path}");
        }
    }

    #[test]
    fn paths() {
        for (stage, rest, expected) in [
            (Some("$default"), "/api/a%2Fb?x=1&y=%20", "/_aws/execute-api/id/$default/api/a%2Fb?x=1&y=%20"),
            (None, "/ws?ticket=a%2Bb", "/_aws/execute-api/id/ws?ticket=a%2Bb"),
        ] {
            let path = api_path("id", stage, rest);
            assert_eq!(path, expected);
            assert_eq!(path.parse::<Uri>().unwrap().path_and_query().unwrap().as_str(), expected);
        }
    }
}
