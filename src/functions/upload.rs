//! How a zip gets to Lambda: in the call, or through the artifacts bucket when it is too large for that.

use anyhow::Context as _;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::FunctionCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::package::Artifact;
use crate::aws::{SendExt, error_code};
use crate::catalogue::{Bucket, FunctionKey};
use crate::context::Context;

/// The largest zip that a call may carry (`aws-facts.md`, section 3, "Limits").
const DIRECT_LIMIT: u64 = 50 * 1024 * 1024;

/// A zip on its way.
#[derive(Clone, Debug)]
pub enum Code {
    /// In the call.
    Zip(Blob),
    /// In the artifacts bucket.
    Object {
        /// The bucket.
        bucket: String,
        /// The key, which holds the zip's hash.
        key: String,
    },
}

impl Code {
    /// As `CreateFunction` takes it.
    pub fn function_code(self) -> FunctionCode {
        match self {
            Self::Zip(blob) => FunctionCode::builder().zip_file(blob).build(),
            Self::Object { bucket, key } => FunctionCode::builder().s3_bucket(bucket).s3_key(key).build(),
        }
    }
}

/// Reads the zip, or puts it into the bucket unless it is there already.
pub async fn code(context: &Context, function: &FunctionKey, artifact: &Artifact) -> anyhow::Result<Code> {
    let read = || async {
        tokio::fs::read(&artifact.path).await.with_context(|| format!("{} cannot be read", artifact.path.display()))
    };
    if artifact.bytes <= DIRECT_LIMIT {
        return Ok(Code::Zip(Blob::new(read().await?)));
    }
    let bucket = context.settings.environment.bucket(Bucket::Artifacts);
    let hash = hex::encode(STANDARD.decode(&artifact.code_sha256).context("the zip's hash is not base64")?);
    let key = format!("functions/{function}/{hash}.zip");
    let client = context.aws.s3().await?;
    match client.head_object().bucket(&bucket).key(&key).send().await.called("s3:GetObject") {
        Ok(_) => {}
        Err(error) if matches!(error_code(&error), Some("NotFound" | "NoSuchKey")) => {
            context.before_change().await?;
            client
                .put_object()
                .bucket(&bucket)
                .key(&key)
                .body(read().await?.into())
                .send()
                .await
                .called("s3:PutObject")?;
        }
        Err(error) => return Err(error),
    }
    Ok(Code::Object { bucket, key })
}
