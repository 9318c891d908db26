//! Who may invoke the alias. Statements are on the alias, because that is what APIs call.

use super::desired::Permission;
use super::observe;
use super::plan::FunctionPlan;
use super::writes::Writer;
use crate::aws::{SendExt, error_code};

impl Writer<'_> {
    /// Takes away our statements that name another source, then adds the missing ones.
    pub async fn permit(&self, plan: &FunctionPlan) -> anyhow::Result<()> {
        if plan.permit.is_empty() {
            return Ok(());
        }
        self.tell("permitting");
        for statement in &plan.revoke {
            self.revoke(statement).await?;
        }
        for permission in &plan.permit {
            self.add(permission).await?;
        }
        Ok(())
    }

    pub(super) async fn revoke(&self, statement: &str) -> anyhow::Result<()> {
        let alias = self.context.settings.environment.alias();
        let revision = observe::permissions(self.context, &self.desired.name, alias).await?.revision;
        let request = self.client.remove_permission().function_name(&self.desired.name).qualifier(alias);
        self.context.before_change().await?;
        let answer =
            request.statement_id(statement).set_revision_id(revision).send().await.called("lambda:RemovePermission");
        match answer {
            Err(error) if error_code(&error) == Some("ResourceNotFoundException") => Ok(()),
            other => other.map(|_| ()),
        }
    }

    pub(super) async fn add(&self, permission: &Permission) -> anyhow::Result<()> {
        let alias = self.context.settings.environment.alias();
        let add = async || {
            let revision = observe::permissions(self.context, &self.desired.name, alias).await?.revision;
            let request = self.client.add_permission().function_name(&self.desired.name).qualifier(alias);
            request
                .statement_id(&permission.statement_id)
                .principal(&permission.principal)
                .source_arn(&permission.source_arn)
                .action("lambda:InvokeFunction")
                .set_revision_id(revision)
                .send()
                .await
                .called("lambda:AddPermission")
        };
        match self.call(add).await {
            // Another run added it meanwhile; reading back compares its source.
            Err(error) if error_code(&error) == Some("ResourceConflictException") => Ok(()),
            other => other.map(|_| ()),
        }
    }
}
