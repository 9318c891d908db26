//! `$disconnect`: takes the connection's row away. API Gateway calls it at best effort; the row's time to live and the
//! first push that answers 410 cover the rest.

mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(handler::Function::connect(), handler::handle).await
}
