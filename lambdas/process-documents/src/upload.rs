//! `POST /api/documents/upload`: documents are announced, and each gets an address where the browser puts it by itself.
//!
//! The address is good for one object of the announced length and type that is not there yet: all three are signed.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use aws_sdk_s3::presigning::PresigningConfig;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::api::Upload;
use shared::http::Problem;
use shared::producer::{Call, Outcome};
use shared::progress::Step;
use shared::tables::{ApplicationDocument, attribute, number, text};
use shared::time;
use uuid::Uuid;

use crate::form::{self, Announced};
use crate::function::Function;

/// How long an address is good for.
const ADDRESS_LIVES: Duration = Duration::from_mins(15);

/// How many documents an application has at most.
const LIMIT_APPLICATION_DOCUMENTS: usize = 30;

/// A document as the remembered outcome has it: what signing needs, and no address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Remembered {
    document_id: String,
    content_type: String,
    size_bytes: i64,
}

/// Where a document is put.
fn object_key(customer_id: &str, application_id: &str, document_id: &str) -> String {
    format!("{customer_id}/{application_id}/{document_id}")
}

impl Function {
    /// Writes the documents onto the customer's application, which is opened where there is none.
    pub async fn upload(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let announced = match form::announced(&call.body) {
            Ok(announced) => announced,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let customer_id = call.customer_id()?.to_owned();
        let standing = self.producer.standing(&customer_id).await?;
        if !Step::ProcessDocuments.allowed_after(standing.state) {
            return self.producer.refuse(call, Problem::state(standing.state.as_str())).await;
        }
        let application_id = match standing.application_id {
            Some(application_id) => application_id,
            None => self.open(&customer_id).await?,
        };
        let documents: Vec<(String, Announced)> =
            announced.into_iter().map(|document| (Uuid::new_v4().to_string(), document)).collect();
        if !self.write(&customer_id, &application_id, &documents).await? {
            let message = format!("must not bring the application to more than {LIMIT_APPLICATION_DOCUMENTS}");
            let problem = Problem::validation([("documents".to_owned(), message)].into());
            return self.producer.refuse(call, problem).await;
        }
        let uploads: Vec<Remembered> = documents
            .into_iter()
            .map(|(document_id, document)| Remembered {
                document_id,
                content_type: document.media.as_str().to_owned(),
                // At most ten megabytes.
                size_bytes: i64::try_from(document.size_bytes).unwrap_or(i64::MAX),
            })
            .collect();
        let outcome = Outcome::done(201, json!({ "applicationId": application_id, "uploads": uploads }));
        self.producer.settle(call, &outcome).await?;
        Ok(outcome)
    }

    /// The customer's application. A customer has one, however many calls ask for it at once.
    async fn open(&self, customer_id: &str) -> anyhow::Result<String> {
        let opened = self
            .producer
            .dynamodb
            .update_item()
            .table_name(&self.producer.users)
            .key("customerId", text(customer_id))
            .update_expression("SET applicationId = if_not_exists(applicationId, :new)")
            .condition_expression("attribute_exists(customerId)")
            .expression_attribute_values(":new", text(Uuid::new_v4().to_string()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .context("dynamodb:UpdateItem on the users table failed")?;
        let id = opened.attributes.as_ref().and_then(|row| row.get("applicationId")?.as_s().ok());
        id.cloned().context("the customer's application came back without its id")
    }

    /// Whether there was room for the documents.
    async fn write(
        &self,
        customer_id: &str,
        application_id: &str,
        documents: &[(String, Announced)],
    ) -> anyhow::Result<bool> {
        let now = time::text(time::now());
        let update = || {
            let update = self.producer.dynamodb.update_item().table_name(&self.applications);
            update.key("applicationId", text(application_id))
        };
        // The map has to be there before anything can be put into it.
        update()
            .update_expression(
                "SET documents = if_not_exists(documents, :none), customerId = if_not_exists(customerId, :customer), \
                 createdAt = if_not_exists(createdAt, :now), updatedAt = :now",
            )
            .expression_attribute_values(":none", AttributeValue::M(std::collections::HashMap::new()))
            .expression_attribute_values(":customer", text(customer_id))
            .expression_attribute_values(":now", text(&now))
            .send()
            .await
            .context("dynamodb:UpdateItem on the applications table failed")?;
        let room = LIMIT_APPLICATION_DOCUMENTS - documents.len();
        let mut filling = update()
            .condition_expression("size(documents) <= :room")
            .expression_attribute_values(":room", number(room));
        let mut assignments = Vec::new();
        for (index, (id, document)) in documents.iter().enumerate() {
            assignments.push(format!("documents.#d{index} = :d{index}"));
            filling = filling.expression_attribute_names(format!("#d{index}"), id).expression_attribute_values(
                format!(":d{index}"),
                attribute(&row(object_key(customer_id, application_id, id), document))?,
            );
        }
        let sent = filling.update_expression(format!("SET {}", assignments.join(", "))).send().await;
        match sent {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(error).context("dynamodb:UpdateItem on the applications table failed"),
        }
    }

    /// Puts addresses into an answer.
    pub async fn sign(&self, customer_id: &str, body: &mut Value) -> anyhow::Result<()> {
        let application_id = body["applicationId"].as_str().unwrap_or_default().to_owned();
        let remembered: Vec<Remembered> = serde_json::from_value(body["uploads"].take())?;
        let expires_at = time::seconds() + i64::try_from(ADDRESS_LIVES.as_secs()).unwrap_or(i64::MAX);
        let mut uploads = Vec::new();
        for document in remembered {
            let signed = self
                .s3
                .put_object()
                .bucket(&self.documents)
                .key(object_key(customer_id, &application_id, &document.document_id))
                .content_type(&document.content_type)
                .content_length(document.size_bytes)
                .if_none_match("*")
                .presigned(PresigningConfig::expires_in(ADDRESS_LIVES)?)
                .await
                .context("an upload can't be signed")?;
            // Clients send host and length by themselves, and browsers let nobody else set them.
            let headers: BTreeMap<String, String> = signed
                .headers()
                .filter(|(name, _)| !matches!(*name, "host" | "content-length"))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            uploads.push(Upload {
                document_id: document.document_id,
                url: signed.uri().to_owned(),
                headers,
                expires_at: time::text_of_seconds(expires_at),
            });
        }
        body["uploads"] = serde_json::to_value(uploads)?;
        Ok(())
    }
}

fn row(object_key: String, document: &Announced) -> ApplicationDocument {
    ApplicationDocument {
        document_type: document.document_type,
        file_name: document.file_name.clone(),
        content_type: document.media.as_str().to_owned(),
        size_bytes: document.size_bytes,
        object_key,
        version_id: None,
        agent: None,
        fields: Vec::new(),
        warnings: Vec::new(),
        processed_at: None,
    }
}
