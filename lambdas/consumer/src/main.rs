//! The consumer: one crate, one function per topic. Each event acts once on the tables, is pushed to the customer's open
//! sockets, and leaves an audit row; a record that can't be handled becomes a dead letter and blocks nothing.
//!
//! Deliberately absent: Kafka. The mapping reaches the brokers, and events of this function go through the outbox.

mod dead_letter;
mod effects;
mod event;
mod function;
mod handler;
mod mail;
mod notify;
mod process;
mod push;
mod record;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    shared::runtime::run(function::Function::connect(), handler::handle).await
}
