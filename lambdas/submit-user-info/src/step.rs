//! The step of tile 1: one transaction with the user under its condition, the customer's next sequence, the outbox row
//! and the outcome. And the event of a request that was refused.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use serde::Deserialize;
use shared::events::{Envelope, EventType, UserInfoSubmitted, WorkflowError, WorkflowErrorKind};
use shared::http::Problem;
use shared::idempotency::Attempt;
use shared::outbox::{self, Published};
use shared::progress::{State, Step};
use shared::tables::{OutboxRow, OutboxState, attribute, from_item, number, text};
use shared::transaction::{self, Outcome as Written};

use crate::form::UserInfo;
use crate::function::Function;
use crate::outcome::Outcome;

/// Who writes the events.
pub const SOURCE: &str = "submit-user-info";

/// How often the step is tried against other steps of the same customer.
const ATTEMPTS: u32 = 8;

/// How the step ended.
pub enum Stepped {
    /// It is written; this is its event.
    Written(OutboxRow),
    /// The customer's state does not allow it.
    NotAllowed(State),
    /// Another attempt with the same key has taken over.
    Superseded,
}

/// Where the customer stands.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Standing {
    /// The step that the customer has reached.
    pub state: State,
    /// The last used sequence.
    pub sequence: u64,
}

/// Reads where the customer stands; none for one that never submitted.
pub async fn standing(function: &Function, customer_id: &str) -> anyhow::Result<Option<Standing>> {
    let found = function
        .dynamodb
        .get_item()
        .table_name(&function.users)
        .key("customerId", text(customer_id))
        .consistent_read(true)
        .projection_expression("#state, #sequence")
        .expression_attribute_names("#state", "state")
        .expression_attribute_names("#sequence", "sequence")
        .send()
        .await
        .context("dynamodb:GetItem on the users table failed")?;
    found.item.filter(|item| !item.is_empty()).map(from_item).transpose()
}

/// Takes the step. `customer_is_new` spares the read for a customer id that was made just now.
pub async fn submit(
    function: &Function,
    (customer_id, customer_is_new): (&str, bool),
    info: &UserInfo,
    trace_id: &str,
    attempt: Option<&Attempt>,
) -> anyhow::Result<Stepped> {
    for _ in 0..ATTEMPTS {
        let before = if customer_is_new { None } else { standing(function, customer_id).await? };
        let state = before.map_or(State::New, |before| before.state);
        if !Step::SubmitUserInfo.allowed_after(state) {
            return Ok(Stepped::NotAllowed(state));
        }
        let sequence = before.map_or(0, |before| before.sequence) + 1;
        let data = UserInfoSubmitted { resubmitted: before.is_some() };
        let envelope = Envelope::new(EventType::UserInfoSubmitted, SOURCE, trace_id, &data)
            .of_customer(customer_id, Some(sequence));
        let row = outbox::customer_row(&envelope, customer_id, sequence);
        let mut writes = vec![user(function, customer_id, info, before)?, function.outbox.put(&row)?];
        if let Some(attempt) = attempt {
            let outcome = Outcome::Submitted { customer_id: customer_id.to_owned(), event_pending: false };
            writes.push(attempt.complete(&function.idempotency, &outcome.to_value())?);
        }
        match transaction::write(&function.dynamodb, writes).await? {
            Written::Written => return Ok(Stepped::Written(row)),
            Written::Refused(refusals) if refusals.iter().any(|refusal| refusal.index == 2) => {
                return Ok(Stepped::Superseded);
            }
            // Another step of the same customer came first: look again.
            Written::Refused(_) => {}
        }
    }
    anyhow::bail!("the customer's row changed {ATTEMPTS} times under the step")
}

fn user(
    function: &Function,
    customer_id: &str,
    info: &UserInfo,
    before: Option<Standing>,
) -> anyhow::Result<TransactWriteItem> {
    let now = shared::time::text(shared::time::now());
    let address = match &info.address {
        Some(_) => ", address = :address",
        None => " REMOVE address",
    };
    let update = Update::builder()
        .table_name(&function.users)
        .key("customerId", text(customer_id))
        .update_expression(format!(
            "SET email = :email, firstName = :first, lastName = :last, dateOfBirth = :born, phoneNumber = :phone, \
             #state = :state, #sequence = :sequence, createdAt = if_not_exists(createdAt, :now), updatedAt = :now{address}"
        ))
        .expression_attribute_names("#state", "state")
        .expression_attribute_names("#sequence", "sequence")
        .expression_attribute_values(":email", text(&info.email))
        .expression_attribute_values(":first", text(&info.first_name))
        .expression_attribute_values(":last", text(&info.last_name))
        .expression_attribute_values(":born", text(&info.date_of_birth))
        .expression_attribute_values(":phone", text(&info.phone_number))
        .expression_attribute_values(":state", text(State::UserInfoSubmitted.as_str()))
        .expression_attribute_values(":sequence", number(before.map_or(0, |before| before.sequence) + 1))
        .expression_attribute_values(":now", text(now));
    let update = match &info.address {
        Some(address) => update.expression_attribute_values(":address", attribute(address)?),
        None => update,
    };
    let update = match before {
        None => update.condition_expression("attribute_not_exists(customerId)"),
        Some(before) => update
            .condition_expression("#sequence = :before AND #state = :was")
            .expression_attribute_values(":before", number(before.sequence))
            .expression_attribute_values(":was", text(before.state.as_str())),
    };
    Ok(TransactWriteItem::builder().update(update.build()?).build())
}

/// Publishes a refused request as a workflow error: field names and what is wrong, never a value. It belongs to no
/// customer's order, so it waits for nothing.
pub async fn report_refusal(
    function: &Function,
    customer_id: Option<&str>,
    problem: &Problem,
    trace_id: &str,
    attempt: Option<&Attempt>,
) -> anyhow::Result<(String, Published)> {
    let data = WorkflowError {
        kind: WorkflowErrorKind::Validation,
        code: problem.code.clone(),
        reason: problem.message.clone(),
        fields: problem.fields.clone(),
        dead_letter: None,
    };
    let mut envelope = Envelope::new(EventType::WorkflowError, SOURCE, trace_id, &data);
    if let Some(customer_id) = customer_id {
        envelope = envelope.of_customer(customer_id, None);
    }
    let origin = format!("{SOURCE}#{}", envelope.event_id);
    let row = outbox::origin_row(&envelope, &origin, customer_id.unwrap_or(&origin), OutboxState::Fresh);
    let mut writes = vec![function.outbox.put(&row)?];
    if let Some(attempt) = attempt {
        let outcome = Outcome::Refused { problem: problem.clone() };
        writes.push(attempt.complete(&function.idempotency, &outcome.to_value())?);
    }
    match transaction::write(&function.dynamodb, writes).await? {
        Written::Written => {
            Ok((row.event_id.clone(), function.outbox.publish_or_leave(&function.publisher, &row).await))
        }
        // Another attempt has taken over, and it reports the refusal.
        Written::Refused(_) => Ok((row.event_id, Published::Later)),
    }
}

/// A row of the users table, for `GET /api/user/{customerId}/progress`.
pub async fn progress(function: &Function, customer_id: &str) -> anyhow::Result<State> {
    Ok(standing(function, customer_id).await?.map_or(State::New, |standing| standing.state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_is_read_from_the_users_row() {
        let item = shared::tables::Item::from([
            ("state".to_owned(), text("USER_INFO_SUBMITTED")),
            ("sequence".to_owned(), number(3)),
        ]);
        assert_eq!(from_item::<Standing>(item).unwrap(), Standing { state: State::UserInfoSubmitted, sequence: 3 });
    }
}
