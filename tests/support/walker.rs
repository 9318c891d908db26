//! A customer who walks step by step, each call under a trace id of its own.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::customer::{Answer, Customer};

/// A customer on the way through the tiles.
pub struct Walker {
    pub customer: Customer,
    client: reqwest::Client,
}

/// An application with a document that was put where the upload said.
#[derive(Clone, Debug)]
pub struct Uploaded {
    pub application: String,
    pub document: String,
}

impl Uploaded {
    /// The body of the steps that name the application only.
    pub fn named(&self) -> Value {
        json!({ "applicationId": self.application })
    }

    /// The body of `documents/process`.
    pub fn read(&self) -> Value {
        json!({ "applicationId": self.application, "documents": [{ "documentId": self.document }] })
    }
}

/// A trace id in X-Ray's form.
pub fn new_trace() -> String {
    format!("1-{:08x}-{:024x}", jiff::Timestamp::now().as_second(), rand::random::<u128>() >> 32)
}

impl Walker {
    /// Opens a session.
    pub async fn new(site: &str) -> Self {
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(45)).build().unwrap();
        Self { customer: Customer::new(site).await, client }
    }

    /// Calls a route with the customer's token and further headers.
    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.customer.site));
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        let mut all = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let mut add = |name: &str, value: &str| {
            all.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        };
        add("authorization", &format!("Bearer {}", self.customer.token));
        for (name, value) in headers {
            add(name, value);
        }
        let response = request.headers(all).send().await.unwrap();
        Answer { status: response.status().as_u16(), body: response.json().await.unwrap_or(Value::Null) }
    }

    /// Posts a body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], Some(body)).await
    }

    /// Posts a body that must be taken; the answer's body.
    pub async fn must(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Value {
        let answer = self.call("POST", path, headers, Some(body)).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        answer.body
    }

    /// Announces a passport as a text file and puts it where the answer says.
    pub async fn upload(&self, file_name: &str, text: &str) -> Uploaded {
        let announced = json!({ "documents": [{
            "documentType": "PASSPORT", "fileName": file_name, "contentType": "text/plain", "sizeBytes": text.len() }] });
        let upload = self.must("/api/documents/upload", &announced, &[]).await;
        let mut request = self.client.put(upload["uploads"][0]["url"].as_str().unwrap()).body(text.to_owned());
        for (name, value) in upload["uploads"][0]["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Uploaded { application: text(&upload["applicationId"]), document: text(&upload["uploads"][0]["documentId"]) }
    }
}
