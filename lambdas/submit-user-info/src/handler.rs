//! The three routes of tile 1 and what each comes to.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::api::{ProgressAnswer, body};
use shared::events::UserInfoSubmitted;
use shared::producer::{Access, Call, Outcome, Payload, Planned, Producer, Route, Service};
use shared::progress::{State, Step, progress};
use shared::tables::{attribute, text};
use uuid::Uuid;

use crate::form::{self, UserInfo};
use crate::function::Function;

const SESSION: &str = "/api/session";
const SUBMIT: &str = "/api/user/submit";
const PROGRESS: &str = "/api/user/{customerId}/progress";

impl Service for Function {
    const ROUTES: &'static [Route] = &[
        Route { method: "POST", path: SESSION, access: Access::Open, payload: Payload::Bare },
        Route { method: "POST", path: SUBMIT, access: Access::Open, payload: Payload::Json },
        Route { method: "GET", path: PROGRESS, access: Access::Session, payload: Payload::Read },
    ];

    fn producer(&self) -> &Producer {
        &self.producer
    }

    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        match call.route.path {
            SUBMIT => self.submit(call).await,
            SESSION => self.session(call).await,
            _ => self.progress(call).await,
        }
    }

    /// Both open routes answer with a token.
    async fn finish(&self, call: &mut Call<'_>, body: &mut Value) -> anyhow::Result<()> {
        if call.route.path == PROGRESS {
            return Ok(());
        }
        let customer_id = body["customerId"].as_str().unwrap_or_default();
        let token = self.producer.sessions.sign(customer_id, call.started).await?;
        call.customer = Some(customer_id.to_owned());
        body["sessionToken"] = token.token.into();
        body["expiresAt"] = token.expires_at.into();
        Ok(())
    }
}

impl Function {
    async fn progress(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        if let Err(problem) = call.is_own() {
            return self.producer.refuse(call, problem).await;
        }
        let standing = self.producer.standing(call).await?;
        let answer = ProgressAnswer {
            customer_id: call.customer_id()?.to_owned(),
            state: standing.state,
            progress: progress(standing.state),
            application_id: standing.application_id,
        };
        Ok(Outcome::done(200, body(&answer)))
    }

    async fn session(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let customer_id = call.customer.clone().unwrap_or_else(new_customer);
        let outcome = Outcome::done(201, json!({ "customerId": customer_id }));
        self.producer.settle(call, &outcome).await?;
        Ok(outcome)
    }

    async fn submit(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome> {
        let today = shared::time::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let info = match form::read(&call.body, today) {
            Ok(info) => info,
            Err(problem) => return self.producer.refuse(call, problem).await,
        };
        if call.customer.is_none() {
            call.customer = Some(new_customer());
            call.customer_is_new = true;
        }
        let customer_id = call.customer_id()?.to_owned();
        let plan = async |standing: &shared::producer::Standing| {
            let data = UserInfoSubmitted { resubmitted: standing.state != State::New };
            Ok(Ok(Planned {
                state: State::UserInfoSubmitted,
                data: body(&data),
                application_id: None,
                user: attributes(&info)?,
                writes: Vec::new(),
                status: 201,
                body: json!({ "customerId": customer_id, "progress": progress(State::UserInfoSubmitted) }),
            }))
        };
        self.producer.take(call, Step::SubmitUserInfo, plan).await
    }
}

/// What the customer's row holds of the body. An address that is not given again is removed.
fn attributes(info: &UserInfo) -> anyhow::Result<Vec<(&'static str, Option<AttributeValue>)>> {
    Ok(vec![
        ("email", Some(text(&info.email))),
        ("firstName", Some(text(&info.first_name))),
        ("lastName", Some(text(&info.last_name))),
        ("dateOfBirth", Some(text(&info.date_of_birth))),
        ("phoneNumber", Some(text(&info.phone_number))),
        ("address", info.address.as_ref().map(attribute).transpose()?),
    ])
}

/// A customer id is random: nobody can guess another's.
fn new_customer() -> String {
    Uuid::new_v4().to_string()
}
