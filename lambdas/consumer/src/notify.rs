//! Who hears of an event: the customer's open sockets, operators, compliance. Messages to people carry ids and results.

use anyhow::Context as _;
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::{Value, json};
use shared::events::WorkflowErrorKind;

use crate::event::{Data, Event};
use crate::function::Function;
use crate::mail;
use crate::push;

/// An SNS topic of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    Alerts,
    Compliance,
}

/// What became of an event's notifications, as far as its marker tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What SES calls the mail that it took.
    pub mail_id: Option<String>,
}

/// Sends everything that an event causes beside its table effects. Receivers drop what they have by event id.
pub async fn notify(function: &Function, event: &Event) -> anyhow::Result<Sent> {
    let (pushed, published, mailed) =
        tokio::join!(push::push(function, event), publish(function, event), mail::thank(function, event));
    published.and(pushed)?;
    Ok(Sent { mail_id: mailed? })
}

/// Which people hear of an event. Validation failures are nobody's mail: anyone outside can cause them.
fn audience(data: &Data) -> Option<Audience> {
    match data {
        Data::UserInfo(_) => Some(Audience::Alerts),
        Data::Kyc(kyc) if kyc.requires_review() => Some(Audience::Compliance),
        Data::Error(error) if error.kind == WorkflowErrorKind::DeadLetter => Some(Audience::Alerts),
        _ => None,
    }
}

fn message(event: &Event) -> Value {
    let envelope = &event.envelope;
    let mut message = json!({
        "eventId": envelope.event_id,
        "eventType": envelope.event_type,
        "customerId": envelope.customer_id,
        "traceId": envelope.trace_id,
    });
    if let Some(application_id) = &envelope.application_id {
        message["applicationId"] = json!(application_id);
    }
    match &event.data {
        Data::Kyc(kyc) => message["status"] = json!(kyc.status),
        Data::Error(error) => {
            message["code"] = json!(error.code);
            message["deadLetter"] = json!(error.dead_letter);
        }
        _ => {}
    }
    message
}

async fn publish(function: &Function, event: &Event) -> anyhow::Result<()> {
    let topic = match audience(&event.data) {
        None => return Ok(()),
        Some(Audience::Alerts) => &function.alerts,
        Some(Audience::Compliance) => &function.compliance,
    };
    let attribute = |value: &str| MessageAttributeValue::builder().data_type("String").string_value(value).build();
    function
        .sns
        .publish()
        .topic_arn(topic)
        .subject(format!("OnboardAI {}", event.envelope.event_type))
        .message(message(event).to_string())
        .message_attributes("eventType", attribute(event.envelope.event_type.as_str())?)
        .message_attributes("eventId", attribute(&event.envelope.event_id)?)
        .send()
        .await
        .context("sns:Publish failed")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared::events::EventType;

    use super::*;
    use crate::event::samples::event;

    #[test]
    fn audiences_by_event() {
        for (event_type, expected) in [
            (EventType::UserInfoSubmitted, Some(Audience::Alerts)),
            (EventType::DocumentsProcessed, None),
            (EventType::KycVerified, Some(Audience::Compliance)),
            (EventType::PolicyRecommended, None),
            (EventType::WorkflowCompleted, None),
            (EventType::WorkflowError, None),
        ] {
            assert_eq!(audience(&event(event_type).data), expected, "{event_type}");
        }
    }

    #[test]
    fn compliance_hears_of_reviews_only_and_operators_of_dead_letters() {
        let mut kyc = event(EventType::KycVerified);
        if let Data::Kyc(data) = &mut kyc.data {
            data.status = "APPROVED".into();
        }
        assert_eq!(audience(&kyc.data), None);
        let mut error = event(EventType::WorkflowError);
        if let Data::Error(data) = &mut error.data {
            data.kind = WorkflowErrorKind::DeadLetter;
        }
        assert_eq!(audience(&error.data), Some(Audience::Alerts));
    }

    #[test]
    fn a_message_carries_ids() {
        let message = message(&event(EventType::UserInfoSubmitted));
        let keys: Vec<_> = message.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["eventId", "eventType", "customerId", "traceId", "applicationId"]);
    }
}
