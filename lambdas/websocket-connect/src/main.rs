//! `$connect`: one row per connection, of the customer whose ticket opened it.

mod handler;

use shared::websocket::Connections;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let connections = shared::aws::configuration().and_then(|config| Connections::new(&config));
    shared::runtime::run(connections, handler::handle).await
}
