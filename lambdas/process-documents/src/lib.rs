//! Tiles 2 and 3: documents are announced, uploaded by the customer straight into the bucket, and read.
//!
//! - `POST /api/documents/upload` opens the customer's application, or adds to the one under way, and signs an address per
//!   document: its length, its type, and that nothing is there yet. Addresses are signed for each answer and stored
//!   nowhere.
//! - `POST /api/documents/process` reads the documents with the chosen agent ([`agents`]), each in a pinned version, and
//!   takes the step: what was read goes into the application's row, and an event with the mean confidence goes out. New
//!   documents ask for KYC again, so the last check's result is taken out of the row.
//! - `GET /api/applications/{applicationId}/status` is what a browser asks after a reconnect.
//!
//! What is read from documents is personal: it stays in `DynamoDB` and in the answer. Events and log lines carry ids,
//! counts and confidences.
//!
//! Deliberately absent: looking into images without Textract, and documents that are read by event instead of by call.
//!
//! # Variables
//! Beside those of every producer: `APPLICATIONS_TABLE`, `DOCUMENTS_BUCKET`, `DOCUMENT_AGENT` (`builtin` or `textract`).
//!
//! # Permissions
//! Beside what every producer needs:
//!
//! | action | resource | for |
//! |---|---|---|
//! | `dynamodb:GetItem` | the applications | whose they are, their documents, their status |
//! | `dynamodb:UpdateItem` | the applications | opening one, adding documents, and the step |
//! | `s3:PutObject` | the documents' objects | the signed uploads: they are made with the function's rights |
//! | `s3:GetObject` | the documents' objects | reading them, and Textract's reading on the function's behalf |
//! | `s3:GetObjectVersion` | the documents' objects | Textract's reading of the pinned version |
//! | `s3:ListBucket` | the documents bucket | without it a document that is not there is a denial |
//! | `textract:AnalyzeID`, `textract:AnalyzeDocument` | all (Textract knows no resource here) | the agent `textract` |
//!
//! # The PDF reader
//! PDFs are read in a process of their own ([`reader`]): the program starts itself once more, with limits on memory and
//! time.

pub mod agents;
mod applications;
pub mod function;
mod handler;
mod processing;
pub mod reader;
#[cfg(test)]
mod recorded;
mod requests;
pub mod store;
