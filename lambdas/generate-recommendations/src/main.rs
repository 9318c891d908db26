//! Tile 5: which policies fit. The library beside this says how that is decided.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(
        Box::pin(generate_recommendations::function::Function::connect()).await,
        shared::producer::handle,
    )
    .await
}
