//! What an event does to the tables, as data: the writes of its transaction beside the marker.
//!
//! Topics are independent, so a later step may be seen first: a row's state only rises, on the condition that the event's
//! sequence is higher than the one that the row has. What no other type of event sets is kept apart from that, under a
//! sequence of its own.
//!
//! What producers own is left alone: they decide by it, and a late event would put back what they have replaced.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use shared::progress::State;
use shared::tables::{AuditRow, WorkflowErrorRow, attribute, attributes, number, text, to_item};
use shared::time;

use crate::event::{Data, Event};
use crate::function::Function;
use crate::record::Origin;

/// How long a completed application is kept before it is archived (`platform.md`).
const ARCHIVE_AFTER_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A row of which a part rises.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// Which row.
    pub row: Row,
    /// The attribute that has the highest sequence so far.
    pub highest: &'static str,
    /// The event's sequence.
    pub sequence: u64,
    /// What is set beside the sequence.
    pub set: Vec<(&'static str, AttributeValue)>,
    /// What is still written where a later event was here first.
    pub instead: Option<Box<Rise>>,
}

/// Which row rises. Only if it is there: a customer that was deleted stays deleted, and an application that was archived
/// does not come back as a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The customer's.
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
    let of_state = |row, set| Rise { row, highest: attributes::EVENT_SEQUENCE, sequence, set, instead: None };
    let mut rises = vec![of_state(Row::User(customer_id.clone()), common())];
    let of_application = match &event.data {
        Data::UserInfo(_) | Data::Error(_) => None,
        Data::Documents(data) => {
            let confidence = vec![("eventAverageConfidence", attribute(&data.average_confidence)?)];
            Some((State::DocumentsProcessed.as_str().to_owned(), Some(("documentsSequence", confidence))))
        }
        Data::Kyc(data) => Some((format!("KYC_{}", data.status), None)),
        Data::Policy(data) => {
            let top = vec![("topRecommendations", attribute(&data.recommendations)?)];
            Some((State::PolicyRecommended.as_str().to_owned(), Some(("recommendationsSequence", top))))
        }
        Data::Completed(_) => {
            let dates = vec![
                ("completedAt", text(&envelope.timestamp)),
                ("archiveAt", number(time::seconds() + ARCHIVE_AFTER_SECONDS)),
            ];
            Some((State::Completed.as_str().to_owned(), Some(("completionSequence", dates))))
        }
    };
    if let (Some((status, own)), Some(application_id)) = (of_application, &envelope.application_id) {
        let row = Row::Application(application_id.clone());
        let mut rise = of_state(row.clone(), vec![("status", text(status))]);
        rise.set.extend(common());
        if let Some((highest, set)) = own {
            rise.set.extend(set.iter().cloned().chain([(highest, number(sequence))]));
            rise.instead = Some(Box::new(Rise { row, highest, sequence, set, instead: None }));
        }
        rises.push(rise);
    }
    Ok(rises)
}

impl Rise {
    /// The write, on its condition.
    pub fn write(&self, function: &Function) -> anyhow::Result<TransactWriteItem> {
        let (table, key, id) = match &self.row {
            Row::User(id) => (&function.users, "customerId", id),
            Row::Application(id) => (&function.applications, "applicationId", id),
        };
        let highest = self.highest;
        let condition =
            format!("attribute_exists({key}) AND (attribute_not_exists({highest}) OR {highest} < :sequence)");
        let mut assignments = vec![format!("{highest} = :sequence")];
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
    use shared::tables::ApplicationRow;

    use super::*;
    use crate::event::samples::event;

    fn names(rise: &Rise) -> Vec<&'static str> {
        rise.set.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn rows_that_rise_by_event() {
        for (event_type, application) in [
            (EventType::UserInfoSubmitted, None),
            (EventType::DocumentsProcessed, Some(("DOCUMENTS_PROCESSED", &["eventAverageConfidence"][..]))),
            (EventType::KycVerified, Some(("KYC_REQUIRES_REVIEW", &[]))),
            (EventType::PolicyRecommended, Some(("POLICY_RECOMMENDED", &["topRecommendations"]))),
            (EventType::WorkflowCompleted, Some(("COMPLETED", &["completedAt", "archiveAt"]))),
        ] {
            let rises = rises(&event(event_type)).unwrap();
            assert_eq!(rises[0].row, Row::User("c-1".into()));
            assert_eq!(rises.get(1).is_some(), application.is_some(), "{event_type}");
            if let Some((status, own)) = application {
                assert_eq!(rises[1].row, Row::Application("a-1".into()));
                assert_eq!(rises[1].set[0], ("status", text(status)));
                assert!(own.iter().all(|name| names(&rises[1]).contains(name)), "{event_type}");
                // A later event keeps its state, and the row gets what only this one can give.
                let instead = rises[1].instead.as_deref();
                assert_eq!(instead.map(names).unwrap_or_default(), own, "{event_type}");
                assert!(instead.is_none_or(|instead| names(&rises[1]).contains(&instead.highest)), "{event_type}");
            }
            assert!(rises.iter().all(|rise| rise.sequence == 4 && rise.highest == "eventSequence"));
        }
    }

    #[test]
    fn what_producers_decide_by_is_left_to_them() {
        let row = ApplicationRow {
            application_id: String::new(),
            customer_id: String::new(),
            state: Some(State::Completed),
            documents: std::collections::BTreeMap::new(),
            average_confidence: Some(1.0),
            kyc_status: Some(String::new()),
            risk_level: Some(String::new()),
            country: Some(String::new()),
            country_risk: Some(String::new()),
            policy_id: Some(String::new()),
            created_at: Some(String::new()),
            updated_at: Some(String::new()),
        };
        let owned = to_item(&row).unwrap();
        for event_type in EventType::ALL {
            for rise in rises(&event(event_type)).unwrap() {
                let taken: Vec<_> = names(&rise).into_iter().filter(|name| owned.contains_key(*name)).collect();
                assert!(taken.is_empty(), "{event_type} sets {taken:?}");
            }
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
