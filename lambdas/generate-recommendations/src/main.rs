//! Tile 5: which policies fit. The library beside this says how that is decided.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(generate_recommendations::function::Function::connect(), shared::producer::handle).await
}
