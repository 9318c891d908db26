//! Reading the documents of one request: fetched, handed to the agent, some at a time.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Context as _;
use futures::StreamExt as _;
use jiff::civil::Date;
use shared::api::ProcessedDocument;
use shared::http::Problem;
use shared::log::Line;
use shared::tables::{ApplicationDocument, ApplicationRow};
use shared::time;

use crate::agents::{AgentName, Document, Extraction, Failure, Media};
use crate::function::Function;

/// How many documents are in memory at once.
const AT_ONCE: usize = 3;

/// A document that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Processed {
    /// Its id.
    pub id: String,
    /// Its entry in the application.
    pub document: ApplicationDocument,
}

impl Processed {
    /// As the answer has it.
    pub fn into_answer(self) -> ProcessedDocument {
        ProcessedDocument {
            document_id: self.id,
            document_type: self.document.document_type.as_str().to_owned(),
            agent: self.document.agent.unwrap_or_default(),
            fields: self.document.fields,
            warnings: self.document.warnings,
        }
    }
}

/// A document of the application that is to be read.
struct Wanted<'a> {
    id: &'a str,
    document: &'a ApplicationDocument,
    media: Media,
}

/// What reading one document came to.
enum Read {
    Processed(Box<Processed>),
    /// It was announced and never uploaded.
    Missing,
    Busy,
}

impl Function {
    /// Reads documents of an application; a refusal where one of them is not there or the agent can't read it.
    pub async fn read(
        &self,
        application: &ApplicationRow,
        ids: &[String],
        agent: AgentName,
        trace_id: &str,
    ) -> anyhow::Result<Result<Vec<Processed>, Problem>> {
        let wanted = match wanted(application, ids, (agent, &self.agents.enabled)) {
            Ok(wanted) => wanted,
            Err(problem) => return Ok(Err(problem)),
        };
        let today = time::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let read: Vec<anyhow::Result<Read>> = futures::stream::iter(&wanted)
            .map(|wanted| self.read_one(wanted, agent, today, trace_id))
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut processed = Vec::with_capacity(read.len());
        let mut missing = BTreeMap::new();
        for (index, read) in read.into_iter().enumerate() {
            match read? {
                Read::Processed(document) => processed.push(*document),
                Read::Missing => {
                    missing.insert(format!("documents[{index}].documentId"), "was not uploaded".to_owned());
                }
                Read::Busy => return Ok(Err(busy(agent))),
            }
        }
        Ok(if missing.is_empty() { Ok(processed) } else { Err(not_uploaded(missing)) })
    }

    async fn read_one(
        &self,
        wanted: &Wanted<'_>,
        agent: AgentName,
        today: Date,
        trace_id: &str,
    ) -> anyhow::Result<Read> {
        let started = Instant::now();
        let key = &wanted.document.object_key;
        let found = if agent.takes_bytes() { self.store.read(key).await? } else { self.store.find(key).await? };
        let Some(stored) = found else {
            return Ok(Read::Missing);
        };
        let document = Document {
            media: wanted.media,
            document_type: wanted.document.document_type,
            object: &stored.object,
            bytes: &stored.bytes,
        };
        let extraction = match self.agents.extract(agent, &document, today).await {
            Ok(extraction) => extraction,
            Err(Failure::Busy) => return Ok(Read::Busy),
            Err(Failure::Broken(error)) => {
                return Err(error).with_context(|| format!("the agent {} failed", agent.as_str()));
            }
        };
        let line = Line::info("document read").trace(trace_id).field("documentId", wanted.id);
        line.field("agent", agent.as_str())
            .field("fields", extraction.fields.len())
            .field("warnings", extraction.warnings.len())
            .duration(started)
            .write();
        Ok(Read::Processed(Box::new(entry(wanted, agent, stored.object.version, extraction))))
    }
}

fn entry(wanted: &Wanted<'_>, agent: AgentName, version: String, extraction: Extraction) -> Processed {
    let document = ApplicationDocument {
        version_id: Some(version),
        agent: Some(agent.as_str().to_owned()),
        fields: extraction.fields,
        warnings: extraction.warnings,
        processed_at: Some(time::text(time::now())),
        ..wanted.document.clone()
    };
    Processed { id: wanted.id.to_owned(), document }
}

/// The documents by their ids, if the application has them all and the agent can read them all.
fn wanted<'a>(
    application: &'a ApplicationRow,
    ids: &'a [String],
    (agent, enabled): (AgentName, &[AgentName]),
) -> Result<Vec<Wanted<'a>>, Problem> {
    let mut wanted = Vec::with_capacity(ids.len());
    let mut unknown = BTreeMap::new();
    for (index, id) in ids.iter().enumerate() {
        let document = application.documents.get(id);
        let media = document.and_then(|document| Media::of_name(&document.content_type));
        if let (Some(document), Some(media)) = (document, media) {
            wanted.push(Wanted { id, document, media });
        } else {
            unknown.insert(format!("documents[{index}].documentId"), "is no document of this application".to_owned());
        }
    }
    if !unknown.is_empty() {
        return Err(Problem::validation(unknown));
    }
    wanted.iter().try_for_each(|wanted| agent.must_read(wanted.media, enabled))?;
    Ok(wanted)
}

fn not_uploaded(fields: BTreeMap<String, String>) -> Problem {
    let message = "Some documents were announced but not uploaded; upload them and try again.";
    Problem { fields, ..Problem::new(409, "DOCUMENTS_MISSING", message) }
}

fn busy(agent: AgentName) -> Problem {
    let message = format!("The agent {} has too much to do; try again in a moment.", agent.as_str());
    Problem::new(503, "AGENT_BUSY", &message)
}

#[cfg(test)]
mod tests {
    use shared::tables::DocumentType;

    use super::*;

    fn document(content_type: &str) -> ApplicationDocument {
        ApplicationDocument {
            document_type: DocumentType::Passport,
            file_name: "passport".into(),
            content_type: content_type.into(),
            size_bytes: 90,
            object_key: "c-1/a-1/d-1".into(),
            version_id: None,
            agent: None,
            fields: Vec::new(),
            warnings: Vec::new(),
            processed_at: None,
        }
    }

    fn application() -> ApplicationRow {
        serde_json::from_value(serde_json::json!({
            "applicationId": "a-1",
            "customerId": "c-1",
            "documents": { "d-1": document("text/plain"), "d-2": document("image/png") },
        }))
        .unwrap()
    }

    fn refused(ids: &[&str], agent: AgentName) -> Vec<String> {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        wanted(&application(), &ids, (agent, &AgentName::ALL))
            .map_or_else(|problem| problem.fields.into_keys().collect(), |_| Vec::new())
    }

    #[test]
    fn every_document_must_be_known_and_readable() {
        for (ids, agent, expected) in [
            (["d-1"].as_slice(), AgentName::Builtin, vec![]),
            (&["d-2"], AgentName::Textract, vec![]),
            (&["d-1", "d-2"], AgentName::Builtin, vec!["agent"]),
            (&["d-1"], AgentName::Textract, vec!["agent"]),
            (&["d-9", "d-1", "d-8"], AgentName::Builtin, vec!["documents[0].documentId", "documents[2].documentId"]),
        ] {
            assert_eq!(refused(ids, agent), expected, "{ids:?}");
        }
    }

    #[test]
    fn an_entry_keeps_what_was_announced() {
        let application = application();
        let announced = &application.documents["d-1"];
        let wanted = Wanted { id: "d-1", document: announced, media: Media::Text };
        let mut extraction = Extraction::default();
        extraction.add("surname", "Doe", 0.8);
        let processed = entry(&wanted, AgentName::Builtin, "v-7".into(), extraction);
        assert_eq!(processed.document.object_key, announced.object_key);
        assert_eq!(processed.document.version_id.as_deref(), Some("v-7"));
        let answer = processed.into_answer();
        assert_eq!((answer.document_type.as_str(), answer.agent.as_str()), ("PASSPORT", "builtin"));
        assert_eq!(answer.fields.len(), 1);
    }

    #[test]
    fn refusals_say_what_to_do() {
        let problem = not_uploaded([("documents[1].documentId".to_owned(), "was not uploaded".to_owned())].into());
        assert_eq!((problem.status, problem.code.as_str()), (409, "DOCUMENTS_MISSING"));
        assert_eq!(busy(AgentName::Textract).status, 503);
    }
}
