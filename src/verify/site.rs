//! The site as a browser uses it: sessions, tickets, a customer's data, over HTTP.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Value, json};

/// How long one request may take. API Gateway itself gives up after 30 s (`aws-facts.md`, section 5).
const REQUEST_LIMIT: Duration = Duration::from_secs(31);

/// The first step's path.
pub const SUBMIT: &str = "/api/user/submit";

/// The site.
#[derive(Clone, Debug)]
pub struct Site {
    address: String,
    client: reqwest::Client,
}

/// A customer's session.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The customer.
    pub customer_id: String,
    /// The bearer token; never shown.
    session_token: String,
}

/// A ticket for one handshake.
#[derive(Clone, Debug, Deserialize)]
pub struct Ticket {
    /// The ticket; never shown.
    ticket: String,
    /// Where the WebSocket is opened.
    pub url: String,
}

impl Ticket {
    /// The address of the handshake with this ticket.
    pub fn address(&self) -> String {
        format!("{}?ticket={}", self.url, self.ticket)
    }
}

/// What the site answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, when it was JSON.
    pub body: Value,
    /// How long it took.
    pub took: Duration,
}

impl Answer {
    /// Status and error code, for people. The body itself is not shown: it carries tokens.
    pub fn summary(&self) -> String {
        match self.body.pointer("/error/code").and_then(Value::as_str) {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }
}

impl Site {
    /// The site at an address such as `https://d111.cloudfront.net`.
    pub fn new(address: &str) -> anyhow::Result<Self> {
        let mut client = reqwest::Client::builder().timeout(REQUEST_LIMIT).connect_timeout(Duration::from_secs(10));
        // A proxy of the company's network has no way to this computer's own addresses.
        if crate::catalogue::environment::is_loopback(address) {
            client = client.no_proxy();
        }
        Ok(Self { address: address.trim_end_matches('/').to_owned(), client: client.build()? })
    }

    /// A new customer.
    pub async fn session(&self) -> anyhow::Result<(Session, Duration)> {
        let answer = self.post("/api/session", None, &json!({})).await?;
        anyhow::ensure!(answer.status == 201, "POST /api/session answered {} instead of 201", answer.summary());
        Ok((
            serde_json::from_value(answer.body)
                .context("POST /api/session answered without customerId and sessionToken")?,
            answer.took,
        ))
    }

    /// A ticket for this customer's WebSocket.
    pub async fn ticket(&self, session: &Session) -> anyhow::Result<Ticket> {
        let answer = self.post("/api/ws/ticket", Some(session), &json!({})).await?;
        anyhow::ensure!(answer.status == 201, "POST /api/ws/ticket answered {} instead of 201", answer.summary());
        serde_json::from_value(answer.body).context("POST /api/ws/ticket answered without ticket and url")
    }

    /// Submits the customer's data under a key.
    pub async fn submit(&self, session: &Session, key: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send(SUBMIT, Some(session), Some(key), body).await
    }

    /// Puts a document where an upload's answer says, with the headers that it asks for.
    pub async fn put(&self, upload: &Value, text: String) -> anyhow::Result<()> {
        let url = upload["url"].as_str().context("the upload has no url")?;
        let mut request = self.client.put(url).body(text);
        for (name, value) in upload["headers"].as_object().into_iter().flatten() {
            request = request.header(name, value.as_str().unwrap_or_default());
        }
        // The address is signed: it is never part of a message.
        let response = request.send().await.map_err(reqwest::Error::without_url).context("the upload failed")?;
        anyhow::ensure!(response.status().is_success(), "the bucket answered the upload with {}", response.status());
        Ok(())
    }

    /// Sends a body as a customer.
    pub async fn post(&self, path: &str, session: Option<&Session>, body: &Value) -> anyhow::Result<Answer> {
        self.send(path, session, None, body).await
    }

    async fn send(
        &self,
        path: &str,
        session: Option<&Session>,
        key: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let begun = Instant::now();
        let mut request = self.client.post(format!("{}{path}", self.address)).json(body);
        if let Some(session) = session {
            request = request.bearer_auth(&session.session_token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = request.send().await.with_context(|| format!("POST {path} got no answer"))?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.with_context(|| format!("POST {path} was cut off"))?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), took: begun.elapsed() })
    }
}

/// A customer that nobody is: mail goes to the mailbox simulator of SES, which takes labels (Amazon SES Developer Guide,
/// "Using the Amazon SES mailbox simulator"), and `+1 202 555 01xx` is kept for fiction (<https://www.nanpa.com/> on 555
/// numbers).
pub fn customer(run: &str) -> Value {
    json!({
        "email": format!("success+{run}@simulator.amazonses.com"),
        "firstName": "Verify",
        "lastName": "Synthetic",
        "dateOfBirth": "1990-01-01",
        "phoneNumber": "+12025550143",
        "address": {"street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB"},
    })
}

/// The same without an address, which somebody has to look at (`lambdas/perform-kyc/DECISIONS.md`).
pub fn customer_to_review(run: &str) -> Value {
    let mut customer = customer(run);
    if let Some(fields) = customer.as_object_mut() {
        fields.remove("address");
    }
    customer
}

/// A document of those customers, as a form of labelled lines. It is valid for five years from now.
pub fn document() -> String {
    let expiry = jiff::Zoned::now().date().saturating_add(jiff::Span::new().years(5));
    format!(
        "Document Number: X12345678\nSurname: Synthetic\nGiven Names: Verify\nDate of Birth: 1990-01-01\n\
         Date of Expiry: {expiry}\nNationality: GBR\nIssuing Country: GBR\nSex: X\n"
    )
}

/// The same with an address that is none and a date that does not exist.
pub fn invalid_customer(run: &str) -> Value {
    let mut customer = customer(run);
    customer["email"] = json!(format!("verify+{run}"));
    customer["dateOfBirth"] = json!("1990-02-30");
    customer
}
