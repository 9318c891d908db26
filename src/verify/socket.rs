//! A WebSocket as a browser holds it: opened with a ticket, listened to in the background.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error, Message};

/// How long a handshake may take; an authorizer may start cold.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(30);

/// An open WebSocket.
#[derive(Debug)]
pub struct Socket {
    outgoing: mpsc::UnboundedSender<Message>,
    incoming: mpsc::UnboundedReceiver<(Instant, Value)>,
    task: tokio::task::JoinHandle<()>,
}

/// How a handshake ended.
#[derive(Debug)]
pub enum Handshake {
    /// The server let us in.
    Open(Socket),
    /// The server answered with this status instead.
    Refused(u16),
    /// There was no answer to speak of.
    Failed(String),
}

/// Opens a WebSocket. `http` addresses count as `ws`.
pub async fn open(address: &str) -> Handshake {
    let address = address.replacen("http", "ws", usize::from(address.starts_with("http")));
    match tokio::time::timeout(HANDSHAKE_LIMIT, tokio_tungstenite::connect_async(address)).await {
        Err(_) => Handshake::Failed(format!("no answer to the handshake within {} s", HANDSHAKE_LIMIT.as_secs())),
        Ok(Err(Error::Http(response))) => Handshake::Refused(response.status().as_u16()),
        Ok(Err(error)) => Handshake::Failed(error.to_string()),
        Ok(Ok((stream, _))) => Handshake::Open(listen(stream)),
    }
}

fn listen<S>(stream: S) -> Socket
where
    S: futures::Stream<Item = Result<Message, Error>> + futures::Sink<Message, Error = Error> + Send + 'static,
{
    let (outgoing, mut to_send) = mpsc::unbounded_channel::<Message>();
    let (received, incoming) = mpsc::unbounded_channel();
    let task = tokio::spawn(async move {
        let (mut sink, mut stream) = stream.split();
        loop {
            tokio::select! {
                message = to_send.recv() => {
                    let Some(message) = message else { break };
                    if sink.send(message).await.is_err() {
                        break;
                    }
                }
                message = stream.next() => match message {
                    Some(Ok(Message::Text(text))) => {
                        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
                        if received.send((Instant::now(), value)).is_err() {
                            break;
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                },
            }
        }
        let _ = sink.close().await;
    });
    Socket { outgoing, incoming, task }
}

impl Socket {
    /// Sends `{"action":"ping"}`.
    pub fn ping(&self) {
        // A closed socket shows itself by the missing pong.
        let _ = self.outgoing.send(Message::text(json!({"action": "ping"}).to_string()));
    }

    /// The next message that `wanted` takes, and when it came; others before it are handed to `wanted` and dropped.
    pub async fn next(&mut self, until: Instant, mut wanted: impl FnMut(&Value) -> bool) -> Option<(Instant, Value)> {
        loop {
            match tokio::time::timeout_at(until, self.incoming.recv()).await {
                Ok(Some((at, message))) if wanted(&message) => return Some((at, message)),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Says goodbye, so that the platform forgets the connection.
    pub async fn close(self) {
        drop(self.outgoing);
        let _ = tokio::time::timeout(Duration::from_secs(2), self.task).await;
    }
}

/// Whether a message is a pong.
pub fn is_pong(message: &Value) -> bool {
    message["type"] == "pong"
}

/// The event in a message, if it carries one.
pub fn event(message: &Value) -> Option<&Value> {
    (message["type"] == "event").then(|| &message["event"])
}
