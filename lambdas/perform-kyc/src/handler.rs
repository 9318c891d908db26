//! `POST /api/kyc/verify`: one try, as one step of the customer.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use jiff::civil::Date;
use shared::api::{VerifyAnswer, body};
use shared::events::{Address, KycVerified};
use shared::http::Problem;
use shared::producer::{Access, Body, Call, Outcome, Payload, Planned, Producer, Route, Service, Standing, moved_on};
use shared::progress::{State, Step};
use shared::tables::{ApplicationRow, KycTry, attribute, number, text};

use crate::case::{Case, Customer, Document};
use crate::checks::{Findings, residence};
use crate::decision::{Status, decide};
use crate::function::{Function, Rules, today};

/// How often a customer may try. Guessing until it fits shall not pay.
const LIMIT_TRIES: u32 = 5;

impl Service for Function {
    const ROUTES: &'static [Route] =
        &[Route { method: "POST", path: "/api/kyc/verify", access: Access::Session, payload: Payload::Json }];

    fn producer(&self) -> &Producer {
        &self.producer
    }

    fn tables_by_application(&self) -> Vec<&str> {
        vec![&self.applications]
    }

    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let application_id = match read(&call.body) {
            Ok(application_id) => application_id,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        let plan = async |standing: &Standing, application: ApplicationRow, _| {
            if standing.kyc_tries >= LIMIT_TRIES {
                return Ok(Err(no_more_tries(standing.state)));
            }
            let customer = customer(standing.declared()?);
            let verdict = Verdict::of(&self.rules, customer, &application, today());
            Ok(Ok(self.planned(standing, &application, &verdict)?))
        };
        let on = (application_id.as_str(), &*self.tables_by_application());
        self.producer.take_on(call, Step::VerifyKyc, on, plan).await
    }
}

fn read(bytes: &[u8]) -> Result<String, Problem> {
    let mut body = Body::read(bytes)?;
    let application_id = body.id("applicationId");
    body.checked(application_id)
}

fn no_more_tries(state: State) -> Problem {
    let message = "The identity was checked as often as is allowed; a person decides.";
    Problem { state: Some(state.as_str().to_owned()), ..Problem::new(409, "KYC_TRIES_EXHAUSTED", message) }
}

/// What a try came to.
#[derive(Clone, Debug, PartialEq)]
struct Verdict {
    findings: Findings,
    status: Status,
    risk_level: &'static str,
    decided_by: u32,
    reason: &'static str,
    documents: Vec<String>,
    /// Alpha-2 and risk of where the customer lives.
    country: Option<(String, &'static str)>,
}

impl Verdict {
    fn of(rules: &Rules, customer: Customer, application: &ApplicationRow, today: Date) -> Self {
        let case = Case { customer, documents: Document::of_application(application), today };
        let findings = Findings::of(&case, &rules.countries, &rules.watchlist, &rules.thresholds);
        let row = decide(findings.results());
        let residence = residence(&case, &rules.countries, &rules.thresholds);
        Self {
            status: row.status,
            risk_level: row.risk.as_str(),
            decided_by: row.number(),
            reason: row.why,
            documents: case.documents.iter().map(|document| document.id.clone()).collect(),
            country: residence
                .and_then(|residence| residence.country)
                .map(|country| (country.alpha2.clone(), country.risk.as_str())),
            findings,
        }
    }

    const fn state(&self) -> State {
        match self.status {
            Status::Approved => State::KycApproved,
            Status::RequiresReview => State::KycRequiresReview,
            Status::Rejected => State::KycRejected,
        }
    }

    fn as_try(&self, number: u32) -> KycTry {
        KycTry {
            number,
            at: shared::time::text(shared::time::now()),
            status: self.status.as_str().to_owned(),
            risk_level: self.risk_level.to_owned(),
            decided_by: self.decided_by,
            reason: self.reason.to_owned(),
            checks: self.findings.answer(),
            confidential: self.findings.confidential(),
            documents: self.documents.clone(),
        }
    }

    /// What the application's row is told.
    fn attributes(&self) -> Vec<(&'static str, AttributeValue)> {
        let mut set = vec![("kycStatus", text(self.status.as_str())), ("riskLevel", text(self.risk_level))];
        if let Some((country, risk)) = &self.country {
            set.extend([("country", text(country)), ("countryRisk", text(*risk))]);
        }
        set
    }
}

/// What the customer declared, as the `users` row holds it.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declared {
    first_name: String,
    last_name: String,
    date_of_birth: String,
    #[serde(default)]
    address: Option<Address>,
}

fn customer(declared: Declared) -> Customer {
    let Declared { first_name, last_name, date_of_birth, address } = declared;
    Customer { first_name, last_name, date_of_birth, address }
}

impl Function {
    fn planned(&self, standing: &Standing, application: &ApplicationRow, verdict: &Verdict) -> anyhow::Result<Planned> {
        let application_id = application.application_id.as_str();
        let tries = standing.kyc_tries + 1;
        let status = verdict.status.as_str().to_owned();
        let risk_level = verdict.risk_level.to_owned();
        let state = verdict.state();
        Ok(Planned {
            state,
            data: body(&KycVerified { status: status.clone(), risk_level: risk_level.clone() }),
            application_id: Some(application_id.to_owned()),
            user: vec![("kycTries", Some(number(tries)))],
            writes: vec![
                moved_on(&self.applications, application_id, state, verdict.attributes())?,
                appended(&self.kyc_results, application, &verdict.as_try(tries))?,
            ],
            status: 200,
            body: body(&VerifyAnswer {
                application_id: application_id.to_owned(),
                status,
                risk_level,
                checks: verdict.findings.answer(),
            }),
        })
    }
}

/// Appends a try to the application's.
fn appended(table: &str, application: &ApplicationRow, tried: &KycTry) -> anyhow::Result<TransactWriteItem> {
    let update = Update::builder()
        .table_name(table)
        .key("applicationId", text(&application.application_id))
        .update_expression(
            "SET customerId = :customer, updatedAt = :now, tries = list_append(if_not_exists(tries, :none), :try)",
        )
        .expression_attribute_values(":customer", text(&application.customer_id))
        .expression_attribute_values(":now", text(&tried.at))
        .expression_attribute_values(":none", AttributeValue::L(Vec::new()))
        .expression_attribute_values(":try", AttributeValue::L(vec![attribute(tried)?]))
        .build()?;
    Ok(TransactWriteItem::builder().update(update).build())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::api::ExtractedField;
    use shared::tables::{ApplicationDocument, DocumentType};

    use super::*;
    use crate::case::samples::{TODAY, passport};
    use crate::thresholds::Thresholds;

    fn application() -> ApplicationRow {
        let document = ApplicationDocument {
            document_type: DocumentType::Passport,
            file_name: "passport.txt".into(),
            content_type: "text/plain".into(),
            size_bytes: 90,
            object_key: "k".into(),
            version_id: None,
            agent: None,
            fields: passport().fields,
            warnings: Vec::new(),
            processed_at: Some("2026-11-23T10:15:00.000Z".into()),
        };
        let mut row: ApplicationRow = shared::tables::from_item(shared::tables::Item::from([
            ("applicationId".to_owned(), text("a-1")),
            ("customerId".to_owned(), text("c-1")),
        ]))
        .unwrap();
        row.documents.insert("d-1".into(), document);
        row
    }

    fn verdict(first_name: &str, application: &ApplicationRow) -> Verdict {
        let customer = Customer {
            first_name: first_name.into(),
            last_name: "Eriksson".into(),
            date_of_birth: "1974-08-12".into(),
            address: Some(Address::Text("Storgatan 5, 11455 Stockholm, Sweden".into())),
        };
        Verdict::of(&Rules::load(Thresholds::DEFAULT, TODAY).unwrap(), customer, application, TODAY)
    }

    #[test]
    fn an_honest_customer_is_approved_with_low_risk() {
        let verdict = verdict("Anna", &application());
        assert_eq!((verdict.state(), verdict.risk_level, verdict.decided_by), (State::KycApproved, "LOW", 14));
        let names: Vec<_> = verdict.attributes().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["kycStatus", "riskLevel", "country", "countryRisk"]);
        let tried = verdict.as_try(2);
        assert_eq!((tried.number, tried.status.as_str(), tried.documents.len()), (2, "APPROVED", 1));
    }

    #[test]
    fn another_name_is_for_a_human_and_an_unread_document_is_none() {
        assert_eq!(verdict("Grace", &application()).state(), State::KycRequiresReview);
        let mut unread = application();
        unread.documents.values_mut().for_each(|document| document.processed_at = None);
        assert_eq!(verdict("Anna", &unread).state(), State::KycRejected);
    }

    #[test]
    fn what_a_document_does_not_say_is_for_a_human() {
        for missing in ["dateOfBirth", "documentNumber", "dateOfExpiry", "surname"] {
            let mut application = application();
            let document = application.documents.values_mut().next().unwrap();
            document.fields.retain(|field| field.name != missing);
            assert_eq!(verdict("Anna", &application).state(), State::KycRequiresReview, "{missing}");
        }
    }

    #[test]
    fn a_try_is_appended() {
        let tried = verdict("Anna", &application()).as_try(1);
        let write = appended("t", &application(), &tried).unwrap();
        let values = write.update().unwrap().expression_attribute_values().unwrap();
        let AttributeValue::L(tries) = &values[":try"] else { panic!("no list") };
        assert_eq!(serde_dynamo::from_attribute_value::<_, KycTry>(tries[0].clone()).unwrap(), tried);
    }

    #[test]
    fn no_more_tries_is_a_conflict_with_the_state() {
        let problem = no_more_tries(State::KycRejected);
        assert_eq!((problem.status, problem.state.as_deref()), (409, Some("KYC_REJECTED")));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_only_what_is_in_order_is_approved(
            first in "\\PC{0,20}", last in "\\PC{0,20}", born in "[0-9-]{0,10}", address in "\\PC{0,40}",
            names in proptest::collection::vec("surname|givenNames|fullName|dateOfBirth|dateOfExpiry|address|country", 0..6),
            values in proptest::collection::vec("\\PC{0,20}", 6), confidence in -1.0..2.0_f64,
        ) {
            static RULES: std::sync::LazyLock<Rules> =
                std::sync::LazyLock::new(|| Rules::load(Thresholds::DEFAULT, TODAY).unwrap());
            let mut application = application();
            let fields = names.into_iter().zip(values).map(|(name, value)| ExtractedField { name, value, confidence });
            application.documents.values_mut().next().unwrap().fields = fields.collect();
            let customer = Customer {
                first_name: first, last_name: last, date_of_birth: born, address: Some(Address::Text(address)),
            };
            let verdict = Verdict::of(&RULES, customer, &application, TODAY);
            let answer = verdict.findings.answer();
            prop_assert!(answer.iter().all(|check| (0.0..=1.0).contains(&check.score)));
            prop_assert_eq!(verdict.status == Status::Approved, answer.iter().all(|check| check.passed));
        }
    }
}
