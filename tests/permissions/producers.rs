//! Functions behind the REST API, called through the edge: a step that is taken, one that is refused, one that comes at
//! the wrong time, and one whose event has to wait.

use serde_json::{Value, json};
use shared::events::{Envelope, EventType};
use shared::outbox;
use uuid::Uuid;

use super::ground::Ground;
use super::scene::Played;
use crate::load::driver::document;
use crate::support::customer::{Answer, Customer, call};

/// A customer at the threshold of one producer's step, with the rows that say so.
pub struct Threshold {
    customer: Customer,
    path: &'static str,
    body: Value,
    user: Value,
    application: Option<Value>,
    uploaded: bool,
}

fn information() -> Value {
    json!({ "email": "walk@simulator.amazonses.com", "firstName": "Anna Maria", "lastName": "Eriksson",
        "dateOfBirth": "1974-08-12", "phoneNumber": "+442071838750",
        "address": { "street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB" } })
}

async fn post(customer: &Customer, path: &str, body: &Value) -> Answer {
    let key = Uuid::new_v4().to_string();
    call(&customer.site, "POST", path, Some(&customer.token), Some(&key), Some(body.clone())).await
}

/// Takes a step that has to succeed.
async fn step(customer: &Customer, path: &str, body: &Value) -> Value {
    let answer = post(customer, path, body).await;
    assert!(matches!(answer.status, 200..=202), "{path}: {answer:?}");
    answer.body
}

/// Announces two documents and puts the first; what the announcement and the upload were answered.
async fn upload(customer: &Customer) -> (Answer, String) {
    let content = document();
    let one = json!({ "documentType": "PASSPORT", "fileName": "passport.txt", "contentType": "text/plain",
        "sizeBytes": content.len() });
    let announced = post(customer, "/api/documents/upload", &json!({ "documents": [one, one] })).await;
    let signed = &announced.body["uploads"][0];
    let Some(url) = signed["url"].as_str() else { return (announced, String::new()) };
    let mut put = reqwest::Client::new().put(url).body(content);
    for (name, value) in signed["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    let answer = put.send().await.unwrap();
    let text = format!("{} {}", answer.status().as_u16(), answer.text().await.unwrap());
    (announced, text)
}

/// A processing request for one document of an announcement.
fn processing(announced: &Value, index: usize) -> Value {
    json!({ "applicationId": announced["applicationId"],
        "documents": [{ "documentId": announced["uploads"][index]["documentId"] }] })
}

impl Threshold {
    /// Walks a new customer to the step of `function`.
    pub async fn of(ground: &Ground, function: &str) -> Self {
        let customer = Customer::new(&ground.site).await;
        let (mut path, mut body) = ("/api/user/submit", information());
        step(&customer, path, &body).await;
        let uploaded = function == "process-documents";
        if function != "submit-user-info" {
            let (announced, put) = upload(&customer).await;
            assert!(put.starts_with("200"), "{announced:?} {put}");
            (path, body) = ("/api/documents/process", processing(&announced.body, 0));
            let on = json!({ "applicationId": announced.body["applicationId"] });
            if !uploaded {
                step(&customer, path, &body).await;
                (path, body) = ("/api/kyc/verify", on.clone());
            }
            if matches!(function, "generate-recommendations" | "submit-policy-selection") {
                assert_eq!(step(&customer, path, &body).await["status"], "APPROVED");
                (path, body) = ("/api/policy/recommend", on.clone());
            }
            if function == "submit-policy-selection" {
                let offers = step(&customer, path, &body).await;
                path = "/api/policy/select";
                body["policyId"] = offers["recommendations"][0]["policyId"].clone();
            }
        }
        let user = ground.get("users", &json!({ "customerId": customer.id })).await;
        let application = match user["applicationId"].as_str() {
            Some(id) => Some(ground.get("applications", &json!({ "applicationId": id })).await),
            None => None,
        };
        Self { customer, path, body, user, application, uploaded }
    }

    /// Puts the customer back to the threshold, or to another state.
    async fn reset(&self, ground: &Ground, state: Option<&str>) {
        let mut user = self.user.clone();
        if let Some(state) = state {
            user["state"] = json!(state);
        }
        ground.put("users", &user).await;
        if let Some(application) = &self.application {
            ground.put("applications", application).await;
        }
    }

    pub async fn play(&self, ground: &Ground, played: &mut Played) {
        let (customer, path) = (&self.customer, self.path);
        self.reset(ground, None).await;
        if self.uploaded {
            self.uploads(ground, played).await;
            self.reset(ground, None).await;
        }
        played.expect("a step", &post(customer, path, &self.body).await, 200..=202);
        played.expect("a wrong request", &post(customer, path, &json!({ "nothing": true })).await, 400..=400);
        self.reset(ground, Some("COMPLETED")).await;
        played.expect("a step at the wrong time", &post(customer, path, &self.body).await, 409..=409);
        self.wait(ground, played).await;
        if path == "/api/user/submit" {
            let progress = format!("/api/user/{}/progress", customer.id);
            let answer = call(&customer.site, "GET", &progress, Some(&customer.token), None, None).await;
            played.expect("the progress", &answer, 200..=200);
        }
    }

    /// A step behind an event of the same customer that is not published yet.
    async fn wait(&self, ground: &Ground, played: &mut Played) {
        self.reset(ground, None).await;
        let next = self.user["sequence"].as_u64().unwrap() + 1;
        let event = Envelope::new(EventType::WorkflowError, "test", "1-a-b", &json!({}));
        let event = event.of_customer(&self.customer.id, None);
        ground.put("outbox", &outbox::customer_row(&event, &self.customer.id, 0)).await;
        played.expect("a step that waits", &post(&self.customer, self.path, &self.body).await, 202..=202);
        for sequence in [0, next] {
            ground.delete("outbox", &json!({ "customerId": self.customer.id, "sequence": sequence })).await;
        }
    }

    /// An application opened, a document put, and one asked for that was not.
    async fn uploads(&self, ground: &Ground, played: &mut Played) {
        let mut user = self.user.clone();
        user.as_object_mut().unwrap().remove("applicationId");
        ground.put("users", &user).await;
        let (announced, put) = upload(&self.customer).await;
        played.expect("an announcement", &announced, 201..=201);
        played.say("an upload", &put, put.starts_with("200"));
        if announced.status == 201 {
            let missing = post(&self.customer, self.path, &processing(&announced.body, 1)).await;
            played.expect("a document that is missing", &missing, 409..=409);
            let id = announced.body["applicationId"].as_str().unwrap();
            ground.delete("applications", &json!({ "applicationId": id })).await;
        }
    }
}
