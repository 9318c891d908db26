//! `POST /api/policy/select`: the choice, as the last step of the customer.

use shared::api::{SelectAnswer, body};
use shared::events::{Fields, WorkflowCompleted};
use shared::http::Problem;
use shared::producer::{Access, Body, Call, Outcome, Payload, Planned, Producer, Route, Service, Standing, moved_on};
use shared::progress::{State, Step};
use shared::tables::{ApplicationRow, Item, RecommendationsRow, from_item, text};

use crate::function::Function;

impl Service for Function {
    const ROUTES: &'static [Route] =
        &[Route { method: "POST", path: "/api/policy/select", access: Access::Session, payload: Payload::Json }];

    fn producer(&self) -> &Producer {
        &self.producer
    }

    fn tables_by_application(&self) -> Vec<&str> {
        vec![&self.applications, &self.recommendations]
    }

    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let (application_id, policy_id) = match read(&call.body) {
            Ok(read) => read,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let plan = async |_: &Standing, application: ApplicationRow, others: Vec<Option<Item>>| {
            let offered = others.into_iter().next().flatten().map(from_item).transpose()?;
            let chosen = choose(offered.as_ref(), &policy_id);
            chosen.map_or_else(|problem| Ok(Err(problem)), |()| self.planned(&application, &policy_id).map(Ok))
        };
        let on = (application_id.as_str(), &*self.tables_by_application());
        self.producer.take_on(call, Step::SelectPolicy, on, plan).await
    }
}

fn read(bytes: &[u8]) -> Result<(String, String), Problem> {
    let mut body = Body::read(bytes)?;
    let read = (body.id("applicationId"), body.id("policyId"));
    body.checked(read)
}

/// Whether the policy is among those that the application was offered last.
fn choose(offered: Option<&RecommendationsRow>, policy_id: &str) -> Result<(), Problem> {
    let mut offers = offered.into_iter().flat_map(|row| &row.recommendations);
    if offers.any(|offer| offer.policy_id == policy_id) {
        return Ok(());
    }
    Err(Problem::validation(Fields::from([("policyId".into(), "is not one of the recommended policies".into())])))
}

impl Function {
    fn planned(&self, application: &ApplicationRow, policy_id: &str) -> anyhow::Result<Planned> {
        let application_id = application.application_id.as_str();
        let chosen = vec![("policyId", text(policy_id))];
        Ok(Planned {
            state: State::Completed,
            data: body(&WorkflowCompleted { policy_id: policy_id.to_owned() }),
            application_id: Some(application_id.to_owned()),
            user: Vec::new(),
            writes: vec![moved_on(&self.applications, application_id, State::Completed, chosen)?],
            status: 200,
            body: body(&SelectAnswer {
                application_id: application_id.to_owned(),
                policy_id: policy_id.to_owned(),
                status: State::Completed,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use shared::api::{Price, Recommendation};

    use super::*;

    fn offered(ids: &[&str]) -> RecommendationsRow {
        let offer = |id: &&str| Recommendation {
            policy_id: (*id).to_owned(),
            name: "Policy".into(),
            fit_score: 90.0,
            reasons: Vec::new(),
            price: Price { amount: 12.9, currency: "EUR".into(), period: "MONTH".into() },
        };
        RecommendationsRow {
            application_id: "a-1".into(),
            customer_id: "c-1".into(),
            risk_profile: Value::Null,
            gaps: Vec::new(),
            recommendations: ids.iter().map(offer).collect(),
            created_at: "2026-11-23T10:15:00.000Z".into(),
        }
    }

    #[test]
    fn only_what_was_recommended_can_be_chosen() {
        for (row, chosen, accepted) in [
            (Some(offered(&["a", "b"])), "b", true),
            (Some(offered(&["a", "b"])), "c", false),
            (Some(offered(&[])), "a", false),
            (None, "a", false),
        ] {
            let result = choose(row.as_ref(), chosen);
            assert_eq!(result.is_ok(), accepted, "{chosen}");
            if let Err(problem) = result {
                assert_eq!((problem.status, problem.fields.len()), (400, 1));
                assert_eq!(problem.fields["policyId"], "is not one of the recommended policies");
            }
        }
    }

    #[test]
    fn both_ids_are_needed() {
        for (body, expected) in [
            (json!({ "applicationId": "a-1", "policyId": "b" }), vec![]),
            (json!({ "applicationId": "a-1" }), vec!["policyId"]),
            (json!({ "applicationId": 1, "policyId": ["b"] }), vec!["applicationId", "policyId"]),
            (json!({ "policyId": "b c" }), vec!["applicationId", "policyId"]),
        ] {
            let failed = read(body.to_string().as_bytes()).map_or_else(|problem| problem.fields, |_| Fields::new());
            assert_eq!(failed.into_keys().collect::<Vec<_>>(), expected, "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = read(&bytes);
        }
    }
}
