//! Deleting stacks together with the data that their templates retain.

use std::time::{Duration, Instant};

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::aws::{SendExt, error_code, error_message};
use crate::context::Context;
use crate::error::{Failure, codes};

/// How long a stack may take to go. A cluster alone takes up to 40 minutes (`aws-facts.md`, section 1).
const LIMIT: Duration = Duration::from_hours(1);

/// A resource that a stack holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Resource {
    kind: String,
    id: String,
}

/// Deletes stacks, then what their templates retained. The answer names what is still there: it cannot be deleted at
/// once (keys, secrets), or not by this tool.
pub async fn stacks(context: &Context, names: &[String]) -> anyhow::Result<Vec<String>> {
    let mut kept = Vec::new();
    for name in names {
        let resources = resources(context, name).await?;
        for bucket in resources.iter().filter(|resource| resource.kind == "AWS::S3::Bucket") {
            empty(context, &bucket.id).await?;
        }
        delete_stack(context, name).await?;
        for resource in &resources {
            if let Some(left) = delete_retained(context, resource).await? {
                kept.push(left);
            }
        }
        context.events.item("down", name, "deleted", true);
    }
    kept.sort();
    Ok(kept)
}

async fn resources(context: &Context, stack: &str) -> anyhow::Result<Vec<Resource>> {
    let client = context.aws.cloudformation().await?;
    let mut pages = client.list_stack_resources().stack_name(stack).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        for resource in page.called("cloudformation:ListStackResources")?.stack_resource_summaries.unwrap_or_default() {
            found.push(Resource {
                kind: resource.resource_type.unwrap_or_default(),
                id: resource.physical_resource_id.unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

async fn delete_stack(context: &Context, name: &str) -> anyhow::Result<()> {
    let client = context.aws.cloudformation().await?;
    client
        .update_termination_protection()
        .stack_name(name)
        .enable_termination_protection(false)
        .send()
        .await
        .called("cloudformation:UpdateTerminationProtection")?;
    client.delete_stack().stack_name(name).send().await.called("cloudformation:DeleteStack")?;
    let begun = Instant::now();
    loop {
        context.events.item("down", name, "deleting", false);
        let status =
            match client.describe_stacks().stack_name(name).send().await.called("cloudformation:DescribeStacks") {
                Ok(described) => described
                    .stacks()
                    .first()
                    .and_then(|stack| stack.stack_status())
                    .map_or_else(String::new, |status| status.as_str().to_owned()),
                Err(error)
                    if error_code(&error) == Some("ValidationError")
                        && error_message(&error).is_some_and(|text| text.contains("does not exist")) =>
                {
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
        let environment = context.environment_name();
        if status == "DELETE_COMPLETE" {
            return Ok(());
        }
        if status == "DELETE_FAILED" || begun.elapsed() > LIMIT {
            return Err(Failure::new(&codes::DOWN_SLOW, format!("{name} could not be deleted: {status}"))
                .fix(format!("onboardctl -e {environment} stack events"))
                .fix(format!("onboardctl -e {environment} down --delete-data --confirm {environment}"))
                .into());
        }
        tokio::select! {
            () = context.cancel.cancelled() => return Err(context.ended(format!("CloudFormation goes on deleting {name}"), format!("onboardctl -e {environment} status"))),
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
    }
}

/// Deletes what a template's `DeletionPolicy` kept; the answer names what is still there afterwards.
async fn delete_retained(context: &Context, resource: &Resource) -> anyhow::Result<Option<String>> {
    let Resource { kind, id } = resource;
    let gone = match kind.as_str() {
        "AWS::DynamoDB::Table" => {
            let client = context.aws.dynamodb().await?;
            // Protection is lifted first; a table without it takes the call as it is.
            let _ = client.update_table().table_name(id).deletion_protection_enabled(false).send().await;
            client.delete_table().table_name(id).send().await.called("dynamodb:DeleteTable").map(|_| ())
        }
        "AWS::S3::Bucket" => {
            context.aws.s3().await?.delete_bucket().bucket(id).send().await.called("s3:DeleteBucket").map(|_| ())
        }
        "AWS::Logs::LogGroup" => context
            .aws
            .cloudwatchlogs()
            .await?
            .delete_log_group()
            .log_group_name(id)
            .send()
            .await
            .called("logs:DeleteLogGroup")
            .map(|_| ()),
        "AWS::SecretsManager::Secret" => {
            // Seven days is the shortest time that can be undone (Secrets Manager API reference, `DeleteSecret`).
            let secret = context.aws.secretsmanager().await?.delete_secret().secret_id(id).recovery_window_in_days(7);
            secret.send().await.called("secretsmanager:DeleteSecret")?;
            return Ok(Some(format!("{id} (deleted in 7 days)")));
        }
        "AWS::KMS::Key" | "AWS::MSK::Cluster" => return Ok(Some(format!("{kind} {id}"))),
        _ => return Ok(None),
    };
    match gone {
        Err(error) if !is_gone(&error) => Err(error),
        _ => Ok(None),
    }
}

fn is_gone(error: &anyhow::Error) -> bool {
    matches!(error_code(error), Some("ResourceNotFoundException" | "NoSuchBucket"))
}

/// Deletes every version of every object: only an empty bucket can be deleted (`aws-facts.md`, section 4).
async fn empty(context: &Context, bucket: &str) -> anyhow::Result<()> {
    let client = context.aws.s3().await?;
    loop {
        let page = match client.list_object_versions().bucket(bucket).send().await.called("s3:ListBucketVersions") {
            Ok(page) => page,
            Err(error) if is_gone(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        let identifiers = versions
            .chain(markers)
            .map(|(key, version)| {
                ObjectIdentifier::builder().key(key.unwrap_or_default()).set_version_id(version.map(Into::into)).build()
            })
            .collect::<Result<Vec<_>, _>>()?;
        if identifiers.is_empty() {
            return Ok(());
        }
        let delete = Delete::builder().set_objects(Some(identifiers)).quiet(true).build()?;
        let deleted = client.delete_objects().bucket(bucket).delete(delete).send().await.called("s3:DeleteObject")?;
        if let Some(error) = deleted.errors().first() {
            anyhow::bail!("an object of {bucket} cannot be deleted: {}", error.message().unwrap_or_default());
        }
    }
}
