//! Steps that are taken on an application: whose it is, that it is the one under way, and the write that moves it on.

use std::cell::Cell;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use futures::future::try_join_all;

use super::body::is_id;
use super::outcome::Outcome;
use super::{Call, Planned, Producer, Standing};
use crate::http::Problem;
use crate::progress::{State, Step};
use crate::tables::{ApplicationRow, Item, from_item, text};

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
        own(self.row(table, application_id).await?, customer_id)
    }

    async fn row(&self, table: &str, application_id: &str) -> anyhow::Result<Option<Item>> {
        let get = self.dynamodb.get_item().table_name(table).key("applicationId", text(application_id));
        let found = get.consistent_read(true).send().await;
        let found = found.with_context(|| format!("dynamodb:GetItem on the table {table} failed"))?;
        Ok(found.item.filter(|item| !item.is_empty()))
    }

    /// Takes a step on an application, as [`Self::take`] does. Whose application it is comes before whether the
    /// customer's state allows the step, and only the application under way can be moved on. `plan` is given the
    /// application's row, which is in the first of the `tables`, and its rows in the others.
    pub async fn take_on(
        &self,
        call: &mut Call<'_>,
        step: Step,
        (application_id, tables): (&str, &[&str]),
        plan: impl AsyncFn(&Standing, ApplicationRow, Vec<Option<Item>>) -> anyhow::Result<Result<Planned, Problem>>,
    ) -> anyhow::Result<Outcome> {
        let customer_id = call.customer_id()?.to_owned();
        let ahead = Cell::new(call.ahead.rows_of(application_id));
        let on_application = async |standing: &Standing| {
            // With the customer's row or after it: the condition on that one covers no rows that were read before.
            let mut rows = match ahead.take() {
                Some(rows) => rows,
                None => try_join_all(tables.iter().map(|table| self.row(table, application_id))).await?,
            };
            let others = rows.split_off(1);
            let application = match own(rows.pop().flatten(), &customer_id)? {
                Ok(application) => application,
                Err(problem) => return Ok(Err(problem)),
            };
            if standing.application_id.as_deref().is_some_and(|current| current != application_id) {
                return Ok(Err(not_current(standing.state)));
            }
            plan(standing, application, others).await
        };
        let outcome = self.take(call, step, on_application).await?;
        // The state was looked at first, because that needs no second read. A stranger must not hear of it.
        if matches!(&outcome, Outcome::Refused { problem } if problem.status == 409)
            && let Err(problem) = own(self.row(tables[0], application_id).await?, &customer_id)?
        {
            return Ok(problem.into());
        }
        Ok(outcome)
    }
}

/// An application's row, if it is there and the customer's.
fn own(row: Option<Item>, customer_id: &str) -> anyhow::Result<Result<ApplicationRow, Problem>> {
    let Some(row) = row else {
        return Ok(Err(no_such_application()));
    };
    let row: ApplicationRow = from_item(row)?;
    Ok(if row.customer_id == customer_id { Ok(row) } else { Err(Problem::forbidden()) })
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
