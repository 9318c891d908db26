//! The way of invalid input: refused with its fields named, told to `workflow-errors`, and to nobody else.

use std::time::Duration;

use tokio::time::Instant;

use super::report::{Findings, StepResult};
use super::site::{self, Answer, Session};
use super::sockets::{Flow, LIMIT};
use super::wait::{Look, Waited, until};

/// How long people's topics are listened to after the error was handled: what is sent at all is sent before that.
const LISTEN: Duration = Duration::from_secs(1);

impl Flow<'_> {
    /// Submits invalid input as a customer of its own, so that everything found under that customer comes from it.
    pub async fn negative(&self, customer: &Session, findings: &Findings) {
        let start = Instant::now();
        let answer = match self.site.submit(customer, self.run, &site::invalid_customer(self.run)).await {
            Ok(answer) => answer,
            Err(error) => return findings.add("negative", StepResult::Fail, None, format!("{error:#}")),
        };
        let took = answer.took;
        let judged = judge(&answer);
        let refused = judged.is_ok();
        findings.answered("negative", took, judged);
        if !refused {
            return;
        }
        let id = customer.customer_id.as_str();
        let stored = until(start, LIMIT, &self.context.cancel, async || {
            if self.rows.errors(id).await? == 0 {
                return Ok(Look::NotYet("no row in workflow-errors".into()));
            }
            let audit = self.rows.audit(id).await?;
            let Some(row) = audit.first() else { return Ok(Look::NotYet("no audit row of the error".into())) };
            Ok(match self.rows.marker(&row.event_id).await?.as_deref() {
                Some("DONE") => Look::Found(audit.iter().map(|row| row.topic.clone()).collect::<Vec<_>>()),
                _ => Look::NotYet("the error's consumer is not done".into()),
            })
        })
        .await;
        let Waited::Seen(topics, after) = &stored else {
            return findings.waited("negative-event", &stored, |_| String::new());
        };
        let only = self.only_there(id, topics).await;
        match only {
            Ok(Ok(detail)) => findings.add("negative-event", StepResult::Pass, Some(*after), detail),
            Ok(Err(detail)) => findings.add("negative-event", StepResult::Fail, Some(*after), detail),
            Err(error) => findings.add("negative-event", StepResult::Unknown, Some(*after), format!("{error:#}")),
        }
    }

    /// Whether the event left nothing anywhere else: no other topic, no customer, nobody told.
    async fn only_there(&self, id: &str, topics: &[String]) -> anyhow::Result<Result<String, String>> {
        let catalogue = &self.context.settings.catalogue;
        let errors = catalogue.topics.iter().find(|(_, topic)| topic.event == "WORKFLOW_ERROR").map(|(name, _)| name);
        let is_errors = |topic: &String| {
            errors.is_some_and(|name| topic == name.as_str() || *topic == self.context.settings.environment.topic(name))
        };
        if let Some(other) = topics.iter().find(|topic| !is_errors(topic)) {
            return Ok(Err(format!("it is on {other} too")));
        }
        if self.rows.user(id).await? {
            return Ok(Err("the invalid customer has a row in users".into()));
        }
        let Ok(queue) = &self.notices else {
            anyhow::bail!("on workflow-errors only; what people hear could not be listened to");
        };
        let told = queue.receive(LISTEN).await?.into_iter().find(|notice| notice.message["customerId"] == id);
        Ok(match told {
            Some(notice) => Err(format!("a validation failure was sent to {}", notice.topic_arn)),
            None => Ok("on workflow-errors only, no alert".into()),
        })
    }
}

/// 400 with the failed fields named, and nothing of the input repeated.
fn judge(answer: &Answer) -> Result<String, String> {
    if answer.status != 400 {
        return Err(format!("{} instead of 400", answer.summary()));
    }
    let fields = &answer.body["error"]["fields"];
    let named = |field: &str| match fields {
        serde_json::Value::Object(fields) => fields.contains_key(field),
        serde_json::Value::Array(fields) => {
            fields.iter().any(|entry| entry == field || entry["field"] == field || entry["name"] == field)
        }
        _ => false,
    };
    match ["email", "dateOfBirth"].into_iter().find(|field| !named(field)) {
        Some(missing) => Err(format!("400, but `{missing}` is not among the failed fields")),
        None => Ok("400 naming email and dateOfBirth".into()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_refusal_names_its_fields() {
        let judged = |status: u16, body: Value| judge(&Answer { status, body, took: Duration::ZERO }).is_ok();
        let both =
            json!({"error": {"code": "VALIDATION_FAILED", "fields": [{"field": "email"}, {"field": "dateOfBirth"}]}});
        assert!(judged(400, both.clone()));
        assert!(judged(400, json!({"error": {"fields": {"email": "no address", "dateOfBirth": "no date"}}})));
        assert!(!judged(400, json!({"error": {"fields": ["email"]}})));
        assert!(!judged(400, json!(null)));
        assert!(!judged(422, both));
    }
}
