//! A customer as the browser would be one: HTTP calls to the edge and a WebSocket.

use std::time::Duration;

use futures::StreamExt;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message};

type Stream = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Runs a test's asynchronous part.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// An answer of the API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// Calls the API at `site`.
pub async fn call(
    site: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    key: Option<&str>,
    body: Option<Value>,
) -> Answer {
    let client = reqwest::Client::new();
    let mut request = client.request(method.parse().unwrap(), format!("{site}{path}")).timeout(Duration::from_secs(30));
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), body: response.json().await.unwrap_or(Value::Null) }
}

/// A customer with a session.
#[derive(Clone, Debug)]
pub struct Customer {
    pub site: String,
    pub id: String,
    pub token: String,
}

impl Customer {
    /// Opens a session.
    pub async fn new(site: &str) -> Self {
        let answer = call(site, "POST", "/api/session", None, None, None).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Self {
            site: site.to_owned(),
            id: answer.body["customerId"].as_str().unwrap().to_owned(),
            token: answer.body["sessionToken"].as_str().unwrap().to_owned(),
        }
    }

    /// A valid first step.
    pub fn information() -> Value {
        json!({
            "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "dateOfBirth": "1990-12-10",
            "phoneNumber": "+442071838750"
        })
    }

    /// Submits the first step.
    pub async fn submit(&self, key: Option<&str>, body: Value) -> Answer {
        call(&self.site, "POST", "/api/user/submit", Some(&self.token), key, Some(body)).await
    }

    /// Asks for a ticket.
    pub async fn ticket(&self) -> String {
        let answer = call(&self.site, "POST", "/api/ws/ticket", Some(&self.token), None, None).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["ticket"].as_str().unwrap().to_owned()
    }

    /// Opens the customer's socket with a new ticket.
    pub async fn socket(&self) -> Socket {
        let ticket = self.ticket().await;
        Socket::open(&self.site, Some(&ticket)).await.unwrap()
    }
}

/// An open WebSocket.
pub struct Socket(Stream);

impl Socket {
    /// Opens `/ws`; the handshake's status where it is refused.
    pub async fn open(site: &str, ticket: Option<&str>) -> Result<Self, u16> {
        let base = site.replacen("http", "ws", 1);
        let url = ticket.map_or_else(|| format!("{base}/ws"), |ticket| format!("{base}/ws?ticket={ticket}"));
        match tokio_tungstenite::connect_async(url).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The next message, or nothing within `limit`.
    pub async fn next(&mut self, limit: Duration) -> Option<Value> {
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            match tokio::time::timeout_at(deadline, self.0.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return None,
            }
        }
    }

    /// The next pushed event of this type.
    pub async fn event(&mut self, kind: &str, limit: Duration) -> Option<Value> {
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            let message = self.next(deadline.checked_duration_since(tokio::time::Instant::now())?).await?;
            if message["type"] == "event" && message["event"]["eventType"] == kind {
                return Some(message["event"].clone());
            }
        }
    }

    /// Sends text.
    pub async fn send(&mut self, text: &str) {
        futures::SinkExt::send(&mut self.0, Message::text(text.to_owned())).await.unwrap();
    }
}
