//! The documents in their bucket: a signed address for each upload, and reading what was uploaded, version pinned.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use shared::api::{LIMIT_DOCUMENT_BYTES, Upload};
use shared::tables::ApplicationDocument;
use shared::time;

use crate::agents::StoredObject;

/// How long an upload's address is good for.
const UPLOAD_LASTS: Duration = Duration::from_mins(15);

/// How long reading a document may take.
const READ_DEADLINE: Duration = Duration::from_secs(10);

/// The documents' bucket.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    bucket: String,
}

/// What was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Where it lies.
    pub object: StoredObject,
    /// Its bytes; empty where only its version was asked for.
    pub bytes: Vec<u8>,
}

impl Store {
    /// A store in a bucket.
    pub fn new(config: &SdkConfig, bucket: String) -> Self {
        let config = aws_sdk_s3::config::Builder::from(config)
            // Path style is served by every S3 endpoint, host style only where names below it resolve. Source: Amazon
            // S3 User Guide, "Virtual hosting of general purpose buckets".
            .force_path_style(true)
            // A signed address must not ask for a checksum of a body that nobody has yet.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        Self { client: Client::from_conf(config), bucket }
    }

    /// Signs the upload of a document: its length and type, and that nothing is there yet.
    pub async fn sign(&self, document_id: &str, document: &ApplicationDocument) -> anyhow::Result<Upload> {
        let signed = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(&document.object_key)
            .content_type(&document.content_type)
            .content_length(i64::try_from(document.size_bytes)?)
            .if_none_match("*")
            .presigned(PresigningConfig::expires_in(UPLOAD_LASTS)?)
            .await
            .context("an upload can't be signed")?;
        // Every client sends length and host by itself, and a browser allows no one else to.
        let headers: BTreeMap<String, String> = signed
            .headers()
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("host"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let ends = time::seconds() + i64::try_from(UPLOAD_LASTS.as_secs())?;
        Ok(Upload {
            document_id: document_id.to_owned(),
            url: signed.uri().to_owned(),
            headers,
            expires_at: time::text_of_seconds(ends),
        })
    }

    /// The version of a document; nothing where it was not uploaded.
    pub async fn find(&self, key: &str) -> anyhow::Result<Option<Stored>> {
        let sent = self.client.head_object().bucket(&self.bucket).key(key).send().await;
        let Some(head) = present(sent, "HeadObject")? else {
            return Ok(None);
        };
        Ok(Some(Stored { object: self.object(key, head.version_id()), bytes: Vec::new() }))
    }

    /// A document with its bytes; nothing where it was not uploaded.
    pub async fn read(&self, key: &str) -> anyhow::Result<Option<Stored>> {
        let read = async {
            let sent = self.client.get_object().bucket(&self.bucket).key(key).send().await;
            let Some(mut found) = present(sent, "GetObject")? else {
                return Ok(None);
            };
            let object = self.object(key, found.version_id());
            let mut bytes = Vec::new();
            while let Some(chunk) = found.body.try_next().await.context("a document was cut off")? {
                // Its length was signed, so only an object that came another way is larger.
                anyhow::ensure!(
                    (bytes.len() + chunk.len()) as u64 <= LIMIT_DOCUMENT_BYTES,
                    "an object of the documents bucket is larger than any upload"
                );
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(Stored { object, bytes }))
        };
        tokio::time::timeout(READ_DEADLINE, read).await.context("reading a document takes too long")?
    }

    fn object(&self, key: &str, version: Option<&str>) -> StoredObject {
        // `null` is how S3 names the one version of an object in a bucket that keeps none.
        let version = version.unwrap_or("null").to_owned();
        StoredObject { bucket: self.bucket.clone(), key: key.to_owned(), version }
    }
}

/// What was found, or nothing. An answer to HEAD has no body that would name the error.
fn present<T, E>(
    sent: Result<T, SdkError<E, aws_sdk_s3::config::http::HttpResponse>>,
    operation: &'static str,
) -> anyhow::Result<Option<T>>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match sent {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.raw_response().is_some_and(|response| response.status().as_u16() == 404) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("s3:{operation} on the documents bucket failed")),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
    use shared::tables::DocumentType;

    use super::*;
    use crate::recorded::{Answer, Recorded};

    fn store(answers: Vec<Answer>) -> (Store, Recorded) {
        let replay = Recorded::new(answers);
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .endpoint_url("http://127.0.0.1:4566")
            .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .http_client(replay.clone())
            .build();
        (Store::new(&config, "documents".into()), replay)
    }

    fn answer(status: u16, version: Option<&'static str>, body: &str) -> Answer {
        (status, version.map(|version| ("x-amz-version-id", version)).into_iter().collect(), body.to_owned())
    }

    #[tokio::test]
    async fn an_upload_signs_length_type_and_that_nothing_is_there() {
        let document = ApplicationDocument {
            document_type: DocumentType::Passport,
            file_name: "passport.pdf".into(),
            content_type: "application/pdf".into(),
            size_bytes: 1234,
            object_key: "c-1/a-1/d-1".into(),
            version_id: None,
            agent: None,
            fields: Vec::new(),
            warnings: Vec::new(),
            processed_at: None,
        };
        let (store, replay) = store(Vec::new());
        let upload = store.sign("d-1", &document).await.unwrap();
        assert!(upload.url.starts_with("http://127.0.0.1:4566/documents/c-1/a-1/d-1?"), "{}", upload.url);
        let signed = "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match";
        assert!(upload.url.contains(signed), "{}", upload.url);
        assert!(upload.url.contains("X-Amz-Expires=900"), "{}", upload.url);
        assert!(!upload.url.to_lowercase().contains("checksum"), "{}", upload.url);
        let headers = [("content-type", "application/pdf"), ("if-none-match", "*")];
        assert_eq!(upload.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert!(replay.asked().is_empty(), "signing asks nobody");
    }

    #[tokio::test]
    async fn what_was_uploaded_is_read_with_its_version() {
        let (store, _) = store(vec![answer(200, Some("v-7"), "Surname: Doe"), answer(200, None, "")]);
        let stored = store.read("c-1/a-1/d-1").await.unwrap().unwrap();
        assert_eq!((stored.object.version.as_str(), stored.bytes.as_slice()), ("v-7", b"Surname: Doe".as_slice()));
        assert_eq!(store.find("c-1/a-1/d-1").await.unwrap().unwrap().object.version, "null");
    }

    #[tokio::test]
    async fn what_was_not_uploaded_is_nothing_and_a_failure_is_one() {
        let missing = "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>";
        let denied = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
        let (store, _) = store(vec![answer(404, None, missing), answer(404, None, ""), answer(403, None, denied)]);
        assert_eq!(store.read("k").await.unwrap(), None);
        assert_eq!(store.find("k").await.unwrap(), None);
        assert!(store.read("k").await.is_err());
    }
}
