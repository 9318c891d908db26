//! The routes of tiles 2 and 3 and what each comes to.

use std::cell::RefCell;

use anyhow::Context as _;
use serde_json::{Value, json};
use shared::api::{ProcessAnswer, StatusAnswer, Upload, body};
use shared::events::DocumentsProcessed;
use shared::http::Problem;
use shared::producer::{Access, Call, Outcome, Payload, Planned, Producer, Route, Service, Standing};
use shared::progress::{State, Step};
use shared::tables::{ApplicationDocument, ApplicationRow, text};
use uuid::Uuid;

use crate::agents::{AgentName, average};
use crate::applications::{self, Documents};
use crate::function::Function;
use crate::processing::Processed;
use crate::requests::{self, Announced};

const UPLOAD: &str = "/api/documents/upload";
const PROCESS: &str = "/api/documents/process";
const STATUS: &str = "/api/applications/{applicationId}/status";

impl Service for Function {
    const ROUTES: &'static [Route] = &[
        Route { method: "POST", path: UPLOAD, access: Access::Session, payload: Payload::Json },
        Route { method: "POST", path: PROCESS, access: Access::Session, payload: Payload::Json },
        Route { method: "GET", path: STATUS, access: Access::Session, payload: Payload::Read },
    ];

    fn producer(&self) -> &Producer {
        &self.producer
    }

    fn tables_by_application(&self) -> Vec<&str> {
        vec![&self.applications]
    }

    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        match call.route.path {
            UPLOAD => self.upload(call).await,
            PROCESS => self.process(call).await,
            _ => self.status(call).await,
        }
    }

    /// Upload addresses are signed for each answer.
    async fn finish(&self, call: &mut Call<'_>, body: &mut Value) -> anyhow::Result<()> {
        if call.route.path != UPLOAD {
            return Ok(());
        }
        body["uploads"] = shared::api::body(&self.signed(call, body).await?);
        Ok(())
    }
}

impl Function {
    async fn upload(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let announced = match requests::announced(&call.body) {
            Ok(announced) => announced,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let customer_id = call.customer_id()?.to_owned();
        let standing = self.producer.standing(call).await?;
        if !Step::ProcessDocuments.allowed_after(standing.state) {
            return self.producer.refuse(call, Problem::state(standing.state.as_str())).await;
        }
        let ids: Vec<String> = announced.iter().map(|_| Uuid::new_v4().to_string()).collect();
        let (client, table) = (&self.producer.dynamodb, self.applications.as_str());
        let application_id = match standing.application_id {
            Some(application_id) => application_id,
            None => applications::claim(client, &self.producer.users, &customer_id).await?,
        };
        let documents = documents(&customer_id, &application_id, &ids, &announced);
        let of = (customer_id.as_str(), application_id.as_str());
        if let Err(problem) = applications::add(client, table, of, documents).await? {
            return self.producer.refuse(call, problem).await;
        }
        let uploads: Vec<Value> = ids.iter().map(|id| json!({ "documentId": id })).collect();
        let outcome = Outcome::done(201, json!({ "applicationId": application_id, "uploads": uploads }));
        self.producer.settle(call, &outcome).await?;
        Ok(outcome)
    }

    async fn process(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let asked = requests::processing(&call.body).and_then(|request| {
            AgentName::chosen(request.agent.as_deref(), self.agents.configured, &self.agents.enabled)
                .map(|agent| (request, agent))
        });
        let (request, agent) = match asked {
            Ok(asked) => asked,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let trace_id = call.trace_id.clone();
        // A plan that was overtaken is made again; the documents need not be read again for it.
        let read: RefCell<Option<Vec<Processed>>> = RefCell::new(None);
        let plan = async |_: &Standing, application: ApplicationRow, _| {
            let known = read.borrow().clone();
            let processed = match known {
                Some(processed) => processed,
                None => match self.read(&application, &request.document_ids, agent, &trace_id).await? {
                    Ok(processed) => processed,
                    Err(problem) => return Ok(Err(problem)),
                },
            };
            *read.borrow_mut() = Some(processed.clone());
            Ok(Ok(self.planned(&application, processed)?))
        };
        let on = (request.application_id.as_str(), &*self.tables_by_application());
        self.producer.take_on(call, Step::ProcessDocuments, on, plan).await
    }

    /// The step: what was read goes into the row, its mean confidence into row, event and answer.
    fn planned(&self, application: &ApplicationRow, processed: Vec<Processed>) -> anyhow::Result<Planned> {
        let read: Documents =
            processed.iter().map(|document| (document.id.clone(), document.document.clone())).collect();
        let others = application.processed().filter(|(id, _)| !read.contains_key(*id)).map(|(_, document)| document);
        let average_confidence =
            average(read.values().chain(others).flat_map(|document: &ApplicationDocument| &document.fields));
        let application_id = application.application_id.clone();
        let answer = ProcessAnswer {
            application_id: application_id.clone(),
            documents: processed.into_iter().map(Processed::into_answer).collect(),
            average_confidence,
        };
        Ok(Planned {
            state: State::DocumentsProcessed,
            data: body(&DocumentsProcessed { average_confidence }),
            application_id: Some(application_id.clone()),
            user: vec![("applicationId", Some(text(&application_id)))],
            writes: vec![applications::moved_on(&self.applications, &application_id, &read, average_confidence)?],
            status: 200,
            body: body(&answer),
        })
    }

    async fn status(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let customer_id = call.customer_id()?;
        let application = match self.producer.application(customer_id, &self.applications, call.parameter).await? {
            Ok(application) => application,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let answer = StatusAnswer {
            application_id: application.application_id,
            // Nobody opens an application before tile 1.
            status: application.state.unwrap_or(State::UserInfoSubmitted),
            average_confidence: application.average_confidence,
            kyc_status: application.kyc_status,
            risk_level: application.risk_level,
            policy_id: application.policy_id,
            updated_at: application.updated_at.or(application.created_at).unwrap_or_default(),
        };
        Ok(Outcome::done(200, body(&answer)))
    }

    /// The addresses of an outcome's documents, which are those of the body, in their order.
    async fn signed(&self, call: &Call<'_>, outcome: &Value) -> anyhow::Result<Vec<Upload>> {
        let announced = requests::announced(&call.body)
            .map_err(|_| anyhow::anyhow!("an upload that was accepted is refused now"))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let ids: Vec<String> =
            outcome["uploads"].as_array().into_iter().flatten().map(|upload| text(&upload["documentId"])).collect();
        anyhow::ensure!(ids.len() == announced.len(), "an upload's outcome has other documents than its request");
        let documents = documents(call.customer_id()?, &text(&outcome["applicationId"]), &ids, &announced);
        let mut uploads = Vec::new();
        for id in &ids {
            let document = documents.get(id).context("a document without an entry")?;
            uploads.push(self.store.sign(id, document).await?);
        }
        Ok(uploads)
    }
}

/// The entries of announced documents.
fn documents(customer_id: &str, application_id: &str, ids: &[String], announced: &[Announced]) -> Documents {
    let entry = |id: &String, announced: &Announced| ApplicationDocument {
        document_type: announced.document_type,
        file_name: announced.file_name.clone(),
        content_type: announced.media.as_str().to_owned(),
        size_bytes: announced.size_bytes,
        object_key: format!("{customer_id}/{application_id}/{id}"),
        version_id: None,
        agent: None,
        fields: Vec::new(),
        warnings: Vec::new(),
        processed_at: None,
    };
    ids.iter().zip(announced).map(|(id, announced)| (id.clone(), entry(id, announced))).collect()
}
