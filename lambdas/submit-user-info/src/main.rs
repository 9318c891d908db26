//! Tile 1: sessions, the customer's own data, and the customer's progress.

mod form;
mod function;
mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(Box::pin(function::Function::connect()).await, shared::producer::handle).await
}
