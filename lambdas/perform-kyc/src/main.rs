//! Tile 4: who the customer is. The library beside this says how that is decided.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(Box::pin(perform_kyc::function::Function::connect()).await, shared::producer::handle).await
}
