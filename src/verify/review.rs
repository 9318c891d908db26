//! The way of a customer whom somebody has to look at: compliance hears of it, and of nobody else.

use serde_json::json;
use tokio::time::Instant;

use super::notices::{Notice, Topics};
use super::report::Findings;
use super::site::{self, Answer, Session};
use super::sockets::Flow;
use super::wait::Waited;

impl Flow<'_> {
    /// Takes the witness to a review. `approved` is a customer whose identity was found without fault meanwhile.
    pub async fn review(&self, approved: &Session, customer: &Session, findings: &Findings) {
        let begun = std::time::Instant::now();
        let start = match self.to_review(customer).await {
            Ok(start) => start,
            Err(error) => return findings.answered("review", begun.elapsed(), Err(format!("{error:#}"))),
        };
        findings.answered("review", begun.elapsed(), Ok("KYC answers REQUIRES_REVIEW for a missing address".into()));
        let pick = |topics: &Topics, notices: Vec<Notice>| {
            let of = |one: &Session| notices.iter().find(|notice| notice.is(&topics.compliance, &one.customer_id));
            of(approved).or_else(|| of(customer)).cloned()
        };
        let notice = self.notice(start, &self.context.cancel, "no message on the compliance topic", pick);
        match notice.await {
            Waited::Seen(notice, after) => {
                findings.answered("review-notice", after, judge(&notice, &customer.customer_id));
            }
            waited => findings.waited("review-notice", &waited, |_| String::new()),
        }
    }

    /// Walks the customer to a review, and says when the call that found it was sent.
    async fn to_review(&self, customer: &Session) -> anyhow::Result<Instant> {
        let accepted = |what: &str, answer: Answer, status: u16| {
            anyhow::ensure!(answer.status == status, "{what}: {} instead of {status}", answer.summary());
            Ok(answer.body)
        };
        let body = site::customer_to_review(self.run);
        accepted("submit", self.site.submit(customer, self.run, &body).await?, 201)?;
        let (application, document) = self.put_document(customer).await?;
        let body = json!({ "applicationId": application, "documents": [{ "documentId": document }] });
        accepted("documents", self.site.post("/api/documents/process", Some(customer), &body).await?, 200)?;
        let start = Instant::now();
        let body = json!({ "applicationId": application });
        let found = accepted("kyc", self.site.post("/api/kyc/verify", Some(customer), &body).await?, 200)?;
        let status = found["status"].as_str().unwrap_or("no status");
        anyhow::ensure!(status == "REQUIRES_REVIEW", "kyc: {status} instead of REQUIRES_REVIEW");
        Ok(start)
    }
}

/// The customer under review, with the decision; an approved one is nobody's business.
fn judge(notice: &Notice, customer: &str) -> Result<String, String> {
    let said = |name: &str| notice.message[name].as_str().unwrap_or_default();
    match (said("customerId") == customer, said("eventType"), said("status")) {
        (true, "KYC_VERIFIED", "REQUIRES_REVIEW") => {
            Ok("REQUIRES_REVIEW on the compliance topic, and nobody else".into())
        }
        (true, event, status) => Err(format!("{event} {status} on the compliance topic")),
        (false, ..) => Err("an approved customer is on the compliance topic".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compliance_hears_of_the_review_only() {
        let notice = |customer: &str, event: &str, status: &str| Notice {
            topic_arn: "arn:compliance".to_owned(),
            message: json!({ "customerId": customer, "eventType": event, "status": status }),
        };
        for (notice, well) in [
            (notice("c", "KYC_VERIFIED", "REQUIRES_REVIEW"), true),
            (notice("c", "KYC_VERIFIED", "APPROVED"), false),
            (notice("c", "USER_INFO_SUBMITTED", "REQUIRES_REVIEW"), false),
            (notice("another", "KYC_VERIFIED", "REQUIRES_REVIEW"), false),
        ] {
            assert_eq!(judge(&notice, "c").is_ok(), well, "{notice:?}");
        }
    }
}
