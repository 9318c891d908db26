//! Refused requests as events: field names and what is wrong, never a value. They belong to no customer's order, so they
//! wait for nothing, and they are counted without an alert.

use super::outcome::Outcome;
use super::{Call, Producer};
use crate::events::{Envelope, EventType, WorkflowError, WorkflowErrorKind};
use crate::http::Problem;
use crate::log::Line;
use crate::outbox;
use crate::tables::OutboxState;
use crate::transaction;

/// Whether a refusal says that the request itself was wrong. The rest is about who asked or when.
const fn is_the_requests_fault(status: u16) -> bool {
    matches!(status, 400 | 413 | 415)
}

impl Producer {
    /// Refuses a call, and publishes that where the request itself was wrong.
    pub async fn refuse(&self, call: &mut Call<'_>, problem: Problem) -> anyhow::Result<Outcome> {
        let outcome = Outcome::from(problem.clone());
        if !is_the_requests_fault(problem.status) {
            self.give_back(call).await?;
            return Ok(outcome);
        }
        let data = WorkflowError {
            kind: WorkflowErrorKind::Validation,
            code: problem.code.clone(),
            reason: problem.message.clone(),
            fields: problem.fields.clone(),
            dead_letter: None,
        };
        let mut envelope = Envelope::new(EventType::WorkflowError, self.source, &call.trace_id, &data);
        if let Some(customer_id) = call.customer.as_deref() {
            envelope = envelope.of_customer(customer_id, None);
        }
        let origin = format!("{}#{}", self.source, envelope.event_id);
        let key = call.customer.clone().unwrap_or_else(|| origin.clone());
        let row = outbox::origin_row(&envelope, &origin, &key, OutboxState::Fresh);
        let mut writes = vec![self.outbox.put(&row)?];
        if let Some(attempt) = &call.attempt {
            writes.push(attempt.complete(&self.idempotency, &outcome.to_value())?);
        }
        // Refused: another attempt has taken over, and it reports the refusal.
        if let transaction::Outcome::Written = transaction::write(&self.dynamodb, writes).await? {
            let older = self.outbox.older_waits(&row).await;
            self.outbox.publish_or_leave(&self.publisher, &row, older).await;
        }
        let line = Line::warn("the request was refused").trace(&call.trace_id).event(&row.event_id);
        line.customer(call.customer.as_deref())
            .field("code", problem.code)
            .field("fields", problem.fields.keys().cloned().collect::<Vec<_>>())
            .duration(call.started)
            .count("ValidationFailures")
            .write();
        call.event_id = Some(row.event_id);
        Ok(outcome)
    }

    /// Gives the call's key back: nothing happened that a repeat would have to be told.
    pub(super) async fn give_back(&self, call: &Call<'_>) -> anyhow::Result<()> {
        match &call.attempt {
            Some(attempt) => attempt.release(&self.dynamodb, &self.idempotency).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wrong_requests_become_events() {
        for (problem, expected) in [
            (Problem::validation([("email".into(), "is missing".into())].into()), true),
            (Problem::too_large(), true),
            (Problem::not_json(), true),
            (Problem::unauthorized(), false),
            (Problem::forbidden(), false),
            (Problem::no_route(), false),
            (Problem::state("COMPLETED"), false),
        ] {
            assert_eq!(is_the_requests_fault(problem.status), expected, "{problem:?}");
        }
    }
}
