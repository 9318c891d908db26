//! Tickets: issues them over the HTTP API to a customer with a session, and takes them back when a WebSocket opens.

mod function;
mod handler;
mod ticket;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(Box::pin(function::Function::connect()).await, handler::handle).await
}
