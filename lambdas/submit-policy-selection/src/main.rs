//! Tile 5: the choice. The library beside this says what may be chosen.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(
        Box::pin(submit_policy_selection::function::Function::connect()).await,
        shared::producer::handle,
    )
    .await
}
