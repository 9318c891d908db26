//! Tile 1: sessions, the customer's own data, and the customer's progress.

mod form;
mod function;
mod handler;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(function::Function::connect(), shared::producer::handle).await
}
