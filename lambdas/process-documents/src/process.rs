//! `POST /api/documents/process`: each named document is read by its agent, and what was read becomes one step.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::civil::Date;
use process_documents::agents::{AgentName, Document, Extraction, Failure, Media, StoredObject, average};
use process_documents::reader::LIMIT_FILE_BYTES;
use shared::api::{ProcessAnswer, ProcessedDocument, body};
use shared::events::{DocumentsProcessed, Fields};
use shared::http::Problem;
use shared::producer::{Call, Outcome, Planned, Standing};
use shared::progress::{State, Step};
use shared::tables::{ApplicationDocument, ApplicationRow, attribute, text};
use shared::time;

use crate::form;
use crate::function::Function;

/// How many documents are read side by side. Each may be ten megabytes, and the function has 256.
const AT_ONCE: usize = 3;

/// A document that was read.
struct Read {
    id: String,
    document: ApplicationDocument,
    extraction: Extraction,
}

/// Why a document was not read.
enum Unread {
    /// The call is refused: these fields.
    Refused(Problem),
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Unread {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl Function {
    /// Reads the documents and takes the step.
    pub async fn process(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let customer_id = call.customer_id()?.to_owned();
        let (agent, wanted) = match self.wanted(call, &customer_id).await? {
            Ok(wanted) => wanted,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let today = time::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let read: Result<Vec<Read>, Unread> = futures::stream::iter(wanted.documents)
            .map(|(at, id, document)| self.read(agent, at, id, document, today))
            .buffered(AT_ONCE)
            .try_collect()
            .await;
        let read = match read {
            Ok(read) => read,
            Err(Unread::Refused(problem)) => return self.producer.refuse(call, problem).await,
            Err(Unread::Failed(error)) => return Err(error),
        };
        let application_id = wanted.application_id;
        let average_confidence = average(read.iter().map(|read| &read.extraction));
        let answer = ProcessAnswer {
            application_id: application_id.clone(),
            documents: read.iter().map(|read| answered(agent, read)).collect(),
            average_confidence,
        };
        let plan = async |_: &Standing| {
            Ok(Ok(Planned {
                state: State::DocumentsProcessed,
                data: body(&DocumentsProcessed { average_confidence }),
                application_id: Some(application_id.clone()),
                user: vec![("applicationId", Some(text(&application_id)))],
                writes: vec![self.row(&application_id, &customer_id, &read, average_confidence)?],
                status: 200,
                body: body(&answer),
            }))
        };
        self.producer.take(call, Step::ProcessDocuments, plan).await
    }

    /// What a call asks for, held against the customer's state and application.
    async fn wanted(&self, call: &Call<'_>, customer_id: &str) -> anyhow::Result<Result<(AgentName, Wanted), Problem>> {
        let wanted = match form::wanted(&call.body) {
            Ok(wanted) => wanted,
            Err(problem) => return Ok(Err(problem)),
        };
        let agent = match AgentName::chosen(wanted.agent.as_deref(), self.agents.configured) {
            Ok(agent) => agent,
            Err(problem) => return Ok(Err(problem)),
        };
        let row = match self.application(&wanted.application_id, customer_id).await? {
            Ok(row) => row,
            Err(problem) => return Ok(Err(problem)),
        };
        // Reading takes long, so what the step would refuse anyway is refused before it.
        let standing = self.producer.standing(customer_id).await?;
        if !Step::ProcessDocuments.allowed_after(standing.state) {
            return Ok(Err(Problem::state(standing.state.as_str())));
        }
        Ok(of_application(&row, wanted).map(|wanted| (agent, wanted)))
    }

    async fn read(
        &self,
        agent: AgentName,
        at: String,
        id: String,
        document: ApplicationDocument,
        today: Date,
    ) -> Result<Read, Unread> {
        let media =
            Media::of_name(&document.content_type).context("a document has a content type that nothing reads")?;
        agent.must_read(media).map_err(Unread::Refused)?;
        let fetched = if agent.takes_bytes() { self.get(&document).await? } else { self.head(&document).await? };
        let Some((version, bytes)) = fetched else {
            return Err(Unread::Refused(not_uploaded(at)));
        };
        let object = StoredObject { bucket: self.documents.clone(), key: document.object_key.clone(), version };
        let given = Document { media, document_type: document.document_type, object: &object, bytes: &bytes };
        let extraction = match self.agents.extract(agent, &given, today).await {
            Ok(extraction) => extraction,
            Err(Failure::Busy) => {
                let message = "The document agent has too much to do; try again.";
                return Err(Unread::Refused(Problem::new(503, "AGENT_BUSY", message)));
            }
            Err(Failure::Broken(error)) => return Err(Unread::Failed(error)),
        };
        let document = ApplicationDocument {
            version_id: Some(object.version),
            agent: Some(agent.as_str().to_owned()),
            fields: extraction.fields.clone(),
            warnings: extraction.warnings.clone(),
            processed_at: Some(time::text(time::now())),
            ..document
        };
        Ok(Read { id, document, extraction })
    }

    /// An object's version and bytes; none where there is no such object. Its length was signed, and is bounded here too.
    async fn get(&self, document: &ApplicationDocument) -> anyhow::Result<Option<(String, Vec<u8>)>> {
        let found = self.s3.get_object().bucket(&self.documents).key(&document.object_key).send().await;
        let found = match found {
            Ok(found) => found,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(error).context("s3:GetObject of a document failed"),
        };
        let length = usize::try_from(found.content_length().unwrap_or_default()).unwrap_or(usize::MAX);
        anyhow::ensure!(length <= LIMIT_FILE_BYTES, "a document has {length} bytes, which nobody signed");
        let version = found.version_id().context("the documents bucket keeps no versions")?.to_owned();
        let bytes = found.body.collect().await.context("a document was cut off")?.to_vec();
        Ok(Some((version, bytes)))
    }

    /// The same for an agent that fetches the object itself.
    async fn head(&self, document: &ApplicationDocument) -> anyhow::Result<Option<(String, Vec<u8>)>> {
        let found = self.s3.head_object().bucket(&self.documents).key(&document.object_key).send().await;
        match found {
            Ok(found) => {
                let version = found.version_id().context("the documents bucket keeps no versions")?;
                Ok(Some((version.to_owned(), Vec::new())))
            }
            Err(SdkError::ServiceError(error)) if matches!(error.err(), HeadObjectError::NotFound(_)) => Ok(None),
            Err(error) => Err(error).context("s3:GetObject of a document's head failed"),
        }
    }

    fn row(
        &self,
        application_id: &str,
        customer_id: &str,
        read: &[Read],
        average_confidence: f64,
    ) -> anyhow::Result<TransactWriteItem> {
        let mut assignments = vec![
            "#state = :state".to_owned(),
            "averageConfidence = :confidence".to_owned(),
            "updatedAt = :now".to_owned(),
        ];
        let mut update = Update::builder()
            .table_name(&self.applications)
            .key("applicationId", text(application_id))
            .condition_expression("customerId = :customer")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":customer", text(customer_id))
            .expression_attribute_values(":state", text(State::DocumentsProcessed.as_str()))
            .expression_attribute_values(":confidence", attribute(&average_confidence)?)
            .expression_attribute_values(":now", text(time::text(time::now())));
        for (index, read) in read.iter().enumerate() {
            assignments.push(format!("documents.#d{index} = :d{index}"));
            update = update
                .expression_attribute_names(format!("#d{index}"), &read.id)
                .expression_attribute_values(format!(":d{index}"), attribute(&read.document)?);
        }
        // What was decided by other documents holds no longer.
        let expression = format!("SET {} REMOVE kycStatus, riskLevel", assignments.join(", "));
        Ok(TransactWriteItem::builder().update(update.update_expression(expression).build()?).build())
    }
}

/// The documents of a call: where each stands in the request, its id, its row.
struct Wanted {
    application_id: String,
    documents: Vec<(String, String, ApplicationDocument)>,
}

fn of_application(row: &ApplicationRow, wanted: form::Wanted) -> Result<Wanted, Problem> {
    let mut fields = Fields::new();
    let mut documents = Vec::new();
    for (number, id) in wanted.documents.into_iter().enumerate() {
        let at = format!("documents[{number}].documentId");
        match row.documents.get(&id) {
            Some(document) => documents.push((at, id, document.clone())),
            None => drop(fields.insert(at, "is no document of this application".to_owned())),
        }
    }
    if fields.is_empty() {
        Ok(Wanted { application_id: wanted.application_id, documents })
    } else {
        Err(Problem::validation(fields))
    }
}

fn not_uploaded(at: String) -> Problem {
    let message = "The document has not been uploaded yet.";
    let fields = [(at, "has not been uploaded".to_owned())].into();
    Problem { fields, ..Problem::new(409, "DOCUMENT_NOT_UPLOADED", message) }
}

fn answered(agent: AgentName, read: &Read) -> ProcessedDocument {
    ProcessedDocument {
        document_id: read.id.clone(),
        document_type: read.document.document_type.as_str().to_owned(),
        agent: agent.as_str().to_owned(),
        fields: read.extraction.fields.clone(),
        warnings: read.extraction.warnings.clone(),
    }
}
