//! What an instance of the function holds from its start on.

use shared::keys;

/// Clients, tables, the bucket.
pub struct Function {
    /// Reaches the tables.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Reaches the bucket.
    pub s3: aws_sdk_s3::Client,
    /// Applications.
    pub applications: String,
    /// What the checks of the identity came to, by application.
    pub kyc_results: String,
    /// What was recommended, by application.
    pub recommendations: String,
    /// Where the exports go.
    pub archive: String,
    /// Where the applications' documents are.
    pub documents: String,
}

impl Function {
    /// Reads the variables and builds the clients.
    pub fn connect() -> anyhow::Result<Self> {
        let config = shared::aws::configuration()?;
        // Path style is served by every S3 endpoint, host style only where names below it resolve. Source: Amazon S3
        // User Guide, "Virtual hosting of general purpose buckets".
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        Ok(Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            applications: keys::required(keys::APPLICATIONS_TABLE)?,
            kyc_results: keys::required(keys::KYC_RESULTS_TABLE)?,
            recommendations: keys::required(keys::POLICY_RECOMMENDATIONS_TABLE)?,
            archive: keys::required(keys::ARCHIVE_BUCKET)?,
            documents: keys::required(keys::DOCUMENTS_BUCKET)?,
        })
    }
}
