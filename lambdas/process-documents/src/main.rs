//! Tiles 2 and 3: documents are uploaded and read. The library beside this says how.

use process_documents::{function::Function, reader};

fn main() -> anyhow::Result<()> {
    if let Some(deadline) = reader::is_wanted() {
        return reader::serve(deadline);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(async { shared::runtime::run(Box::pin(Function::connect()).await, shared::producer::handle).await })
}
