//! The later tiles: a document is uploaded and read, the identity is checked, policies are recommended, one is chosen.
//! Each tile is one call, its event on its topic, its consumer, its push, and the rows that it leaves.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::report::{Findings, StepResult};
use super::site::{self, Answer, Session};
use super::socket;
use super::sockets::{Flow, LIMIT, Sockets};
use super::tables::Item;
use super::wait::{Look, Waited, until};

/// One call of a tile and what it is to cause.
struct Tile {
    /// The step's name; its stations are called `{name}-event`, `-push` and `-row`.
    name: &'static str,
    path: &'static str,
    /// The event type that it publishes.
    event: &'static str,
    /// What the consumer writes as the application's status.
    status: &'static str,
    body: Value,
}

impl Flow<'_> {
    /// Walks the later tiles with a customer who has submitted. Ends at the first call that is not answered 200.
    pub async fn journey(&self, customer: &Session, sockets: &mut Sockets, findings: &Findings) {
        let Some((application, document)) = self.upload(customer, findings).await else { return };
        let application_id = application.as_str();
        let of_application = |name, path, event, status, more: Value| {
            let mut body = json!({ "applicationId": application_id });
            if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
                body.extend(more);
            }
            Tile { name, path, event, status, body }
        };
        let documents = of_application(
            "documents",
            "/api/documents/process",
            "DOCUMENTS_PROCESSED",
            "DOCUMENTS_PROCESSED",
            json!({ "documents": [{ "documentId": document }] }),
        );
        let kyc = of_application("kyc", "/api/kyc/verify", "KYC_VERIFIED", "KYC_APPROVED", json!({}));
        let recommend =
            of_application("recommend", "/api/policy/recommend", "POLICY_RECOMMENDED", "POLICY_RECOMMENDED", json!({}));
        let mut offered = Value::Null;
        for tile in [documents, kyc, recommend] {
            match self.tile(&tile, application_id, customer, sockets, findings).await {
                Some(answer) => offered = answer,
                None => return,
            }
        }
        let policy = offered["recommendations"][0]["policyId"].clone();
        let select = of_application(
            "select",
            "/api/policy/select",
            "WORKFLOW_COMPLETED",
            "COMPLETED",
            json!({ "policyId": policy }),
        );
        if self.tile(&select, application_id, customer, sockets, findings).await.is_some() {
            self.completed(application_id, customer, findings).await;
        }
    }

    async fn upload(&self, customer: &Session, findings: &Findings) -> Option<(String, String)> {
        let begun = std::time::Instant::now();
        match self.put_document(customer).await {
            Ok(ids) => {
                findings.answered("upload", begun.elapsed(), Ok("announced and put into the bucket".into()));
                Some(ids)
            }
            Err(error) => {
                findings.answered("upload", begun.elapsed(), Err(format!("{error:#}")));
                None
            }
        }
    }

    /// Announces a document and puts it where the answer says: the ids of its application and of itself.
    pub(super) async fn put_document(&self, customer: &Session) -> anyhow::Result<(String, String)> {
        let text = site::document();
        let announced = json!({ "documents": [{
            "documentType": "PASSPORT", "fileName": "verify.txt", "contentType": "text/plain", "sizeBytes": text.len(),
        }] });
        let answer = self.site.post("/api/documents/upload", Some(customer), &announced).await?;
        anyhow::ensure!(answer.status == 201, "{} instead of 201", answer.summary());
        let upload = &answer.body["uploads"][0];
        self.site.put(upload, text).await?;
        let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok((id(&answer.body["applicationId"]), id(&upload["documentId"])))
    }

    /// One tile: its call, and then its stations side by side.
    async fn tile(
        &self,
        tile: &Tile,
        application: &str,
        customer: &Session,
        sockets: &mut Sockets,
        findings: &Findings,
    ) -> Option<Value> {
        let start = Instant::now();
        let answer = match self.site.post(tile.path, Some(customer), &tile.body).await {
            Ok(answer) => answer,
            Err(error) => {
                findings.add(tile.name, StepResult::Fail, None, format!("{error:#}"));
                return None;
            }
        };
        let judged = judge(&answer, tile.status);
        let accepted = matches!(answer.status, 200 | 202);
        findings.answered(tile.name, answer.took, judged);
        if !accepted {
            return None;
        }
        let station = |name: &str| format!("{}-{name}", tile.name);
        let cancel = &self.context.cancel;
        let row = until(start, LIMIT, cancel, async || {
            let row = self.rows.application(application).await?;
            Ok(match text(row.as_ref(), "status") {
                Some(status) if status == tile.status => Look::Found(status.to_owned()),
                Some(status) => Look::NotYet(format!("the application's status is {status}")),
                None => Look::NotYet("the application has no status".into()),
            })
        });
        let id = customer.customer_id.as_str();
        let event = station("event");
        let handled = self.handled(&event, id, tile.event, start, findings);
        let pushed = async {
            let step = station("push");
            match sockets.event(tile.event, start + LIMIT).await {
                Some((at, event)) if event["customerId"] == id => {
                    findings.add(&step, StepResult::Pass, Some(at.duration_since(start)), tile.event);
                }
                Some(_) => findings.add(&step, StepResult::Fail, None, "another customer's event was pushed"),
                None => {
                    let detail = format!("no {} on the customer's socket after {} s", tile.event, LIMIT.as_secs());
                    findings.add(&step, StepResult::Fail, None, detail);
                }
            }
        };
        let row = async {
            let row = self.with_decision(tile, application, row.await).await;
            findings.waited(&station("row"), &row, Clone::clone);
        };
        tokio::join!(handled, pushed, row);
        Some(answer.body)
    }

    /// The row of the tile's own table beside the application's.
    async fn with_decision(&self, tile: &Tile, application: &str, row: Waited<String>) -> Waited<String> {
        let Waited::Seen(status, after) = row else { return row };
        let found = match tile.name {
            "kyc" => Some(("kyc-results", self.rows.kyc_result(application).await)),
            "recommend" => Some(("policy-recommendations", self.rows.recommendations(application).await)),
            _ => None,
        };
        match found {
            None => Waited::Seen(format!("the application is {status}"), after),
            Some((table, Ok(true))) => Waited::Seen(format!("in {table}, the application is {status}"), after),
            Some((table, Ok(false))) => Waited::Late(LIMIT, format!("no row in {table}")),
            Some((_, Err(error))) => Waited::Unreadable(format!("{error:#}")),
        }
    }

    /// What a completed workflow leaves: a date for the archive, and a mail that SES took.
    async fn completed(&self, application: &str, customer: &Session, findings: &Findings) {
        let start = Instant::now();
        let cancel = &self.context.cancel;
        let archive = until(start, LIMIT, cancel, async || {
            let row = self.rows.application(application).await?;
            let at = row.as_ref().and_then(|row| row.get("archiveAt")?.as_n().ok()?.parse().ok());
            Ok(at.map_or_else(
                || Look::NotYet("the application has no date for the archive".into()),
                |at: i64| Look::Found(shared::time::text_of_seconds(at)),
            ))
        });
        let mail = until(start, LIMIT, cancel, async || {
            let audit = self.rows.audit(&customer.customer_id).await?;
            let Some(row) = audit.iter().find(|row| row.event_type == "WORKFLOW_COMPLETED") else {
                return Ok(Look::NotYet("no audit row of WORKFLOW_COMPLETED".into()));
            };
            let marker = self.rows.marker_row(&row.event_id).await?;
            Ok(match (text(marker.as_ref(), "mailId"), text(marker.as_ref(), "state")) {
                (Some(_), _) => Look::Found("SES took the mail".to_owned()),
                (None, Some("DONE")) => Look::Found(String::new()),
                _ => Look::NotYet("the consumer is not done".into()),
            })
        });
        let (archive, mail) = tokio::join!(archive, mail);
        findings.waited("archive-date", &archive, Clone::clone);
        match mail {
            Waited::Seen(detail, after) if detail.is_empty() => {
                findings.answered("mail", after, Err("the consumer is done, and SES took no mail".into()));
            }
            mail => findings.waited("mail", &mail, Clone::clone),
        }
    }
}

fn text<'a>(row: Option<&'a Item>, name: &str) -> Option<&'a str> {
    row?.get(name)?.as_s().ok().map(String::as_str)
}

/// 200; for the checks of the identity, with what they have to come to for a customer without fault.
fn judge(answer: &Answer, status: &str) -> Result<String, String> {
    match answer.status {
        200 if status == "KYC_APPROVED" && answer.body["status"] != "APPROVED" => {
            Err(format!("200, but {} instead of APPROVED", answer.body["status"].as_str().unwrap_or("no status")))
        }
        200 => Ok("200".into()),
        202 => Err("202: Kafka did not take the event in time".into()),
        _ => Err(format!("{} instead of 200", answer.summary())),
    }
}

/// The event that a message of the socket carries, where it is of this type.
pub fn event_of_type<'a>(message: &'a Value, event_type: &str) -> Option<&'a Value> {
    socket::event(message).filter(|event| event["eventType"] == event_type)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_customer_without_fault_is_approved() {
        let answer = |status: u16, body: Value| Answer { status, body, took: Duration::ZERO };
        assert!(judge(&answer(200, json!({})), "COMPLETED").is_ok());
        assert!(judge(&answer(200, json!({ "status": "APPROVED" })), "KYC_APPROVED").is_ok());
        assert!(judge(&answer(200, json!({ "status": "REQUIRES_REVIEW" })), "KYC_APPROVED").is_err());
        assert!(judge(&answer(202, json!({})), "COMPLETED").is_err());
        assert!(judge(&answer(409, json!({ "error": { "code": "STEP_NOT_ALLOWED" } })), "COMPLETED").is_err());
    }

    #[test]
    fn only_the_awaited_event_counts() {
        let message = json!({ "type": "event", "event": { "eventType": "KYC_VERIFIED" } });
        assert!(event_of_type(&message, "KYC_VERIFIED").is_some());
        assert!(event_of_type(&message, "DOCUMENTS_PROCESSED").is_none());
        assert!(event_of_type(&json!({ "type": "pong" }), "KYC_VERIFIED").is_none());
    }
}
