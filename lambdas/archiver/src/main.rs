//! The archiver: once a day it exports the applications whose time has come as NDJSON, reads the export back, and only
//! then deletes them with what was decided about them and with their documents. What was read from the documents is in
//! the export; their images are not: nobody needs a copy of a passport for longer than the application that it was for.
//! If a run ends between the rows and the documents, these stay until the bucket's lifecycle takes them.
//!
//! Needs `dynamodb:Scan` and `DeleteItem` on the applications, `GetItem` and `DeleteItem` on KYC results and
//! recommendations, `s3:PutObject` and `GetObject` on the archive bucket, `s3:DeleteObject` on the documents bucket.
//!
//! Deliberately absent: the customers' rows; and an index on the date, because one scan a day costs less than an index
//! that every write pays for.

mod export;
mod function;
mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(function::Function::connect(), handler::handle).await
}
