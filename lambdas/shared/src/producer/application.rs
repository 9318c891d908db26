//! Steps that are taken on an application: whose it is, that it is the one under way, and the write that moves it on.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};

use super::body::is_id;
use super::outcome::Outcome;
use super::{Call, Planned, Producer, Standing};
use crate::http::Problem;
use crate::progress::{State, Step};
use crate::tables::{ApplicationRow, from_item, text};

impl Producer {
    /// Reads an application of a customer from `table`; 404 where there is none, 403 where it is another's.
    pub async fn application(
        &self,
        customer_id: &str,
        table: &str,
        application_id: &str,
    ) -> anyhow::Result<Result<ApplicationRow, Problem>> {
        // What is no id names nothing; the table would refuse a key of more than 2048 bytes as our mistake.
        if !is_id(application_id) {
            return Ok(Err(no_such_application()));
        }
        let found = self
            .dynamodb
            .get_item()
            .table_name(table)
            .key("applicationId", text(application_id))
            .consistent_read(true)
            .send()
            .await
            .context("dynamodb:GetItem on the applications table failed")?;
        let Some(item) = found.item.filter(|item| !item.is_empty()) else {
            return Ok(Err(no_such_application()));
        };
        let row: ApplicationRow = from_item(item)?;
        Ok(if row.customer_id == customer_id { Ok(row) } else { Err(Problem::forbidden()) })
    }

    /// Takes a step on an application, as [`Self::take`] does. Whose application it is comes before whether the
    /// customer's state allows the step, and only the application under way can be moved on.
    pub async fn take_on(
        &self,
        call: &mut Call<'_>,
        step: Step,
        on: (&str, &str),
        plan: impl AsyncFn(&Standing, ApplicationRow) -> anyhow::Result<Result<Planned, Problem>>,
    ) -> anyhow::Result<Outcome> {
        let plan = async |standing: &Standing, application, ()| plan(standing, application).await;
        self.take_on_with(call, step, on, async || Ok(()), plan).await
    }

    /// The same for a step that decides by something else, too: `beside` is read while the application is, and counts
    /// only where that is the caller's.
    pub async fn take_on_with<Beside>(
        &self,
        call: &mut Call<'_>,
        step: Step,
        (table, application_id): (&str, &str),
        beside: impl AsyncFn() -> anyhow::Result<Beside>,
        plan: impl AsyncFn(&Standing, ApplicationRow, Beside) -> anyhow::Result<Result<Planned, Problem>>,
    ) -> anyhow::Result<Outcome> {
        let customer_id = call.customer_id()?.to_owned();
        let on_application = async |standing: &Standing| {
            // Both after the customer's row: the condition on that one covers what was read later only.
            let (application, beside) = tokio::join!(self.application(&customer_id, table, application_id), beside());
            let application = match application? {
                Ok(application) => application,
                Err(problem) => return Ok(Err(problem)),
            };
            if standing.application_id.as_deref().is_some_and(|current| current != application_id) {
                return Ok(Err(not_current(standing.state)));
            }
            plan(standing, application, beside?).await
        };
        let outcome = self.take(call, step, on_application).await?;
        // The state was looked at first, because that needs no second read. A stranger must not hear of it.
        if matches!(&outcome, Outcome::Refused { problem } if problem.status == 409)
            && let Err(problem) = self.application(&customer_id, table, application_id).await?
        {
            return Ok(problem.into());
        }
        Ok(outcome)
    }
}

fn no_such_application() -> Problem {
    Problem::new(404, "NOT_FOUND", "There is no such application.")
}

/// An application that another has taken the place of.
fn not_current(state: State) -> Problem {
    let message = "Another application of the customer is under way.";
    Problem { state: Some(state.as_str().to_owned()), ..Problem::new(409, "APPLICATION_NOT_CURRENT", message) }
}

/// The write that moves an application on: its state, the time, and what the step adds.
pub fn moved_on(
    table: &str,
    application_id: &str,
    state: State,
    set: Vec<(&'static str, AttributeValue)>,
) -> anyhow::Result<TransactWriteItem> {
    let now = crate::time::text(crate::time::now());
    let mut update = Update::builder()
        .table_name(table)
        .key("applicationId", text(application_id))
        // An application that was archived meanwhile must not come back as a fragment.
        .condition_expression("attribute_exists(applicationId)");
    let mut assignments = Vec::with_capacity(set.len() + 2);
    for (name, value) in [("state", text(state.as_str())), ("updatedAt", text(now))].into_iter().chain(set) {
        assignments.push(format!("#{name} = :{name}"));
        update = update
            .expression_attribute_names(format!("#{name}"), name)
            .expression_attribute_values(format!(":{name}"), value);
    }
    let update = update.update_expression(format!("SET {}", assignments.join(", "))).build()?;
    Ok(TransactWriteItem::builder().update(update).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_moves_the_application_on() {
        let write = moved_on("t", "a-1", State::Completed, vec![("policyId", text("p-1"))]).unwrap();
        let update = write.update().unwrap();
        assert_eq!(update.update_expression(), "SET #state = :state, #updatedAt = :updatedAt, #policyId = :policyId");
        assert_eq!(update.expression_attribute_values().unwrap()[":state"], text("COMPLETED"));
        assert_eq!(update.expression_attribute_names().unwrap()["#policyId"], "policyId");
    }

    #[test]
    fn an_application_that_is_not_under_way_is_a_conflict() {
        let problem = not_current(State::DocumentsProcessed);
        assert_eq!((problem.status, problem.state.as_deref()), (409, Some("DOCUMENTS_PROCESSED")));
    }
}
