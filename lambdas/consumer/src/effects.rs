//! What an event does to the tables, as data: the writes of its transaction beside the marker.
//!
//! Topics are independent, so a later step may be seen first: a row's state only rises, on the condition that the event's
//! sequence is higher than the one that the row has.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use shared::progress::State;
use shared::tables::{AuditRow, WorkflowErrorRow, attribute, number, text, to_item};
use shared::time;

use crate::event::{Data, Event};
use crate::function::Function;
use crate::record::Origin;

/// How long a completed application is kept before it is archived (`platform.md`).
const ARCHIVE_AFTER_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A row whose state rises.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// Which row.
    pub row: Row,
    /// The event's sequence.
    pub sequence: u64,
    /// What is set beside the sequence.
    pub set: Vec<(&'static str, AttributeValue)>,
}

/// Which row rises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The customer's. Only if it is there: a customer that was deleted stays deleted.
    User(String),
    /// The application's.
    Application(String),
}

/// The rows that rise with an event.
pub fn rises(event: &Event) -> anyhow::Result<Vec<Rise>> {
    let envelope = &event.envelope;
    let (Some(customer_id), Some(sequence)) = (&envelope.customer_id, envelope.sequence) else {
        return Ok(Vec::new());
    };
    let common = || vec![("eventType", text(envelope.event_type.as_str())), ("eventAt", text(&envelope.timestamp))];
    let mut rises = vec![Rise { row: Row::User(customer_id.clone()), sequence, set: common() }];
    let application = match &event.data {
        Data::UserInfo(_) | Data::Error(_) => None,
        Data::Documents(data) => Some(vec![
            ("status", text(State::DocumentsProcessed.as_str())),
            ("averageConfidence", attribute(&data.average_confidence)?),
        ]),
        Data::Kyc(data) => {
            Some(vec![("status", text(format!("KYC_{}", data.status))), ("riskLevel", text(&data.risk_level))])
        }
        Data::Policy(data) => Some(vec![
            ("status", text(State::PolicyRecommended.as_str())),
            ("topRecommendations", attribute(&data.recommendations)?),
        ]),
        Data::Completed(data) => Some(vec![
            ("status", text(State::Completed.as_str())),
            ("policyId", text(&data.policy_id)),
            ("completedAt", text(&envelope.timestamp)),
            ("archiveAt", number(time::seconds() + ARCHIVE_AFTER_SECONDS)),
        ]),
    };
    if let (Some(mut set), Some(application_id)) = (application, &envelope.application_id) {
        set.push(("customerId", text(customer_id)));
        set.extend(common());
        rises.push(Rise { row: Row::Application(application_id.clone()), sequence, set });
    }
    Ok(rises)
}

impl Rise {
    /// The write, on its condition.
    pub fn write(&self, function: &Function) -> anyhow::Result<TransactWriteItem> {
        let rises = "attribute_not_exists(eventSequence) OR eventSequence < :sequence";
        let (table, key, id, condition) = match &self.row {
            Row::User(id) => (&function.users, "customerId", id, format!("attribute_exists(customerId) AND ({rises})")),
            Row::Application(id) => (&function.applications, "applicationId", id, rises.to_owned()),
        };
        let mut assignments = vec!["eventSequence = :sequence".to_owned()];
        let mut update = Update::builder()
            .table_name(table)
            .key(key, text(id))
            .condition_expression(condition)
            .expression_attribute_values(":sequence", number(self.sequence));
        for (name, value) in &self.set {
            assignments.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), *name)
                .expression_attribute_values(format!(":{name}"), value.clone());
        }
        let update = update.update_expression(format!("SET {}", assignments.join(", "))).build()?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// The audit row of an event read at `origin`.
pub fn audit(event: &Event, origin: &Origin) -> AuditRow {
    let envelope = &event.envelope;
    AuditRow {
        customer_id: envelope.customer_id.clone().unwrap_or_else(|| origin.key()),
        event_id: envelope.event_id.clone(),
        event_type: envelope.event_type,
        timestamp: envelope.timestamp.clone(),
        sequence: envelope.sequence,
        application_id: envelope.application_id.clone(),
        source: envelope.source.clone(),
        trace_id: envelope.trace_id.clone(),
        topic: origin.topic.clone(),
        partition: origin.partition,
        offset: origin.offset,
        processed_at: time::text(time::now()),
        data: envelope.data.clone(),
    }
}

/// The row of an error event; none for other events.
pub fn error_row(event: &Event) -> Option<WorkflowErrorRow> {
    let Data::Error(error) = &event.data else {
        return None;
    };
    let envelope = &event.envelope;
    Some(WorkflowErrorRow {
        event_id: envelope.event_id.clone(),
        customer_id: envelope.customer_id.clone(),
        kind: error.kind,
        code: error.code.clone(),
        reason: error.reason.clone(),
        fields: error.fields.clone(),
        dead_letter: error.dead_letter.clone(),
        source: envelope.source.clone(),
        trace_id: envelope.trace_id.clone(),
        timestamp: envelope.timestamp.clone(),
    })
}

/// A row put as it is.
pub fn put(table: &str, row: &impl serde::Serialize) -> anyhow::Result<TransactWriteItem> {
    let put = Put::builder().table_name(table).set_item(Some(to_item(row)?)).build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

#[cfg(test)]
mod tests {
    use shared::events::EventType;

    use super::*;
    use crate::event::samples::event;

    fn names(rise: &Rise) -> Vec<&'static str> {
        rise.set.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn rows_that_rise_by_event() {
        for (event_type, application) in [
            (EventType::UserInfoSubmitted, None),
            (EventType::DocumentsProcessed, Some(("DOCUMENTS_PROCESSED", "averageConfidence"))),
            (EventType::KycVerified, Some(("KYC_REQUIRES_REVIEW", "riskLevel"))),
            (EventType::PolicyRecommended, Some(("POLICY_RECOMMENDED", "topRecommendations"))),
            (EventType::WorkflowCompleted, Some(("COMPLETED", "archiveAt"))),
        ] {
            let rises = rises(&event(event_type)).unwrap();
            assert_eq!(rises[0].row, Row::User("c-1".into()));
            assert_eq!(rises.get(1).is_some(), application.is_some(), "{event_type}");
            if let Some((status, attribute)) = application {
                assert_eq!(rises[1].row, Row::Application("a-1".into()));
                assert_eq!(rises[1].set[0], ("status", text(status)));
                assert!(names(&rises[1]).contains(&attribute), "{event_type}");
            }
            assert!(rises.iter().all(|rise| rise.sequence == 4));
        }
    }

    #[test]
    fn an_error_is_stored_and_raises_nothing_without_sequence() {
        let mut event = event(EventType::WorkflowError);
        event.envelope.sequence = None;
        assert_eq!(rises(&event).unwrap(), []);
        let row = error_row(&event).unwrap();
        assert_eq!((row.code.as_str(), row.customer_id.as_deref()), ("VALIDATION_FAILED", Some("c-1")));
        assert_eq!(row.fields["email"], "is missing");
        assert!(error_row(&crate::event::samples::event(EventType::UserInfoSubmitted)).is_none());
    }

    #[test]
    fn the_audit_row_says_where_the_record_was_read() {
        let origin = Origin { topic: "t".into(), partition: 2, offset: 9 };
        let mut event = event(EventType::WorkflowError);
        let row = audit(&event, &origin);
        assert_eq!((row.topic.as_str(), row.partition, row.offset), ("t", 2, 9));
        assert_eq!(row.customer_id, "c-1");
        event.envelope.customer_id = None;
        assert_eq!(audit(&event, &origin).customer_id, "t#2#9");
    }
}
