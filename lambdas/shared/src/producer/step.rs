//! A step: one transaction with the customer's row under its condition, the rows of the step, the customer's next
//! sequence, the outbox row and the remembered outcome.
//!
//! Every step of a customer is conditional on the sequence that was read before it was planned, so whatever a plan read
//! of that customer still holds when it is written, and steps of one customer are in order.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::outcome::Outcome;
use super::{Call, Producer};
use crate::events::Envelope;
use crate::http::Problem;
use crate::idempotency::Begun;
use crate::log::Line;
use crate::outbox::{self, Published};
use crate::progress::{State, Step};
use crate::tables::{Item, OutboxRow, from_item, number, text};
use crate::transaction::{self, Outcome as Written};

/// How often a step is tried against other steps of the same customer.
const ATTEMPTS: u32 = 8;

/// Where a customer stands: what steps need of the `users` row.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The step that the customer has reached.
    pub state: State,
    /// The last used sequence; 0 for a customer that never submitted.
    pub sequence: u64,
    /// The application under way.
    #[serde(default)]
    pub application_id: Option<String>,
    /// How often the identity was checked.
    #[serde(default)]
    pub kyc_tries: u32,
    /// The whole row; empty for a customer that never submitted.
    #[serde(skip)]
    row: Item,
}

impl Standing {
    /// Where the customer of a row stands.
    pub(super) fn of(row: Option<Item>) -> anyhow::Result<Self> {
        match row.filter(|row| !row.is_empty()) {
            Some(row) => Ok(Self { row: row.clone(), ..from_item(row)? }),
            None => Ok(Self::default()),
        }
    }

    /// What the customer declared, of which `Declared` takes what it needs.
    pub fn declared<Declared: DeserializeOwned>(&self) -> anyhow::Result<Declared> {
        anyhow::ensure!(!self.row.is_empty(), "a customer with an application has no row");
        from_item(self.row.clone())
    }
}

/// What a step comes to.
#[derive(Debug)]
pub struct Planned {
    /// The customer's state after it.
    pub state: State,
    /// The event's `data`: ids and results only.
    pub data: Value,
    /// The application that the event is about.
    pub application_id: Option<String>,
    /// What changes on the customer's row beside state and sequence; none removes the attribute.
    pub user: Vec<(&'static str, Option<AttributeValue>)>,
    /// The step's other rows, at most 90. The condition on the customer's row covers them.
    pub writes: Vec<TransactWriteItem>,
    /// The answer's status.
    pub status: u16,
    /// The answer, but for what is minted anew each time.
    pub body: Value,
}

/// One try of a step.
enum Tried {
    /// The row to publish, and whether an older one waits.
    Written(Box<OutboxRow>, anyhow::Result<bool>),
    /// Another step of the same customer came first.
    Overtaken,
    /// Another attempt with the same key has taken over.
    Superseded,
}

impl Producer {
    /// Where the caller stands: as it was read while the token was verified, once; else as it is now.
    pub async fn standing(&self, call: &mut Call<'_>) -> anyhow::Result<Standing> {
        match call.ahead.standing.take() {
            Some(standing) => Ok(standing),
            // A customer id that was made just now has no row.
            None if call.customer_is_new => Ok(Standing::default()),
            None => self.read_standing(call.customer_id()?).await,
        }
    }

    /// Reads where the customer stands.
    pub(super) async fn read_standing(&self, customer_id: &str) -> anyhow::Result<Standing> {
        let get = self.dynamodb.get_item().table_name(&self.users).key("customerId", text(customer_id));
        let found = get.consistent_read(true).send().await.context("dynamodb:GetItem on the users table failed")?;
        Standing::of(found.item)
    }

    /// Takes a step: `plan` is asked again whenever another step of the same customer came first, so it reads what it
    /// decides by itself. Its refusals become the call's.
    pub async fn take(
        &self,
        call: &mut Call<'_>,
        step: Step,
        plan: impl AsyncFn(&Standing) -> anyhow::Result<Result<Planned, Problem>>,
    ) -> anyhow::Result<Outcome> {
        let customer_id = call.customer.clone().context("a step without a customer")?;
        for _ in 0..ATTEMPTS {
            let standing = self.standing(call).await?;
            if !step.allowed_after(standing.state) {
                return self.refuse(call, Problem::state(standing.state.as_str())).await;
            }
            let planned = match plan(&standing).await? {
                Ok(planned) => planned,
                Err(problem) => return self.refuse(call, problem).await,
            };
            let outcome = Outcome::done(planned.status, planned.body.clone());
            match self.try_step(call, step, &customer_id, &standing, planned, &outcome).await? {
                Tried::Written(row, older) => return self.publish(call, &row, older, outcome).await,
                Tried::Superseded => {
                    return Ok(Begun::UnderWay.refusal().unwrap_or_else(Problem::internal).into());
                }
                Tried::Overtaken => {}
            }
        }
        anyhow::bail!("the customer's row changed {ATTEMPTS} times under the step")
    }

    async fn try_step(
        &self,
        call: &Call<'_>,
        step: Step,
        customer_id: &str,
        standing: &Standing,
        planned: Planned,
        outcome: &Outcome,
    ) -> anyhow::Result<Tried> {
        let sequence = standing.sequence + 1;
        let mut envelope = Envelope::new(step.event(), self.source, &call.trace_id, &planned.data)
            .of_customer(customer_id, Some(sequence));
        envelope.application_id.clone_from(&planned.application_id);
        let row = outbox::customer_row(&envelope, customer_id, sequence);
        let user = self.user(customer_id, standing, planned.state, planned.user)?;
        let mut writes = vec![user, self.outbox.put(&row)?];
        let with_attempt = call.attempt.is_some();
        if let Some(attempt) = &call.attempt {
            writes.push(attempt.complete(&self.idempotency, &outcome.to_value())?);
        }
        writes.extend(planned.writes);
        let (written, older) = tokio::join!(transaction::write(&self.dynamodb, writes), self.outbox.older_waits(&row));
        Ok(match written? {
            Written::Written => Tried::Written(Box::new(row), older),
            Written::Refused(refusals) if with_attempt && refusals.iter().any(|refusal| refusal.index == 2) => {
                Tried::Superseded
            }
            Written::Refused(_) => Tried::Overtaken,
        })
    }

    fn user(
        &self,
        customer_id: &str,
        before: &Standing,
        state: State,
        changes: Vec<(&'static str, Option<AttributeValue>)>,
    ) -> anyhow::Result<TransactWriteItem> {
        let mut update = Update::builder()
            .table_name(&self.users)
            .key("customerId", text(customer_id))
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#sequence", "sequence")
            .expression_attribute_values(":state", text(state.as_str()))
            .expression_attribute_values(":sequence", number(before.sequence + 1))
            .expression_attribute_values(":now", text(crate::time::text(crate::time::now())));
        let mut set = vec![
            "#state = :state".to_owned(),
            "#sequence = :sequence".to_owned(),
            "createdAt = if_not_exists(createdAt, :now)".to_owned(),
            "updatedAt = :now".to_owned(),
        ];
        let mut removed = Vec::new();
        for (index, (name, value)) in changes.into_iter().enumerate() {
            update = update.expression_attribute_names(format!("#u{index}"), name);
            if let Some(value) = value {
                update = update.expression_attribute_values(format!(":u{index}"), value);
                set.push(format!("#u{index} = :u{index}"));
            } else {
                removed.push(format!("#u{index}"));
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !removed.is_empty() {
            expression = format!("{expression} REMOVE {}", removed.join(", "));
        }
        update = if before.sequence == 0 {
            update.condition_expression("attribute_not_exists(customerId)")
        } else {
            update
                .condition_expression("#sequence = :before AND #state = :was")
                .expression_attribute_values(":before", number(before.sequence))
                .expression_attribute_values(":was", text(before.state.as_str()))
        };
        Ok(TransactWriteItem::builder().update(update.update_expression(expression).build()?).build())
    }

    /// Asks which versions of the session secret there are where the answer's token will need it and no token was
    /// verified before.
    async fn ask_who_signs(&self, call: &Call<'_>) {
        if call.customer_is_new {
            self.sessions.ask().await;
        }
    }

    /// The producer's own attempt to publish, after its transaction.
    async fn publish(
        &self,
        call: &mut Call<'_>,
        row: &OutboxRow,
        older: anyhow::Result<bool>,
        outcome: Outcome,
    ) -> anyhow::Result<Outcome> {
        // The row of the last step is deleted after that step's answer: what was still there a moment ago may be gone.
        let older = match older {
            Ok(true) => self.outbox.older_waits(row).await,
            known => known,
        };
        let (published, ()) =
            tokio::join!(self.outbox.publish_or_leave(&self.publisher, row, older), self.ask_who_signs(call));
        call.event_id = Some(row.event_id.clone());
        if published == Published::Now {
            return Ok(outcome);
        }
        let Outcome::Done { status, body, .. } = outcome else {
            return Ok(outcome);
        };
        let outcome = Outcome::Done { status, body, event_pending: true };
        if let Some(attempt) = &call.attempt {
            // A repeat shall hear the same; if this can't be written it hears the first form, and the event is
            // published all the same.
            if let Err(error) = attempt.settle(&self.dynamodb, &self.idempotency, &outcome.to_value()).await {
                Line::warn("the outcome keeps its first form").trace(&call.trace_id).cause(&error).write();
            }
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_is_read_from_the_users_row() {
        let item = Item::from([("state".to_owned(), text("USER_INFO_SUBMITTED")), ("sequence".to_owned(), number(3))]);
        let expected = Standing { state: State::UserInfoSubmitted, sequence: 3, ..Standing::default() };
        assert_eq!(from_item::<Standing>(item).unwrap(), expected);
        assert_eq!(Standing::default().state, State::New);
    }
}
