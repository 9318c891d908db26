//! Taking the platform down: traffic and functions first, data only when that was asked for by name.

use std::time::Duration;

use super::removal;
use super::report::DownReport;
use crate::aws::{SendExt, error_code, error_message, rehearsed};
use crate::catalogue::{Instance, StackKey};
use crate::context::Context;
use crate::error::{Failure, codes};
use crate::exit::Exit;
use crate::release::run;
use crate::release::snapshot::Scope;

/// How long a mapping may take to go: Lambda stops its pollers first (`features.md`, L14).
const MAPPING_LIMIT: Duration = Duration::from_mins(3);

/// What is there to be taken down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownPlan {
    /// Functions with their mappings' ids.
    pub functions: Vec<Removal>,
    /// Stacks that exist, in the order of the catalogue's dependence.
    pub stacks: Vec<String>,
    /// Whether stacks and the data that they hold go too.
    pub delete_data: bool,
}

/// A function and what feeds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its physical name.
    pub function: String,
    /// Its mappings.
    pub mappings: Vec<String>,
}

impl DownPlan {
    /// Looks at what is there.
    ///
    /// # Errors
    /// Lambda or `CloudFormation` cannot be read.
    pub async fn observe(context: &Context, delete_data: bool) -> anyhow::Result<Self> {
        let mut functions = Vec::new();
        for instance in context.settings.catalogue.instances() {
            functions.extend(removal_of(context, &instance).await?);
        }
        Ok(Self { functions, stacks: stacks(context).await?, delete_data })
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && (!self.delete_data || self.stacks.is_empty())
    }

    /// What would be done and what would stay.
    pub fn report(&self) -> DownReport {
        let mut report = DownReport {
            functions: self.functions.iter().map(|removal| removal.function.clone()).collect(),
            sources: self
                .functions
                .iter()
                .filter(|removal| !removal.mappings.is_empty())
                .map(|removal| removal.function.clone())
                .collect(),
            ..DownReport::default()
        };
        if self.delete_data {
            report.stacks.clone_from(&self.stacks);
        } else {
            report.kept.clone_from(&self.stacks);
        }
        report
    }

    /// Shows the calls that would delete functions where `--explain-aws` and `--dry-run` ask for that.
    ///
    /// # Errors
    /// A call cannot be built.
    pub async fn rehearse(&self, context: &Context) -> anyhow::Result<()> {
        let removals = if context.aws.rehearses() { self.functions.as_slice() } else { &[] };
        let client = context.aws.lambda().await?;
        for removal in removals {
            for mapping in &removal.mappings {
                let request = client.delete_event_source_mapping().uuid(mapping);
                rehearsed(request.send().await.called("lambda:DeleteEventSourceMapping"))?;
            }
            let request = client.delete_function().function_name(&removal.function);
            rehearsed(request.send().await.called("lambda:DeleteFunction"))?;
        }
        Ok(())
    }

    /// Takes down what [`DownPlan::observe`] finds again under the lock.
    ///
    /// # Errors
    /// The lock is held, or something cannot be deleted; the same command goes on where this one stopped.
    pub async fn apply(&self, context: &Context) -> anyhow::Result<DownReport> {
        context.guard_change().await?;
        let delete_data = self.delete_data;
        let functions = run::guarded(context, "down", Scope::ALL, async |context| {
            let plan = Self::observe(context, delete_data).await?;
            for removal in &plan.functions {
                remove(context, removal).await?;
            }
            Ok((plan.report(), Exit::Done))
        })
        .await?;
        let mut report = functions.value;
        report.release = Some(functions.release);
        if delete_data {
            // Lock and ledger are in one of these stacks, so nothing can hold the lock while they go.
            report.kept = removal::stacks(context, &self.stacks).await?;
        }
        Ok(report)
    }
}

async fn removal_of(context: &Context, instance: &Instance) -> anyhow::Result<Option<Removal>> {
    let client = context.aws.lambda().await?;
    let function = context.settings.environment.function_name(instance);
    match client
        .get_function_configuration()
        .function_name(&function)
        .send()
        .await
        .called("lambda:GetFunctionConfiguration")
    {
        Ok(_) => {}
        Err(error) if error_code(&error) == Some("ResourceNotFoundException") => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut mappings = Vec::new();
    // Mappings hang on the alias; asked for by the bare name they are listed too, whatever they hang on.
    for name in [function.clone(), format!("{function}:{}", context.settings.environment.alias())] {
        let mut pages = client.list_event_source_mappings().function_name(name).into_paginator().send();
        while let Some(page) = pages.next().await {
            let found = page.called("lambda:ListEventSourceMappings")?.event_source_mappings.unwrap_or_default();
            mappings.extend(found.into_iter().filter_map(|mapping| mapping.uuid));
        }
    }
    mappings.sort();
    mappings.dedup();
    Ok(Some(Removal { function, mappings }))
}

async fn stacks(context: &Context) -> anyhow::Result<Vec<String>> {
    let client = context.aws.cloudformation().await?;
    let catalogue = &context.settings.catalogue;
    // The platform needs the cluster, both need the bucket of the bootstrap stack: they go in the opposite order.
    let first = catalogue.platform_stack();
    let last = catalogue.bootstrap_stack();
    let mut keys: Vec<&StackKey> = catalogue.stacks.keys().collect();
    keys.sort_by_key(|key| if Some(*key) == first { 0 } else { 1 + u8::from(Some(*key) == last) });
    let mut names = Vec::new();
    for key in keys {
        let name = context.settings.environment.stack(key);
        match client.describe_stacks().stack_name(&name).send().await.called("cloudformation:DescribeStacks") {
            Ok(_) => names.push(name),
            // A missing stack is a ValidationError, told apart only by its message (`aws-facts.md`, section 4).
            Err(error)
                if error_code(&error) == Some("ValidationError")
                    && error_message(&error).is_some_and(|text| text.contains("does not exist")) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// First what feeds the function, so that no record is taken and lost, then the function with its versions and aliases.
async fn remove(context: &Context, removal: &Removal) -> anyhow::Result<()> {
    let client = context.aws.lambda().await?;
    for mapping in &removal.mappings {
        context.events.item("down", &removal.function, "deleting its event source", false);
        context.before_change().await?;
        match client.delete_event_source_mapping().uuid(mapping).send().await.called("lambda:DeleteEventSourceMapping")
        {
            Ok(_) => {}
            Err(error)
                if matches!(error_code(&error), Some("ResourceNotFoundException" | "ResourceInUseException")) => {}
            Err(error) => return Err(error),
        }
        mapping_gone(context, &client, mapping).await?;
    }
    context.before_change().await?;
    match client.delete_function().function_name(&removal.function).send().await.called("lambda:DeleteFunction") {
        Err(error) if error_code(&error) != Some("ResourceNotFoundException") => return Err(error),
        _ => {}
    }
    context.events.item("down", &removal.function, "deleted", true);
    Ok(())
}

async fn mapping_gone(context: &Context, client: &aws_sdk_lambda::Client, mapping: &str) -> anyhow::Result<()> {
    let begun = std::time::Instant::now();
    loop {
        match client.get_event_source_mapping().uuid(mapping).send().await.called("lambda:GetEventSourceMapping") {
            Err(error) if error_code(&error) == Some("ResourceNotFoundException") => return Ok(()),
            Err(error) => return Err(error),
            Ok(_) if begun.elapsed() > MAPPING_LIMIT => {
                return Err(Failure::new(
                    &codes::DOWN_SLOW,
                    format!("the event source {mapping} is still being deleted"),
                )
                .why(format!("waited {} s", MAPPING_LIMIT.as_secs()))
                .fix(format!("onboardctl -e {} down", context.environment_name()))
                .retryable()
                .into());
            }
            Ok(_) => {}
        }
        tokio::select! {
            () = context.cancel.cancelled() => return Err(context.ended("what was deleted is gone; the rest is still there", format!("onboardctl -e {} down", context.environment_name()))),
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stays_unless_it_was_asked_for() {
        let mut plan = DownPlan { functions: vec![], stacks: vec!["onboard-ai-dev".into()], delete_data: false };
        assert!(plan.is_empty());
        assert_eq!(plan.report().kept, ["onboard-ai-dev"]);
        plan.delete_data = true;
        assert!(!plan.is_empty());
        assert_eq!((plan.report().stacks, plan.report().kept), (vec!["onboard-ai-dev".to_owned()], vec![]));
        plan.functions.push(Removal { function: "f".into(), mappings: vec![] });
        assert_eq!((plan.report().functions, plan.report().sources), (vec!["f".to_owned()], vec![]));
    }
}
