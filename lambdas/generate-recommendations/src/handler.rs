//! `POST /api/policy/recommend`: recommendations, as one step of the customer. They may be asked for again with other
//! preferences until one is chosen; the last ones count.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::civil::Date;
use shared::api::{RecommendAnswer, body};
use shared::events::{PolicyRecommended, RecommendedPolicy};
use shared::http::Problem;
use shared::producer::{Access, Body, Call, Outcome, Payload, Planned, Producer, Route, Service, Standing, moved_on};
use shared::progress::{State, Step};
use shared::tables::{ApplicationRow, RecommendationsRow, to_item};

use crate::catalogue::Policy;
use crate::function::Function;
use crate::needs::gaps;
use crate::preferences::{self, Preferences};
use crate::profile::{Level, Profile, years};
use crate::recommend::{Offer, recommend};

impl Service for Function {
    const ROUTES: &'static [Route] =
        &[Route { method: "POST", path: "/api/policy/recommend", access: Access::Session, payload: Payload::Json }];

    fn producer(&self) -> &Producer {
        &self.producer
    }

    fn tables_by_application(&self) -> Vec<&str> {
        vec![&self.applications]
    }

    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let (application_id, preferences) = match read(&call.body) {
            Ok(read) => read,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let plan = async |standing: &Standing, application: ApplicationRow, _| {
            let born = date_of_birth(standing)?;
            let today = shared::time::now().to_zoned(jiff::tz::TimeZone::UTC).date();
            let profile = profile(&application, years(born, today), preferences.clone());
            self.planned(&application, answer(&self.policies, &application, &profile)).map(Ok)
        };
        let on = (application_id.as_str(), &*self.tables_by_application());
        self.producer.take_on(call, Step::RecommendPolicies, on, plan).await
    }
}

fn read(bytes: &[u8]) -> Result<(String, Preferences), Problem> {
    let mut body = Body::read(bytes)?;
    let read = (body.id("applicationId"), preferences::take(&mut body));
    body.checked(read)
}

/// What KYC found of an application's customer, with what the customer wants.
fn profile(application: &ApplicationRow, age: u8, preferences: Preferences) -> Profile {
    Profile {
        age,
        kyc_risk: Level::of(application.risk_level.as_deref()),
        country_risk: Level::of(application.country_risk.as_deref()),
        country: application.country.clone(),
        preferences,
    }
}

fn answer(policies: &[Policy], application: &ApplicationRow, profile: &Profile) -> RecommendAnswer {
    RecommendAnswer {
        application_id: application.application_id.clone(),
        risk_profile: profile.answer(),
        gaps: gaps(profile).into_iter().map(|gap| gap.coverage.as_str().to_owned()).collect(),
        recommendations: recommend(policies, profile).iter().map(Offer::answer).collect(),
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declared {
    date_of_birth: String,
}

fn date_of_birth(standing: &Standing) -> anyhow::Result<Date> {
    let Declared { date_of_birth } = standing.declared()?;
    date_of_birth.parse().ok().context("the customer's date of birth is no day")
}

impl Function {
    fn planned(&self, application: &ApplicationRow, answer: RecommendAnswer) -> anyhow::Result<Planned> {
        let application_id = application.application_id.as_str();
        let top = answer
            .recommendations
            .iter()
            .map(|offer| RecommendedPolicy { policy_id: offer.policy_id.clone(), fit_score: offer.fit_score });
        Ok(Planned {
            state: State::PolicyRecommended,
            data: body(&PolicyRecommended { recommendations: top.collect() }),
            application_id: Some(application_id.to_owned()),
            user: Vec::new(),
            status: 200,
            body: body(&answer),
            writes: vec![
                moved_on(&self.applications, application_id, State::PolicyRecommended, Vec::new())?,
                stored(&self.recommendations, &application.customer_id, answer)?,
            ],
        })
    }
}

/// Keeps the answer in the place of an earlier one.
fn stored(table: &str, customer_id: &str, answer: RecommendAnswer) -> anyhow::Result<TransactWriteItem> {
    let row = RecommendationsRow {
        application_id: answer.application_id,
        customer_id: customer_id.to_owned(),
        risk_profile: body(&answer.risk_profile),
        gaps: answer.gaps,
        recommendations: answer.recommendations,
        created_at: shared::time::text(shared::time::now()),
    };
    let put = Put::builder().table_name(table).set_item(Some(to_item(&row)?)).build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use shared::tables::Item;

    use shared::tables::{from_item, text};

    use super::*;
    use crate::catalogue;

    fn application(risk_level: Option<&str>) -> ApplicationRow {
        let mut item = Item::from([
            ("applicationId".to_owned(), text("a-1")),
            ("customerId".to_owned(), text("c-1")),
            ("country".to_owned(), text("GB")),
            ("countryRisk".to_owned(), text("LOW")),
        ]);
        item.extend(risk_level.map(|level| ("riskLevel".to_owned(), text(level))));
        from_item(item).unwrap()
    }

    fn answered(risk_level: Option<&str>) -> RecommendAnswer {
        let application = application(risk_level);
        let profile = profile(&application, 36, Preferences::default());
        answer(&catalogue::load(&catalogue::FILE).unwrap(), &application, &profile)
    }

    #[test]
    fn bodies() {
        for (body, expected) in [
            (json!({ "applicationId": "a-1" }), Ok(())),
            (json!({ "applicationId": "a-1", "preferences": null }), Ok(())),
            (json!({ "applicationId": "a-1", "preferences": { "smoker": true } }), Ok(())),
            (json!({}), Err(vec!["applicationId"])),
            (json!({ "preferences": 7 }), Err(vec!["applicationId", "preferences"])),
            (json!({ "applicationId": "a-1", "preferences": { "smokes": true } }), Err(vec!["preferences"])),
        ] {
            let result = read(body.to_string().as_bytes()).map(|_| ());
            let names = result.map_err(|problem| problem.fields.into_keys().collect::<Vec<_>>());
            assert_eq!(names, expected.map_err(|names| names.into_iter().map(str::to_owned).collect()), "{body}");
        }
    }

    #[test]
    fn five_offers_with_their_prices_in_the_contracts_shape() {
        let answer = body(&answered(Some("LOW")));
        assert_eq!(answer["riskProfile"]["level"], "LOW");
        assert_eq!(answer["gaps"][0], "LIABILITY");
        let offers = answer["recommendations"].as_array().unwrap();
        assert_eq!(offers.len(), 5);
        for offer in offers {
            assert!(offer["fitScore"].is_number() && offer["price"]["amount"].is_number(), "{offer}");
            assert!(!offer["reasons"].as_array().unwrap().is_empty());
        }
    }

    #[test]
    fn a_risk_that_kyc_did_not_assess_is_a_high_one() {
        let price = |answer: &RecommendAnswer, id: &str| {
            answer
                .recommendations
                .iter()
                .find(|offer| offer.policy_id == id)
                .map(|offer| offer.price.amount.to_string())
        };
        assert_eq!(price(&answered(Some("LOW")), "liability-private").as_deref(), Some("5.9"));
        assert_eq!(price(&answered(None), "liability-private").as_deref(), Some("7.67"));
    }

    #[test]
    fn what_is_stored_comes_back() {
        let answer = answered(Some("LOW"));
        let write = stored("t", "c-1", answer.clone()).unwrap();
        let row: RecommendationsRow = from_item(write.put().unwrap().item().clone()).unwrap();
        assert_eq!((row.recommendations, row.gaps), (answer.recommendations, answer.gaps));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256), key in "\\PC{0,20}", value in "\\PC{0,20}") {
            let _ = read(&bytes);
            let _ = read(json!({ "applicationId": value, "preferences": { key: value } }).to_string().as_bytes());
        }
    }
}
