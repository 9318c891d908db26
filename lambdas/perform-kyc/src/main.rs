//! Tile 4: who the customer is. The library beside this says how that is decided.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(perform_kyc::function::Function::connect(), shared::producer::handle).await
}
