//! The archiver: once a day it exports the applications whose time has come as NDJSON, reads the export back, and only
//! then deletes them with what was decided about them.
//!
//! Needs `dynamodb:Scan` and `DeleteItem` on the applications, `GetItem` and `DeleteItem` on KYC results and
//! recommendations, `s3:PutObject` and `GetObject` on the archive bucket.
//!
//! Deliberately absent: the customers' rows and their documents, which other applications may need; and an index on the
//! date, because one scan a day costs less than an index that every write pays for.

mod export;
mod function;
mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(function::Function::connect(), handler::handle).await
}
