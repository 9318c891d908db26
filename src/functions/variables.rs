//! What alias and `$LATEST` see of the variables, for `env diff` and `env status`.

use super::desired::{self, Facts};
use super::{observe, select};
use crate::context::Context;
use crate::environment::{self, EnvDiffReport, EnvStatusReport, Sides};

/// `env diff`: what is wanted against what live traffic sees.
pub async fn diff(context: &Context, only: &[String]) -> anyhow::Result<EnvDiffReport> {
    Ok(environment::diff(&sides(context, only).await?))
}

/// `env status`: which functions serve variables that are behind their source.
pub async fn status(context: &Context, only: &[String]) -> anyhow::Result<EnvStatusReport> {
    Ok(environment::status(&sides(context, only).await?))
}

async fn sides(context: &Context, only: &[String]) -> anyhow::Result<Vec<Sides>> {
    let settings = &context.settings;
    let instances = select::instances(context, only)?;
    let facts = Facts::read(context).await?;
    let desired = desired::desired(&settings.catalogue, &settings.environment, &facts, &instances)?;
    let observed = observe::observe(context, &desired).await?;
    let mut sides: Vec<Sides> = desired
        .into_iter()
        .zip(observed)
        .map(|(desired, observed)| Sides {
            function: desired.name,
            wanted: desired.configuration.variables,
            live: observed.live.map(|live| (live.version.version, live.version.configuration.variables)),
            latest: observed.latest.map(|latest| latest.configuration.variables),
        })
        .collect();
    sides.sort_by(|one, other| one.function.cmp(&other.function));
    Ok(sides)
}
