//! `$default`: answers a ping, and writes the connection's row again where it was lost.

mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(handler::Function::connect(), handler::handle).await
}
