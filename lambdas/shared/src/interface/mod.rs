//! The interface written down: an `OpenAPI` 3.1 document for the REST API and an `AsyncAPI` 3 document for topics and socket
//! messages. Both are made from the types that the functions read and write, so they can't say anything else; the files
//! in `lambdas/` are these documents, and a test fails when they are stale.

mod asyncapi;
mod openapi;
mod refusals;
mod schemas;

pub use asyncapi::asyncapi;
pub use openapi::openapi;
