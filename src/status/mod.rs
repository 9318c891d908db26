//! The whole environment on one screen. Everything is read side by side and with a limit; what cannot be read is
//! `unknown` with its reason, never left out and never taken for absent.
//!
//! Deliberately absent: judgement over time. Whether a lag grows is what `lag` tells.

mod read;
mod report;

use std::time::Duration;

use jiff::Timestamp;

use crate::context::Context;
use crate::environment::Outputs;
use crate::release::{history, unlock};

pub use report::{
    AlarmLine, FrontendLine, FunctionLine, LagLine, LockLine, PlatformLine, StackLine, StatusReport, TopicLine, Unknown,
};

/// How long anything may take to be read, so that the screen is there within three seconds.
const LIMIT: Duration = Duration::from_millis(2500);

/// Reads everything. `platform` is what is known of the platform on this computer, where the environment is one.
pub async fn status(context: &Context, platform: Vec<PlatformLine>) -> StatusReport {
    let outputs = limited(Outputs::read(context)).await.unwrap_or_default();
    let (stacks, functions, topics, lag, alarms, frontend, lock, release) = tokio::join!(
        limited(read::stacks(context)),
        limited(read::functions(context)),
        limited(read::topics(context)),
        limited(read::lag(context)),
        limited(read::alarms(context)),
        limited(read::frontend(context, &outputs)),
        limited(unlock::living(context)),
        limited(history::live(context)),
    );
    let mut unknown = Vec::new();
    let stacks = known("stacks", stacks, &mut unknown);
    let functions = known("functions", functions, &mut unknown);
    let topics = known("topics", topics, &mut unknown);
    let lag = known("lag", lag, &mut unknown);
    let alarms = known("alarms", alarms, &mut unknown);
    let lock = known("lock", lock, &mut unknown);
    let release = known("release", release, &mut unknown);
    let frontend = frontend.unwrap_or_else(|why| {
        unknown.push(Unknown { part: "frontend".into(), reason: why });
        FrontendLine { state: "unknown".into() }
    });
    let site = context.settings.environment.site.clone().or_else(|| outputs.get("SiteUrl").map(str::to_owned));
    StatusReport {
        site,
        release,
        platform,
        stacks,
        functions,
        topics,
        lag,
        alarms,
        frontend,
        lock: lock.map(|row| LockLine::of(&row, Timestamp::now())),
        unknown,
    }
}

async fn limited<T>(reading: impl Future<Output = anyhow::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(LIMIT, reading).await {
        Ok(read) => read.map_err(|error| format!("{error:#}")),
        Err(_) => Err(format!("no answer within {} ms", LIMIT.as_millis())),
    }
}

fn known<T: Default>(part: &str, read: Result<T, String>, unknown: &mut Vec<Unknown>) -> T {
    read.unwrap_or_else(|reason| {
        unknown.push(Unknown { part: part.into(), reason });
        T::default()
    })
}
