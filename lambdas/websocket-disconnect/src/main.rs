//! `$disconnect`: takes the connection's row away. API Gateway calls it at best effort; the row's time to live and the
//! first push that answers 410 cover the rest.

mod handler;

use shared::websocket::Connections;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let connections = shared::aws::configuration().and_then(|config| Connections::new(&config));
    shared::runtime::run(connections, handler::handle).await
}
