//! An HTTP client for tests: it answers with recorded answers in their order and keeps what it was asked. (The SDK's own
//! one is behind a feature that would have every SDK crate compiled twice, for the tests and for the functions in them.)

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// A recorded answer: status, headers, body.
pub type Answer = (u16, Vec<(&'static str, &'static str)>, String);

/// The client.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    answers: Arc<Mutex<std::collections::VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Recorded {
    /// A client with these answers.
    pub fn new(answers: Vec<Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into())), asked: Arc::default() }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl HttpConnector for Recorded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.asked.lock().unwrap().push(request);
        let Some((status, headers, body)) = self.answers.lock().unwrap().pop_front() else {
            return HttpConnectorFuture::ready(Err(ConnectorError::other("no answer is left".into(), None)));
        };
        let mut response = HttpResponse::new(status.try_into().unwrap(), body.into());
        for (name, value) in headers {
            response.headers_mut().insert(name, value);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Recorded {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
