//! A customer in the state in which a route would take a good body, and somebody else's application beside.

use serde_json::{Value, json};

use super::Route;
use crate::load::driver::{document, put};
use crate::support::customer::{Customer, call};

/// What a good request names.
#[derive(Clone, Debug)]
pub struct World {
    pub customer: String,
    pub token: String,
    pub application: String,
    pub document: String,
    /// Somebody else.
    pub stranger: String,
    pub strangers_application: String,
}

/// The customers' addresses: no mail may ever go there.
pub const DOMAIN: &str = "bad-bodies.example";

impl World {
    /// Walks a customer as far as the route needs.
    pub async fn new(site: &str, route: Route) -> Self {
        let walk = match route {
            Route::Session | Route::Ticket => 0,
            Route::Submit | Route::Progress => 1,
            Route::Upload | Route::Process | Route::Status => 2,
            Route::Verify => 3,
            Route::Recommend => 4,
            Route::Select => 5,
        };
        let mut world = walked(site, walk).await;
        if walk >= 1 {
            let stranger = walked(site, if walk >= 2 { 2 } else { 1 }).await;
            (world.stranger, world.strangers_application) = (stranger.customer, stranger.application);
        }
        world
    }
}

async fn walked(site: &str, steps: usize) -> World {
    let customer = Customer::new(site).await;
    let post = async |path: &str, body: Value| {
        let answer = call(site, "POST", path, Some(&customer.token), None, Some(body)).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        answer.body
    };
    let (mut application, mut uploaded) = (String::new(), String::new());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for step in 1..=steps {
        match step {
            1 => drop(post("/api/user/submit", information()).await),
            2 => {
                let size = document().len();
                let announced = json!({ "documents": [{
                    "documentType": "PASSPORT", "fileName": "a.txt", "contentType": "text/plain", "sizeBytes": size }] });
                let upload = post("/api/documents/upload", announced).await;
                application = text(&upload["applicationId"]);
                uploaded = text(&upload["uploads"][0]["documentId"]);
                put(&reqwest::Client::new(), &upload["uploads"][0], &document()).await;
            }
            3 => {
                let documents = json!([{ "documentId": uploaded }]);
                let body = json!({ "applicationId": application, "documents": documents });
                drop(post("/api/documents/process", body).await);
            }
            4 => drop(post("/api/kyc/verify", json!({ "applicationId": application })).await),
            _ => drop(post("/api/policy/recommend", json!({ "applicationId": application })).await),
        }
    }
    World {
        customer: customer.id,
        token: customer.token,
        application,
        document: uploaded,
        stranger: String::new(),
        strangers_application: String::new(),
    }
}

/// What the first tile is given.
pub fn information() -> Value {
    json!({
        "email": format!("anna@{DOMAIN}"), "firstName": "Anna Maria", "lastName": "Eriksson",
        "dateOfBirth": "1974-08-12", "phoneNumber": "+442071838750",
        "address": { "street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB" },
    })
}
