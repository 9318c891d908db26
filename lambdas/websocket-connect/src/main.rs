//! `$connect`: one row per connection, of the customer whose ticket opened it.

mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(handler::Function::connect(), handler::handle).await
}
