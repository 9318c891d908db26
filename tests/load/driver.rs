//! Customers as browsers: each walks all five tiles with a socket open, repeating a call under its `Idempotency-Key`
//! until it has an answer that is not the platform's own trouble.

use std::time::{Duration, Instant};

use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::support::customer::{Customer, Socket};

/// How long a call is repeated.
const PATIENCE: Duration = Duration::from_mins(2);

/// A customer who has walked, with what was accepted and heard on the way.
#[derive(Debug, Default)]
pub struct Walked {
    pub customer_id: String,
    pub application_id: String,
    /// Where the customer gets mail.
    pub address: String,
    /// Whether each step waited for the push of the last one, so that pushes come in the order of the steps.
    pub calmly: bool,
    /// Event types of the accepted steps, in their order.
    pub accepted: Vec<&'static str>,
    /// Pushed events in the order in which they came.
    pub pushed: Vec<Value>,
    /// Everything that came over the socket, whole.
    pub heard: Vec<Value>,
    /// The functions' answers: method, route as the interface writes it, status, body.
    pub answers: Vec<(&'static str, &'static str, u16, Value)>,
    /// What the checks of the identity came to.
    pub kyc: String,
    /// How long each step's answer took, with its name.
    pub times: Vec<(&'static str, Duration)>,
    /// From the answer's request to the push, by event type.
    pub push_times: Vec<(String, Duration)>,
    /// The listener, while the socket is open.
    pub listener: Option<tokio::task::JoinHandle<Vec<(Instant, Value)>>>,
    /// How many events were pushed up to now.
    pub pushes: Option<tokio::sync::watch::Receiver<usize>>,
    pub stop: Option<tokio_util::sync::CancellationToken>,
    pub began: Vec<(&'static str, Instant)>,
}

/// How customers walk. A `bool` in its place says whether all of them walk calmly, and nobody looks.
#[derive(Clone, Copy)]
pub struct Manner {
    /// Who, by number, goes on to the next tile once the event of the last one was pushed, not once that was answered.
    pub calmly: fn(usize) -> bool,
    /// Whether they end with both questions that a browser asks after a reconnect.
    pub looks: bool,
}

impl From<bool> for Manner {
    fn from(calmly: bool) -> Self {
        Self { calmly: if calmly { |_| true } else { |_| false }, looks: false }
    }
}

/// Walks `journeys` customers, `at_once` of them at a time. Their sockets stay open.
pub async fn walk(site: &str, journeys: usize, at_once: usize, manner: impl Into<Manner>) -> Vec<Walked> {
    let manner = manner.into();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    futures::stream::iter(0..journeys)
        .map(|number| journey(&client, site, number, manner))
        .buffer_unordered(at_once)
        .collect()
        .await
}

/// Closes the sockets and collects what came over them.
pub async fn hear_out(walked: Vec<Walked>) -> Vec<Walked> {
    let mut heard = Vec::new();
    for mut walked in walked {
        if let (Some(listener), Some(stop)) = (walked.listener.take(), walked.stop.take()) {
            stop.cancel();
            for (at, message) in listener.await.unwrap() {
                let event = message["event"].clone();
                walked.heard.push(message);
                if event.is_null() {
                    continue;
                }
                let event_type = event["eventType"].as_str().unwrap_or_default();
                if let Some((_, began)) = walked.began.iter().rev().find(|(name, _)| *name == event_type) {
                    walked.push_times.push((event_type.to_owned(), at.duration_since(*began)));
                }
                walked.pushed.push(event);
            }
        }
        heard.push(walked);
    }
    heard
}

/// One customer's five tiles. Every fourth corrects the first one, so that a topic has two events of theirs.
pub async fn journey(client: &reqwest::Client, site: &str, number: usize, manner: impl Into<Manner>) -> Walked {
    let manner = manner.into();
    let mut walked = Walked { calmly: (manner.calmly)(number), ..Walked::default() };
    let caller = Caller { client, site, answers: std::sync::Mutex::default() };
    let session = caller.post("/api/session", None, &json!({})).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    walked.customer_id = text(&session["customerId"]);
    let customer =
        Customer { site: site.to_owned(), id: walked.customer_id.clone(), token: text(&session["sessionToken"]) };
    listen(&caller, &customer, &mut walked).await;
    let token = Some(customer.token.as_str());
    let information = information(number);
    walked.address = text(&information["email"]);
    caller.step(&mut walked, "USER_INFO_SUBMITTED", "/api/user/submit", token, &information).await;
    if number.is_multiple_of(4) {
        let mut corrected = information.clone();
        corrected["phoneNumber"] = json!("+442071838751");
        caller.step(&mut walked, "USER_INFO_SUBMITTED", "/api/user/submit", token, &corrected).await;
    }
    let document = document();
    let announced = json!({ "documents": [{
        "documentType": "PASSPORT", "fileName": "passport.txt", "contentType": "text/plain", "sizeBytes": document.len()
    }] });
    let upload = caller.post("/api/documents/upload", token, &announced).await;
    walked.application_id = text(&upload["applicationId"]);
    put(client, &upload["uploads"][0], &document).await;
    let application = json!({ "applicationId": walked.application_id });
    let with = |name: &str, value: Value| {
        let mut body = application.clone();
        body[name] = value;
        body
    };
    let documents = with("documents", json!([{ "documentId": upload["uploads"][0]["documentId"] }]));
    caller.step(&mut walked, "DOCUMENTS_PROCESSED", "/api/documents/process", token, &documents).await;
    let kyc = caller.step(&mut walked, "KYC_VERIFIED", "/api/kyc/verify", token, &application).await;
    walked.kyc = text(&kyc["status"]);
    if walked.kyc == "APPROVED" {
        let offers = caller.step(&mut walked, "POLICY_RECOMMENDED", "/api/policy/recommend", token, &application).await;
        let choice = with("policyId", offers["recommendations"][0]["policyId"].clone());
        caller.step(&mut walked, "WORKFLOW_COMPLETED", "/api/policy/select", token, &choice).await;
    }
    if manner.looks {
        caller.get("/api/user/{customerId}/progress", &walked.customer_id, token).await;
        caller.get("/api/applications/{applicationId}/status", &walked.application_id, token).await;
    }
    walked.answers = caller.answers.into_inner().unwrap();
    walked
}

/// What the first tile is given. Every tenth gives no address, so that a person has to look.
fn information(number: usize) -> Value {
    let mut body = json!({
        "email": format!("load+{number}@simulator.amazonses.com"), "firstName": "Anna Maria", "lastName": "Eriksson",
        "dateOfBirth": "1974-08-12", "phoneNumber": "+442071838750",
    });
    if number % 10 != 9 {
        body["address"] =
            json!({ "street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB" });
    }
    body
}

/// A passport as a form of labelled lines.
pub fn document() -> String {
    "Document Number: L898902C3\nSurname: Eriksson\nGiven Names: Anna Maria\nDate of Birth: 1974-08-12\n\
     Date of Expiry: 2039-04-15\nNationality: GBR\nIssuing Country: GBR\nSex: F\n"
        .to_owned()
}

struct Caller<'a> {
    client: &'a reqwest::Client,
    site: &'a str,
    answers: std::sync::Mutex<Vec<(&'static str, &'static str, u16, Value)>>,
}

/// A call of a route, which is as the interface writes it; the path has its parameters filled in.
struct Call<'a> {
    method: &'static str,
    route: &'static str,
    path: String,
    token: Option<&'a str>,
    body: Option<&'a Value>,
}

impl Call<'_> {
    /// What is sent. A body makes it a call that must be known when it is repeated, by `key`.
    fn request(&self, client: &reqwest::Client, site: &str, key: &str) -> reqwest::RequestBuilder {
        let mut request = client.request(self.method.parse().unwrap(), format!("{site}{}", self.path));
        if let Some(body) = self.body {
            request = request.json(body).header("Idempotency-Key", key);
        }
        match self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

impl Caller<'_> {
    async fn step(
        &self,
        walked: &mut Walked,
        event_type: &'static str,
        route: &'static str,
        token: Option<&str>,
        body: &Value,
    ) -> Value {
        let began = Instant::now();
        walked.began.push((event_type, began));
        let answer = self.post(route, token, body).await;
        walked.times.push((event_type, began.elapsed()));
        walked.accepted.push(event_type);
        if let (true, Some(pushes)) = (walked.calmly, &mut walked.pushes) {
            let pushed = pushes.wait_for(|count| *count >= walked.accepted.len());
            tokio::time::timeout(PATIENCE, pushed).await.expect("the push did not come").unwrap();
        }
        answer
    }

    async fn post(&self, route: &'static str, token: Option<&str>, body: &Value) -> Value {
        self.until_answered(&Call { method: "POST", route, path: route.to_owned(), token, body: Some(body) }).await
    }

    /// Reads a route whose one parameter is `id`.
    async fn get(&self, route: &'static str, id: &str, token: Option<&str>) -> Value {
        let filled: Vec<&str> = route.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect();
        self.until_answered(&Call { method: "GET", route, path: filled.join("/"), token, body: None }).await
    }

    /// Repeats a call under one key until it is accepted. Only the platform's own trouble is worth a repeat: a connection
    /// that was cut, 5xx, 429, and 409 while the first attempt is under way.
    async fn until_answered(&self, call: &Call<'_>) -> Value {
        let (method, path) = (call.method, call.path.as_str());
        let key = uuid::Uuid::new_v4().to_string();
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(50);
        loop {
            let trouble = match call.request(self.client, self.site, &key).send().await {
                Err(error) => error.to_string(),
                Ok(response) => {
                    let status = response.status().as_u16();
                    let answer = response.json::<Value>().await;
                    // What the platform in trouble answers is not the functions'.
                    if let (200..500, Ok(answer)) = (status, &answer) {
                        self.answers.lock().unwrap().push((method, call.route, status, answer.clone()));
                    }
                    match (status, answer) {
                        (200..300, Ok(answer)) => return answer,
                        (409, Ok(answer)) if answer["error"]["code"] == "REQUEST_UNDER_WAY" => answer.to_string(),
                        (429 | 500.., answer) => format!("{status} {answer:?}"),
                        (200..300, Err(error)) => error.to_string(),
                        (_, answer) => panic!("{method} {path} answered {status}: {answer:?}"),
                    }
                }
            };
            assert!(Instant::now() < until, "{method} {path} was not answered within {PATIENCE:?}: {trouble}");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

/// Puts a document where an upload says; one that is there already was put by an attempt whose answer got lost.
pub async fn put(client: &reqwest::Client, upload: &Value, document: &str) {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut request = client.put(upload["url"].as_str().unwrap()).body(document.to_owned());
        for (name, value) in upload["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        match request.send().await.map(|response| response.status().as_u16()) {
            Ok(200 | 412) => return,
            other => assert!(Instant::now() < until, "the upload ended with {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Opens the customer's socket and listens in the background.
async fn listen(caller: &Caller<'_>, customer: &Customer, walked: &mut Walked) {
    let until = Instant::now() + PATIENCE;
    let mut socket = loop {
        let ticket = caller.post("/api/ws/ticket", Some(&customer.token), &json!({})).await;
        match Socket::open(caller.site, ticket["ticket"].as_str()).await {
            Ok(socket) => break socket,
            Err(status) => assert!(Instant::now() < until, "no socket could be opened: {status}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let stop = tokio_util::sync::CancellationToken::new();
    walked.stop = Some(stop.clone());
    let (pushed, pushes) = tokio::sync::watch::channel(0);
    walked.pushes = Some(pushes);
    walked.listener = Some(tokio::spawn(async move {
        let mut heard = Vec::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return heard,
                message = socket.next(Duration::from_hours(1)) => match message {
                    Some(message) => {
                        pushed.send_modify(|count| *count += usize::from(!message["event"].is_null()));
                        heard.push((Instant::now(), message));
                    }
                    None => return heard,
                },
            }
        }
    }));
}
