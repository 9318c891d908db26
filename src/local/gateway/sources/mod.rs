//! Kafka event source mappings.
pub mod mapping;
use super::answer::*;
use super::route::Sources;
use super::{Shared, aws};
use http::Response;
use http::request::Parts;
use hyper::body::Bytes;
pub async fn answer(shared: &std::sync::Arc<Shared>, _call: Sources, parts: &Parts, body: &Bytes) -> Response<Body> {
    match aws::pass_on(shared, parts, body).await {
        Ok(a) => aws::respond(a),
        Err(r) => *r,
    }
}
