//! `--explain-aws` with `--dry-run`: builds the calls of a plan in their order. The clients show each and send none, so
//! what only an answer tells (a version's number, a mapping's id) is written as a variable.

use super::apply::Work;
use super::observe::Mapping;
use super::plan::SourceStep;
use super::writes::Writer;
use crate::aws::{rehearsed, version_to_come};

impl Writer<'_> {
    /// Goes through a plan as `carry_out` does, without waiting for anything.
    pub async fn rehearse(&self, work: Work<'_>) -> anyhow::Result<()> {
        let Work { observed, plan, .. } = work;
        if plan.create {
            rehearsed(self.create(work).await)?;
        } else if let Some(latest) = &observed.latest {
            if let (true, Some(artifact)) = (plan.code, work.artifact) {
                rehearsed(self.update_code(&mut latest.clone(), artifact).await)?;
            }
            if !plan.configuration.is_empty() {
                rehearsed(self.update_configuration(latest).await)?;
            }
        }
        if plan.publish || plan.create || plan.code || !plan.configuration.is_empty() {
            self.rehearse_version(work).await?;
        } else {
            self.rehearse_permissions(work).await?;
        }
        self.rehearse_source(&plan.source, observed.mapping.as_ref()).await
    }

    async fn rehearse_version(&self, work: Work<'_>) -> anyhow::Result<()> {
        let artifact = work.artifact.map(|artifact| artifact.code_sha256.as_str());
        let latest = work.observed.latest.as_ref().map(|latest| latest.code_sha256.as_str());
        let code = artifact.or(latest).unwrap_or_default();
        rehearsed(self.publish_version(work.description, code, None).await)?;
        if work.observed.live.is_none() {
            rehearsed(self.create_alias(&version_to_come()).await)?;
        }
        self.rehearse_permissions(work).await?;
        if work.observed.live.is_some() {
            rehearsed(self.move_alias(work, &version_to_come()).await)?;
        }
        Ok(())
    }

    async fn rehearse_permissions(&self, work: Work<'_>) -> anyhow::Result<()> {
        for statement in &work.plan.revoke {
            rehearsed(self.revoke(statement).await)?;
        }
        for permission in &work.plan.permit {
            rehearsed(self.add(permission).await)?;
        }
        Ok(())
    }

    async fn rehearse_source(&self, step: &SourceStep, mapping: Option<&Mapping>) -> anyhow::Result<()> {
        let Some(source) = &self.desired.source else { return Ok(()) };
        match (step, mapping) {
            (SourceStep::Keep, _) => Ok(()),
            (SourceStep::Update(_), Some(mapping)) => rehearsed(self.update_mapping(source, mapping).await),
            (SourceStep::Create | SourceStep::Update(_), _) => rehearsed(self.create_mapping(source).await),
        }
    }
}
