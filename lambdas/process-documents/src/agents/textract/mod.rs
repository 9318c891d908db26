//! Amazon Textract as an agent: `AnalyzeID` for what proves an identity, `AnalyzeDocument` with `FORMS` for the rest.
//! Textract fetches the object itself, by bucket, name and pinned version.
//!
//! What it calls a field becomes the platform's, with its confidence as a fraction. A machine-readable zone among its
//! lines is read like any other, so that its check digits count here too.

mod forms;
mod identity;

use std::time::Duration;

use anyhow::anyhow;
use aws_config::SdkConfig;
use aws_sdk_textract::Client;
use aws_sdk_textract::config::timeout::TimeoutConfig;
use aws_sdk_textract::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_textract::types::{Block, BlockType, Document as Request, FeatureType, S3Object};
use jiff::civil::Date;

use super::builtin::{labels, zone};
use super::{Document, Extraction, Failure, StoredObject};

/// How long Textract may take for one document. The HTTP API waits thirty seconds for everything.
const DEADLINE: Duration = Duration::from_secs(20);

/// Amazon Textract.
#[derive(Clone, Debug)]
pub struct Textract {
    client: Client,
}

impl Textract {
    /// An agent that calls with these settings, but waits longer than for other services.
    pub fn new(config: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(DEADLINE).operation_timeout(DEADLINE).build();
        let config = aws_sdk_textract::config::Builder::from(config).timeout_config(timeouts).build();
        Self { client: Client::from_conf(config) }
    }

    /// Has a document read.
    pub async fn extract(&self, document: &Document<'_>, today: Date) -> Result<Extraction, Failure> {
        let request = request(document.object);
        let mut extraction = Extraction::default();
        let refusal = if document.document_type.proves_identity() {
            match self.client.analyze_id().document_pages(request).send().await {
                Ok(answer) => {
                    identity::map(answer.identity_documents(), today, &mut extraction);
                    None
                }
                Err(error) => Some(judge("AnalyzeID", &error)?),
            }
        } else {
            let call = self.client.analyze_document().document(request).feature_types(FeatureType::Forms);
            match call.send().await {
                Ok(answer) => {
                    forms::map(answer.blocks(), today, &mut extraction);
                    None
                }
                Err(error) => Some(judge("AnalyzeDocument", &error)?),
            }
        };
        if let Some(refusal) = refusal {
            extraction.warn(refusal);
        } else if extraction.fields.is_empty() && extraction.warnings.is_empty() {
            extraction.warn("Amazon Textract found nothing that is known");
        }
        Ok(extraction)
    }
}

fn request(object: &StoredObject) -> Request {
    let object = S3Object::builder().bucket(&object.bucket).name(&object.key).version(&object.version).build();
    Request::builder().s3_object(object).build()
}

/// What an error says about the document, or that it is none about the document. Source: Amazon Textract API Reference,
/// "`AnalyzeID`" and "`AnalyzeDocument`".
fn judge<E, R>(operation: &str, error: &SdkError<E, R>) -> Result<&'static str, Failure>
where
    E: ProvideErrorMetadata,
{
    match error.code() {
        Some("UnsupportedDocumentException") => {
            Ok("Amazon Textract does not read this file: it takes PNG, JPEG and PDFs of one page")
        }
        Some("BadDocumentException") => {
            Ok("Amazon Textract can't read the document: the file is damaged or has no page")
        }
        Some("DocumentTooLargeException") => Ok("the document is too large for Amazon Textract: 10 MB at most"),
        Some("ThrottlingException" | "ProvisionedThroughputExceededException" | "LimitExceededException") => {
            Err(Failure::Busy)
        }
        // The message names no value: it is about the request or our rights.
        Some(code) => Err(Failure::Broken(anyhow!(
            "textract:{operation} failed: {code}: {}",
            error.message().unwrap_or("no message")
        ))),
        None if matches!(error, SdkError::TimeoutError(_)) => Err(Failure::Busy),
        None => Err(Failure::Broken(anyhow!("textract:{operation} failed: {error}"))),
    }
}

/// Adds what a machine-readable zone among the lines says.
fn read_zone(blocks: &[Block], today: Date, into: &mut Extraction) {
    let lines: Vec<&str> =
        blocks.iter().filter(|block| block.block_type() == Some(&BlockType::Line)).filter_map(Block::text).collect();
    zone::extract(&lines.join("\n"), today, into);
}

/// Adds a value under its label, if both are known.
fn put(label: &str, value: &str, confidence: f64, into: &mut Extraction) {
    if let Some(name) = labels::field_of(label) {
        super::builtin::form::put(name, value, confidence, into);
    }
}

/// A confidence in percent as a fraction.
fn fraction(percent: Option<f32>) -> f64 {
    f64::from(percent.unwrap_or(0.0).clamp(0.0, 100.0)) / 100.0
}

#[cfg(test)]
mod tests;
