//! The AWS endpoint: decides which calls the gateway answers itself; every other one goes on to ministack.

use http::{Request, Response};
use hyper::body::Incoming;

use super::answer::{ApiError, Body};
use super::{Shared, guard, proxy};

/// Answers one request to the AWS endpoint.
pub async fn answer(shared: &Shared, request: Request<Incoming>) -> Response<Body> {
    if !guard::is_endpoint(&request) {
        return ApiError::new(403, "AccessDeniedException", "this endpoint answers to names of this computer only")
            .response();
    }
    proxy::forward(&shared.upstream, request).await
}
