//! Whom the calls reach: compared with the catalogue before the first change (`contracts.md`, "Danger").

use anyhow::Context as _;

use super::{Clients, SendExt};
use crate::catalogue::Environment;
use crate::error::{Failure, codes};

/// Who calls, as STS answers.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The user or the role's session.
    pub arn: String,
}

impl Clients {
    /// Who calls; asked once per run.
    ///
    /// # Errors
    /// No credentials, or STS refuses them.
    pub async fn caller(&self) -> anyhow::Result<&Caller> {
        let caller = self.account.get_or_try_init(|| async {
            let answer = self.sts().await?.get_caller_identity().send().await.called("sts:GetCallerIdentity")?;
            let account = answer.account.context("STS names no account")?;
            anyhow::Ok(Caller { account, arn: answer.arn.unwrap_or_default() })
        });
        caller.await
    }
}

/// Refuses to go on where the credentials belong to another account than the catalogue names.
/// Every command calls it before its first change.
///
/// # Errors
/// `E-AWS-003` on a mismatch; else the error of asking.
pub async fn expect_account(clients: &Clients, environment: &Environment) -> anyhow::Result<()> {
    let caller = clients.caller().await?;
    if caller.account == environment.entry.account {
        return Ok(());
    }
    let (name, wanted) = (&environment.name, &environment.entry.account);
    Err(Failure::new(&codes::WRONG_ACCOUNT, format!("environment {name} is account {wanted}, the credentials are not"))
        .why(format!("{} belongs to account {}", caller.arn, caller.account))
        .why("nothing was changed")
        .fix(format!("onboardctl … --env {name} --profile NAME"))
        .into())
}

/// Refuses to go on where `--region` differs from the region that the catalogue names.
///
/// # Errors
/// `E-AWS-003` on a mismatch.
pub fn expect_region(environment: &Environment) -> anyhow::Result<()> {
    let catalogue_region = &environment.catalogue_region;
    if &environment.entry.region == catalogue_region {
        return Ok(());
    }
    let (name, region) = (&environment.name, &environment.entry.region);
    Err(Failure::new(&codes::WRONG_ACCOUNT, format!("environment {name} is in {catalogue_region}, not in {region}"))
        .why("--region or ONBOARDCTL_REGION names another region than the catalogue; nothing was changed")
        .into())
}
