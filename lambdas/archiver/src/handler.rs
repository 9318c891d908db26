//! One run: pages of due applications, each exported, proved and deleted before the next.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use aws_sdk_s3::types::{Delete as Objects, ObjectIdentifier};
use lambda_runtime::LambdaEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::log::Line as LogLine;
use shared::tables::{Item, from_item, number, text};
use shared::transaction::{self, Outcome};
use shared::{time, trace};

use crate::export::{self, Line};
use crate::function::Function;

/// Applications in one object: what is held in memory at a time.
const PAGE: i32 = 200;

/// How many applications are read or deleted side by side.
const AT_ONCE: usize = 8;

/// What is kept of the invocation's time. What is not done is done tomorrow.
const RESERVE: Duration = Duration::from_secs(15);

/// What a run did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Applications that were exported and deleted.
    archived: usize,
    /// Applications that changed meanwhile and were left.
    left: usize,
    /// Documents that were deleted with their applications.
    documents: usize,
    /// Objects that were written.
    objects: Vec<String>,
    /// Whether due applications may be left for the next run.
    unfinished: bool,
}

/// What deleting needs of a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Due {
    application_id: String,
    archive_at: i64,
    /// Absent where a row was written by other means than an upload.
    #[serde(default)]
    documents: BTreeMap<String, Document>,
}

/// What deleting needs of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    object_key: String,
}

/// Archives what is due.
pub async fn handle(function: &'static Function, event: LambdaEvent<Value>) -> anyhow::Result<Report> {
    let started = Instant::now();
    let remaining = event.context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    let until = started + remaining.saturating_sub(RESERVE);
    let mut report = Report::default();
    let mut from: Option<Item> = None;
    let mut failure = None;
    let run = uuid::Uuid::new_v4().to_string();
    loop {
        let page = due(function, from).await?;
        if !page.items.is_empty() {
            let key = export::key(time::now(), &run, report.objects.len());
            failure = archive(function, page.items, key, &mut report).await.err();
        }
        from = page.next;
        if failure.is_some() || from.is_none() || Instant::now() >= until {
            break;
        }
    }
    report.unfinished = failure.is_some() || from.is_some();
    let line = LogLine::info("archived").trace(&trace::from_headers([event.context.xray_trace_id.as_deref()]));
    line.field("left", report.left)
        .field("documents", report.documents)
        .field("unfinished", report.unfinished)
        .count_of("ApplicationsArchived", report.archived)
        .duration(started)
        .write();
    failure.map_or(Ok(report), Err)
}

struct Page {
    items: Vec<Item>,
    next: Option<Item>,
}

/// The next page of the table, without what is not due.
async fn due(function: &Function, from: Option<Item>) -> anyhow::Result<Page> {
    let scanned = function
        .dynamodb
        .scan()
        .table_name(&function.applications)
        .filter_expression("archiveAt <= :now")
        .expression_attribute_values(":now", number(time::seconds()))
        .set_exclusive_start_key(from)
        .limit(PAGE)
        .send()
        .await
        .context("dynamodb:Scan of the applications failed")?;
    Ok(Page { items: scanned.items.unwrap_or_default(), next: scanned.last_evaluated_key })
}

async fn archive(function: &Function, items: Vec<Item>, key: String, report: &mut Report) -> anyhow::Result<()> {
    use futures::{StreamExt as _, TryStreamExt as _};
    let rows: Vec<Due> = items.iter().cloned().map(from_item).collect::<Result<_, _>>()?;
    let lines: Vec<Line> = futures::stream::iter(items.into_iter().zip(&rows))
        .map(|(item, due)| line(function, item, due))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    export::store(function, &key, export::text(&lines)?).await?;
    report.objects.push(key);
    let mut removals = futures::stream::iter(&rows).map(|due| remove(function, due)).buffered(AT_ONCE);
    let mut failure = None;
    // What was begun is ended, whatever came of another: a row that is gone no longer leads to its documents.
    while let Some(removed) = removals.next().await {
        match removed {
            Ok(Some(documents)) => {
                report.archived += 1;
                report.documents += documents;
            }
            Ok(None) => report.left += 1,
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(()), Err)
}

/// Deletes an application, then its documents: how many; nothing where it was left.
async fn remove(function: &Function, due: &Due) -> anyhow::Result<Option<usize>> {
    if !delete(function, due).await? {
        return Ok(None);
    }
    let deleted = delete_documents(function, due).await;
    if let Err(error) = &deleted {
        let line = LogLine::error("documents of an archived application stay until their lifecycle ends");
        line.field("applicationId", due.application_id.as_str()).cause(error).write();
    }
    deleted.map(Some)
}

/// Deletes the documents of an application that is gone: twenty at most, and S3 takes a thousand in one call. The bucket keeps what was deleted as an older version for as
/// long as its lifecycle says.
async fn delete_documents(function: &Function, gone: &Due) -> anyhow::Result<usize> {
    let keys: Vec<&str> = gone.documents.values().map(|document| document.object_key.as_str()).collect();
    if keys.is_empty() {
        return Ok(0);
    }
    let objects = keys.iter().map(|key| ObjectIdentifier::builder().key(*key).build()).collect::<Result<_, _>>()?;
    let delete = Objects::builder().set_objects(Some(objects)).quiet(true).build()?;
    let request = function.s3.delete_objects().bucket(&function.documents).delete(delete);
    let answer = request.send().await.context("s3:DeleteObject of an application's documents failed")?;
    if let Some(error) = answer.errors().first() {
        let said = [error.code(), error.message()].into_iter().flatten().collect::<Vec<_>>().join(": ");
        anyhow::bail!("s3:DeleteObject of an application's document failed: {said}");
    }
    Ok(keys.len())
}

async fn line(function: &Function, item: Item, due: &Due) -> anyhow::Result<Line> {
    let id = due.application_id.as_str();
    let (kyc_result, recommendations) = tokio::try_join!(
        of_application(function, &function.kyc_results, id),
        of_application(function, &function.recommendations, id)
    )?;
    Ok(Line { application: from_item(item)?, kyc_result, recommendations })
}

async fn of_application(function: &Function, table: &str, id: &str) -> anyhow::Result<Option<Value>> {
    let found = function.dynamodb.get_item().table_name(table).key("applicationId", text(id)).send().await;
    let found = found.context("dynamodb:GetItem of what was decided about an application failed")?;
    found.item.filter(|item| !item.is_empty()).map(from_item).transpose()
}

/// Deletes an application with what was decided about it; not one that changed since it was exported.
async fn delete(function: &Function, due: &Due) -> anyhow::Result<bool> {
    let of = |table: &str| Delete::builder().table_name(table).key("applicationId", text(&due.application_id));
    let application = of(&function.applications)
        .condition_expression("archiveAt = :archiveAt")
        .expression_attribute_values(":archiveAt", AttributeValue::N(due.archive_at.to_string()))
        .build()?;
    let writes = [application, of(&function.kyc_results).build()?, of(&function.recommendations).build()?]
        .map(|delete| TransactWriteItem::builder().delete(delete).build());
    Ok(matches!(transaction::write(&function.dynamodb, writes.to_vec()).await?, Outcome::Written))
}
