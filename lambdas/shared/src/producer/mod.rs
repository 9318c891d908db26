//! What every function does that answers a REST route and publishes what it did: which route, whose session, which
//! body, the `Idempotency-Key`, the step as one transaction, the event through the outbox, the refusal as an event.
//! A function adds its routes and what each of them decides ([`Service`]).

mod ahead;
mod application;
mod body;
mod call;
mod outcome;
mod refusal;
mod route;
mod step;

pub use application::moved_on;
pub use body::Body;
pub use call::{Call, handle};
pub use outcome::Outcome;
pub use route::{Access, Payload, Route};
pub use step::{Planned, Standing};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use serde_json::Value;

use crate::events::EventType;
use crate::keys;
use crate::outbox::{Outbox, PUBLISH_DEADLINE, Publisher};
use crate::sessions::Sessions;

/// Clients and tables that every producer has.
pub struct Producer {
    /// Reaches the tables.
    pub dynamodb: Client,
    /// Customers: their state and their last used sequence.
    pub users: String,
    /// Tokens.
    pub sessions: Sessions,
    /// The function as the catalogue names it: who writes the events.
    source: &'static str,
    idempotency: String,
    outbox: Outbox,
    publisher: Publisher,
}

impl Producer {
    /// Connects everything at once, so that a cold start costs the slowest of them and not their sum. `first` is the
    /// event that the function publishes most; its topic's leaders are looked up before the first request.
    pub async fn connect(config: &SdkConfig, source: &'static str, first: EventType) -> anyhow::Result<Self> {
        let dynamodb = Client::new(config);
        let secrets = aws_sdk_secretsmanager::Client::new(config);
        let (sessions, publisher) = tokio::try_join!(
            Sessions::connect(secrets, keys::required(keys::SESSION_SECRET_ID)?),
            Publisher::connect(config, Some(first.topic()), PUBLISH_DEADLINE),
        )?;
        Ok(Self {
            users: keys::required(keys::USERS_TABLE)?,
            idempotency: keys::required(keys::IDEMPOTENCY_TABLE)?,
            outbox: Outbox { client: dynamodb.clone(), table: keys::required(keys::OUTBOX_TABLE)? },
            dynamodb,
            sessions,
            source,
            publisher,
        })
    }
}

/// What a function adds to what all producers do.
#[expect(async_fn_in_trait, reason = "functions run on one thread: nothing here has to be Send")]
pub trait Service {
    /// The routes that the function answers.
    const ROUTES: &'static [Route];

    /// The common part.
    fn producer(&self) -> &Producer;

    /// The tables whose row of an application a step on it decides by, the applications' first; none where no step is
    /// on an application.
    fn tables_by_application(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Decides about a call: takes its step, reads what was asked for, or refuses it.
    async fn act(&self, call: &mut Call<'_>) -> anyhow::Result<Outcome>;

    /// Puts into an answer what is minted anew for each of them and never remembered: tokens, upload URLs.
    async fn finish(&self, call: &mut Call<'_>, body: &mut Value) -> anyhow::Result<()> {
        let _ = (call, body);
        Ok(())
    }
}
