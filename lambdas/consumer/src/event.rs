//! An event that can be handled: an envelope on its own topic, complete, with the data of its type.

use serde::de::DeserializeOwned;
use shared::events::{
    DocumentsProcessed, Envelope, EventType, KycVerified, PolicyRecommended, Unreadable, UserInfoSubmitted,
    WorkflowCompleted, WorkflowError,
};

/// What the event carries, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `USER_INFO_SUBMITTED`.
    UserInfo(UserInfoSubmitted),
    /// `DOCUMENTS_PROCESSED`.
    Documents(DocumentsProcessed),
    /// `KYC_VERIFIED`.
    Kyc(KycVerified),
    /// `POLICY_RECOMMENDED`.
    Policy(PolicyRecommended),
    /// `WORKFLOW_COMPLETED`.
    Completed(WorkflowCompleted),
    /// `WORKFLOW_ERROR`.
    Error(WorkflowError),
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its envelope.
    pub envelope: Envelope,
    /// Its data.
    pub data: Data,
    /// The record's text as it was: what is pushed.
    pub text: String,
}

/// Reads a record's value on the topic of `expected`.
pub fn read(bytes: Option<&[u8]>, expected: EventType) -> Result<Event, Unreadable> {
    let envelope = Envelope::read(bytes)?;
    if envelope.event_type != expected {
        return Err(Unreadable::WrongTopic(envelope.event_type));
    }
    if expected != EventType::WorkflowError {
        for (name, absent) in
            [("customerId", envelope.customer_id.is_none()), ("sequence", envelope.sequence.is_none())]
        {
            if absent {
                return Err(Unreadable::Incomplete(name));
            }
        }
        if expected != EventType::UserInfoSubmitted && envelope.application_id.is_none() {
            return Err(Unreadable::Incomplete("applicationId"));
        }
    }
    let data = match expected {
        EventType::UserInfoSubmitted => data(&envelope).map(Data::UserInfo),
        EventType::DocumentsProcessed => data(&envelope).map(Data::Documents),
        EventType::KycVerified => data(&envelope).map(Data::Kyc),
        EventType::PolicyRecommended => data(&envelope).map(Data::Policy),
        EventType::WorkflowCompleted => data(&envelope).map(Data::Completed),
        EventType::WorkflowError => data(&envelope).map(Data::Error),
    }?;
    // What was read as JSON is UTF-8.
    let text = bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    Ok(Event { envelope, data, text })
}

fn data<Data: DeserializeOwned>(envelope: &Envelope) -> Result<Data, Unreadable> {
    serde_json::from_value(envelope.data.clone())
        .map_err(|_| Unreadable::WrongData(envelope.event_type.as_str().to_owned()))
}

#[cfg(test)]
pub mod samples {
    //! Events for the tests of this crate.

    use serde_json::{Value, json};

    use super::*;

    /// A complete event of a type.
    pub fn envelope(event_type: EventType) -> Envelope {
        let data: Value = match event_type {
            EventType::UserInfoSubmitted => json!({ "resubmitted": false }),
            EventType::DocumentsProcessed => json!({ "averageConfidence": 0.93 }),
            EventType::KycVerified => json!({ "status": "REQUIRES_REVIEW", "riskLevel": "MEDIUM" }),
            EventType::PolicyRecommended => json!({ "recommendations": [{ "policyId": "p-1", "fitScore": 91.5 }] }),
            EventType::WorkflowCompleted => json!({ "policyId": "p-1" }),
            EventType::WorkflowError => json!({
                "kind": "VALIDATION", "code": "VALIDATION_FAILED", "reason": "Some fields are missing.",
                "fields": { "email": "is missing" },
            }),
        };
        let mut envelope = Envelope::new(event_type, "test", "1-a-b", &data).of_customer("c-1", Some(4));
        envelope.application_id = Some("a-1".into());
        envelope
    }

    /// The same, read.
    pub fn event(event_type: EventType) -> Event {
        read(Some(envelope(event_type).to_text().as_bytes()), event_type).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::samples::envelope;
    use super::*;

    #[test]
    fn every_type_is_read_on_its_own_topic_only() {
        for event_type in EventType::ALL {
            let text = envelope(event_type).to_text();
            for expected in EventType::ALL {
                let result = read(Some(text.as_bytes()), expected);
                assert_eq!(result.is_ok(), event_type == expected, "{event_type} on {}", expected.topic());
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let change = |act: fn(&mut Envelope)| {
            let mut envelope = envelope(EventType::KycVerified);
            act(&mut envelope);
            read(Some(envelope.to_text().as_bytes()), EventType::KycVerified).unwrap_err()
        };
        assert_eq!(change(|envelope| envelope.customer_id = None), Unreadable::Incomplete("customerId"));
        assert_eq!(change(|envelope| envelope.sequence = None), Unreadable::Incomplete("sequence"));
        assert_eq!(change(|envelope| envelope.application_id = None), Unreadable::Incomplete("applicationId"));
        assert_eq!(change(|envelope| envelope.data = json!({})).code(), "WRONG_DATA");
    }

    #[test]
    fn an_error_needs_no_customer() {
        let mut error = envelope(EventType::WorkflowError);
        (error.customer_id, error.sequence, error.application_id) = (None, None, None);
        assert!(read(Some(error.to_text().as_bytes()), EventType::WorkflowError).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            for event_type in EventType::ALL {
                let _ = read(Some(&bytes), event_type);
            }
        }
    }
}
