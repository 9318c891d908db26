//! Tile 5: the choice. The library beside this says what may be chosen.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(submit_policy_selection::function::Function::connect(), shared::producer::handle).await
}
