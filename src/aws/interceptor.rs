//! On every client: refuses what the run may not do, and records what it did.

use std::sync::Arc;
use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::Mode;
use super::explain::Explainer;
use super::operations::{Class, class_of};
use super::recorder::{Call, Recorder};
use crate::catalogue::Environment;

/// Marks one call as scratch: it makes or removes something that carries no traffic, such as a verify queue.
/// `client.create_queue()….customize().interceptor(Scratch).send()`.
#[derive(Clone, Copy, Debug)]
pub struct Scratch;

#[derive(Debug)]
struct ScratchMark;

impl Storable for ScratchMark {
    type Storer = StoreReplace<Self>;
}

#[dyn_dispatch_hint]
impl Intercept for Scratch {
    fn name(&self) -> &'static str {
        "Scratch"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(ScratchMark);
        Ok(())
    }
}

/// Why a call was not sent.
#[derive(Debug)]
pub struct Refused {
    mode: Mode,
    class: Class,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let flag = if self.mode == Mode::ReadOnly { "--read-only" } else { "--dry-run" };
        write!(formatter, "{flag} is on and the call is of class {}", self.class)
    }
}

impl std::error::Error for Refused {}

/// The gate that every call passes.
#[derive(Debug)]
pub struct Gate {
    environment: Arc<Environment>,
    mode: Mode,
    recorder: Arc<Recorder>,
    explainer: Option<Arc<Explainer>>,
}

/// A call that may not be sent and is only explained.
#[derive(Debug)]
struct Withheld(Class);

impl Storable for Withheld {
    type Storer = StoreReplace<Self>;
}

/// A call's place in the explainer.
#[derive(Debug)]
struct Explained(usize);

impl Storable for Explained {
    type Storer = StoreReplace<Self>;
}

#[derive(Debug)]
struct Began {
    at: Instant,
    class: Class,
}

impl Storable for Began {
    type Storer = StoreReplace<Self>;
}

impl Gate {
    /// A gate for a mode; with an explainer each call is told to it, also one that is not sent.
    pub fn new(
        environment: Arc<Environment>,
        mode: Mode,
        recorder: Arc<Recorder>,
        explainer: Option<Arc<Explainer>>,
    ) -> Self {
        Self { environment, mode, recorder, explainer }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Gate {
    fn name(&self) -> &'static str {
        "Gate"
    }

    // After `read_before_execution` of every interceptor, so that a call's own [`Scratch`] mark is there; before
    // anything is sent. An error here ends the call.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let class = if config.load::<ScratchMark>().is_some() {
            Class::Scratch
        } else {
            config.load::<Metadata>().map_or(Class::Mutate, |call| class_of(call.service(), call.name()))
        };
        if !self.mode.allows(class) {
            if self.explainer.is_some() {
                // It is refused once it is serialized, which is before an endpoint is chosen and anything is sent.
                config.interceptor_state().store_put(Withheld(class));
                return Ok(());
            }
            return Err(Box::new(Refused { mode: self.mode, class }));
        }
        config.interceptor_state().store_put(Began { at: Instant::now(), class });
        Ok(())
    }

    fn read_after_serialization(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let withheld = config.load::<Withheld>().map(|withheld| withheld.0);
        let class = withheld.or_else(|| config.load::<Began>().map(|began| began.class)).unwrap_or(Class::Mutate);
        if let (Some(explainer), Some(call)) = (&self.explainer, config.load::<Metadata>()) {
            let name = (call.service(), call.name());
            let place = explainer.began(&self.environment, name, class, context.request(), config);
            config.interceptor_state().store_put(Explained(place));
        }
        match withheld {
            Some(class) => Err(Box::new(Refused { mode: self.mode, class })),
            None => Ok(()),
        }
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // No start: it was refused and never sent.
        let (Some(call), Some(began)) = (config.load::<Metadata>(), config.load::<Began>()) else { return Ok(()) };
        let response = context.response();
        let failed = context.output_or_error().is_some_and(|result| result.is_err());
        let error = failed.then(|| {
            let code = response.and_then(|response| response.headers().get("x-amzn-errortype"));
            code.map_or("error", |code| code.split([':', ';']).next().unwrap_or(code)).to_owned()
        });
        if let (Some(explainer), Some(Explained(place))) = (&self.explainer, config.load::<Explained>()) {
            explainer.ended(*place, error.clone());
        }
        self.recorder.record(Call {
            service: call.service().to_owned(),
            operation: call.name().to_owned(),
            class: began.class,
            status: response.map(|response| response.status().as_u16()),
            error,
            ms: u64::try_from(began.at.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        Ok(())
    }
}
