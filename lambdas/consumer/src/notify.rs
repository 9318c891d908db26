//! Who hears of an event: the customer's open sockets, operators, compliance. Messages to people carry ids and results.

use std::time::Instant;

use anyhow::Context as _;
use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::{Value, json};
use shared::events::WorkflowErrorKind;
use shared::log::Line;
use shared::tables::MarkerRow;

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

impl Audience {
    /// As a log line writes it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Compliance => "compliance",
        }
    }
}

/// Sends everything that an event causes beside its table effects. Receivers drop what they have by event id; a mailbox
/// can't, so that the marker says whether the mail has gone.
pub async fn notify(function: &Function, event: &Event, marker: &MarkerRow) -> anyhow::Result<()> {
    let (pushed, published, mailed) =
        tokio::join!(push::push(function, event), publish(function, event), mail::thank(function, event, marker));
    published.and(pushed).and(mailed)
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

/// Tells the event's audience. What SNS won't take is logged and counted: trying it again would only hold the partition.
async fn publish(function: &Function, event: &Event) -> anyhow::Result<()> {
    let started = Instant::now();
    let Some(audience) = audience(&event.data) else {
        return Ok(());
    };
    let topic = match audience {
        Audience::Alerts => &function.alerts,
        Audience::Compliance => &function.compliance,
    };
    let attribute = |value: &str| MessageAttributeValue::builder().data_type("String").string_value(value).build();
    let sent = function
        .sns
        .publish()
        .topic_arn(topic)
        .subject(format!("OnboardAI {}", event.envelope.event_type))
        .message(message(event).to_string())
        .message_attributes("eventType", attribute(event.envelope.event_type.as_str())?)
        .message_attributes("eventId", attribute(&event.envelope.event_id)?)
        .send()
        .await;
    let line = |line: Line| {
        line.trace(&event.envelope.trace_id)
            .event(&event.envelope.event_id)
            .customer(event.envelope.customer_id.as_deref())
            .field("audience", audience.as_str())
            .duration(started)
    };
    match sent {
        Ok(_) => line(Line::info("notified")).count("NotificationsSent").write(),
        Err(error) if error.as_service_error().is_some_and(is_refused) => {
            let error = anyhow::Error::new(error).context("sns:Publish failed");
            line(Line::error("the notification was refused")).cause(&error).count("NotificationsRefused").write();
        }
        Err(error) => return Err(error).context("sns:Publish failed"),
    }
    Ok(())
}

/// Whether it is the message that SNS won't take: another try would end the same. A topic or key that the function may not
/// use is somebody's mistake that can be mended, and nobody may miss a customer who has to be looked at for it. Source:
/// Amazon SNS API Reference, "`Publish`", errors.
const fn is_refused(error: &PublishError) -> bool {
    matches!(
        error,
        PublishError::InvalidParameterException(_)
            | PublishError::InvalidParameterValueException(_)
            | PublishError::ValidationException(_)
    )
}

#[cfg(test)]
mod tests {
    use aws_sdk_sns::types::error as errors;
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
    fn what_another_try_can_mend_is_not_refused() {
        let invalid = errors::InvalidParameterException::builder().build();
        assert!(is_refused(&PublishError::InvalidParameterException(invalid)));
        let denied = errors::AuthorizationErrorException::builder().build();
        assert!(!is_refused(&PublishError::AuthorizationErrorException(denied)));
        let internal = errors::InternalErrorException::builder().build();
        assert!(!is_refused(&PublishError::InternalErrorException(internal)));
        let throttled = errors::KmsThrottlingException::builder().build();
        assert!(!is_refused(&PublishError::KmsThrottlingException(throttled)));
    }

    #[test]
    fn a_message_carries_ids() {
        let message = message(&event(EventType::UserInfoSubmitted));
        let keys: Vec<_> = message.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["eventId", "eventType", "customerId", "traceId", "applicationId"]);
    }
}
