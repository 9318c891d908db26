//! One function's writes: each under the revision that was read last, each after the change before it has settled.

use std::time::{Duration, Instant};

use aws_sdk_lambda::Client;

use super::PART;
use super::desired::Desired;
use super::observe::{self, Settled, Version};
use crate::aws::{error_code, error_message};
use crate::context::Context;
use crate::error::{Failure, codes};

/// How long a change may take to settle; the SDK's own waiter has 300 s too.
const SETTLING: Duration = Duration::from_mins(5);
/// How long somebody else's change, a new role's way through IAM or throttling is waited for.
const BUSY: Duration = Duration::from_mins(1);
/// Between two looks, at first and at most.
const LOOKS: (Duration, Duration) = (Duration::from_millis(60), Duration::from_secs(2));

/// Whoever writes to one function.
#[derive(Debug)]
pub struct Writer<'a> {
    /// The run.
    pub context: &'a Context,
    /// Lambda.
    pub client: Client,
    /// What the function has to be.
    pub desired: &'a Desired,
}

/// What an error of a write calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    /// Read what is there now, then try again.
    ReadAgain,
    /// Try the same again after a pause.
    Pause,
    /// Nothing.
    GiveUp,
}

impl Writer<'_> {
    /// Tells how far the function is.
    pub fn tell(&self, state: &str) {
        self.context.events.item(PART, &self.desired.name, state, false);
    }

    /// Sends a write that is made from the function as it is now. When somebody else is changing it, or has changed it
    /// since it was read, it is read again and the write is made anew: what they set is kept.
    pub async fn write<T>(
        &self,
        current: &mut Version,
        call: impl AsyncFn(&Version) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let deadline = Instant::now() + BUSY;
        let mut pause = Pause::new();
        loop {
            self.context.before_change().await?;
            let error = match call(current).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let remedy = remedy(&error);
            if remedy == Remedy::GiveUp {
                return Err(error);
            }
            if Instant::now() >= deadline {
                return Err(self.busy(error));
            }
            pause.wait(self.context).await?;
            if remedy == Remedy::ReadAgain {
                *current = self.settled(None).await?;
            }
        }
    }

    /// Sends a call that has no revision, again while IAM or throttling stand in its way.
    pub async fn call<T>(&self, call: impl AsyncFn() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let deadline = Instant::now() + BUSY;
        let mut pause = Pause::new();
        loop {
            self.context.before_change().await?;
            match call().await {
                Ok(answer) => return Ok(answer),
                Err(error) if remedy(&error) != Remedy::Pause => return Err(error),
                Err(error) if Instant::now() >= deadline => return Err(self.busy(error)),
                Err(_) => pause.wait(self.context).await?,
            }
        }
    }

    /// Waits until the function, or one of its versions, has taken its last change.
    pub async fn settled(&self, qualifier: Option<&str>) -> anyhow::Result<Version> {
        let name = &self.desired.name;
        let deadline = Instant::now() + SETTLING;
        let mut pause = Pause::new();
        loop {
            let version = observe::version(self.context, name, qualifier).await?;
            match version.as_ref().map(|version| &version.settled) {
                Some(Settled::Failed(reason)) => {
                    return Err(Failure::new(
                        &codes::FUNCTION_FAILED,
                        format!("Lambda could not take the change of {name}"),
                    )
                    .why(reason)
                    .into());
                }
                Some(Settled::Yes) => return version.ok_or_else(|| unreachable_version(name)),
                // A version that was just published may not be known everywhere yet.
                Some(Settled::NotYet) | None => {}
            }
            if Instant::now() >= deadline {
                return Err(Failure::new(
                    &codes::FUNCTION_TIMEOUT,
                    format!("{name} did not become active in {} s", SETTLING.as_secs()),
                )
                .why("Lambda goes on with the change")
                .fix("onboardctl lambdas deploy")
                .retryable()
                .into());
            }
            pause.wait(self.context).await?;
        }
    }

    fn busy(&self, error: anyhow::Error) -> anyhow::Error {
        let failure = Failure::new(&codes::FUNCTION_BUSY, format!("{} is busy with another change", self.desired.name))
            .why(format!("it was tried for {} s", BUSY.as_secs()))
            .fix("onboardctl lambdas deploy")
            .retryable();
        error.context(failure)
    }
}

fn unreachable_version(name: &str) -> anyhow::Error {
    Failure::new(&codes::FUNCTION_MISSING, format!("{name} does not exist")).into()
}

/// Lambda's codes for these states (`aws-facts.md`, section 3): 409 while a change is under way, 412 for a stale
/// revision, and an invalid parameter for a role that IAM has not spread yet.
fn remedy(error: &anyhow::Error) -> Remedy {
    let message = error_message(error).unwrap_or_default();
    match error_code(error) {
        Some("PreconditionFailedException") => Remedy::ReadAgain,
        Some("ResourceConflictException") if !message.contains("already exist") => Remedy::ReadAgain,
        Some("ResourceInUseException" | "TooManyRequestsException") => Remedy::Pause,
        Some("InvalidParameterValueException")
            if message.contains("cannot be assumed")
                || message.contains("execution role does not have permissions") =>
        {
            Remedy::Pause
        }
        _ => Remedy::GiveUp,
    }
}

/// Longer and longer pauses that end when the run does.
#[derive(Debug)]
pub struct Pause(Duration);

impl Pause {
    /// A short first pause.
    pub fn new() -> Self {
        Self(LOOKS.0)
    }

    /// Waits; the next pause is longer.
    pub async fn wait(&mut self, context: &Context) -> anyhow::Result<()> {
        let pause = self.0;
        self.0 = (pause * 3 / 2).min(LOOKS.1);
        tokio::select! {
            () = context.cancel.cancelled() => Err(context.ended("a function may be between two steps; running again goes on from there", "onboardctl lambdas deploy")),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}
