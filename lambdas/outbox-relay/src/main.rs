//! The outbox relay: publishes what producers left, fed by the outbox's stream; on a schedule it looks for rows that a
//! crashed producer left and hands them to the stream.

mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(Box::pin(handler::Function::connect()).await, handler::handle).await
}
