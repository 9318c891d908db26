//! The thank-you mail of a completed workflow, through SES to the customer's own address. The address is read from the
//! customer's row when the mail is sent, because events carry none.

use std::time::Instant;

use anyhow::Context as _;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag};
use serde::Deserialize;
use shared::events::WorkflowCompleted;
use shared::log::Line;
use shared::tables::{MarkerRow, from_item, text};

use crate::event::{Data, Event};
use crate::function::Function;
use crate::process;

const SUBJECT: &str = "Welcome: your policy is on its way";

/// What the mail needs of the customer's row.
#[derive(Deserialize)]
struct Recipient {
    email: String,
}

/// Thanks the customer, and at once notes on the marker what SES calls the mail that it took: what else fails is tried
/// again without another mail. A mail that SES won't take is logged and counted: trying it again would only hold the
/// partition.
pub async fn thank(function: &Function, event: &Event, marker: &MarkerRow) -> anyhow::Result<()> {
    let (Data::Completed(completed), Some(customer_id)) = (&event.data, event.envelope.customer_id.as_deref()) else {
        return Ok(());
    };
    if marker.mail_id.is_some() {
        return Ok(());
    }
    let Some(recipient) = recipient(function, customer_id).await? else {
        return Ok(());
    };
    let started = Instant::now();
    let event_id = event.envelope.event_id.as_str();
    let header = MessageHeader::builder().name("X-OnboardAI-Event-Id").value(event_id).build()?;
    let content = |text: String| Content::builder().data(text).charset("UTF-8").build();
    let message = Message::builder()
        .subject(content(SUBJECT.to_owned())?)
        .body(Body::builder().text(content(words(completed, event_id))?).build())
        .headers(header)
        .build();
    let sent = function
        .ses
        .send_email()
        .from_email_address(&function.mail_sender)
        .destination(Destination::builder().to_addresses(recipient.email).build())
        .content(EmailContent::builder().simple(message).build())
        .email_tags(MessageTag::builder().name("eventId").value(event_id).build()?)
        .send()
        .await;
    let line = |line: Line| line.trace(&event.envelope.trace_id).event(event_id).customer(Some(customer_id));
    match sent {
        Ok(sent) => {
            line(Line::info("mailed")).duration(started).count("MailsSent").write();
            process::set_on_marker(function, marker, "mailId", sent.message_id().unwrap_or("unknown")).await
        }
        Err(error) if error.as_service_error().is_some_and(is_refused) => {
            // The service's words may repeat the address, so only its code is told.
            let code = shared::aws::code(&error).unwrap_or("refused").to_owned();
            line(Line::error("the mail was refused"))
                .field("code", code)
                .duration(started)
                .count("MailsRefused")
                .write();
            Ok(())
        }
        Err(error) => Err(error).context("ses:SendEmail failed"),
    }
}

/// None for a customer that was deleted.
async fn recipient(function: &Function, customer_id: &str) -> anyhow::Result<Option<Recipient>> {
    let found = function
        .dynamodb
        .get_item()
        .table_name(&function.users)
        .key("customerId", text(customer_id))
        .projection_expression("email")
        .consistent_read(true)
        .send()
        .await
        .context("dynamodb:GetItem on the users table failed")?;
    found.item.filter(|item| !item.is_empty()).map(from_item).transpose()
}

fn words(completed: &WorkflowCompleted, event_id: &str) -> String {
    format!(
        "Thank you for choosing us.\n\nYour application is complete, and the policy {} is being prepared. \
         There is nothing left for you to do.\n\nReference: {event_id}\n",
        completed.policy_id
    )
}

/// Whether SES won't take this message, or any of this account or domain, until somebody does something about it: another
/// try would end the same. Source: Amazon SES API v2 Reference, "`SendEmail`", errors.
const fn is_refused(error: &SendEmailError) -> bool {
    matches!(
        error,
        SendEmailError::MessageRejected(_)
            | SendEmailError::BadRequestException(_)
            | SendEmailError::NotFoundException(_)
            | SendEmailError::AccountSuspendedException(_)
            | SendEmailError::SendingPausedException(_)
            | SendEmailError::MailFromDomainNotVerifiedException(_)
    )
}

#[cfg(test)]
mod tests {
    use aws_sdk_sesv2::types::error as errors;

    use super::*;

    #[test]
    fn what_another_try_can_mend_is_not_refused() {
        let paused = errors::SendingPausedException::builder().build();
        assert!(is_refused(&SendEmailError::SendingPausedException(paused)));
        let suspended = errors::AccountSuspendedException::builder().build();
        assert!(is_refused(&SendEmailError::AccountSuspendedException(suspended)));
        let throttled = errors::TooManyRequestsException::builder().build();
        assert!(!is_refused(&SendEmailError::TooManyRequestsException(throttled)));
    }

    #[test]
    fn the_words_name_the_policy_and_the_event_and_nobody() {
        let words = words(&WorkflowCompleted { policy_id: "term-life".into() }, "e-1");
        assert!(words.contains("term-life") && words.contains("Reference: e-1"));
    }
}
