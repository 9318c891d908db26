//! The rows of applications: opened or added to at an upload, moved on when documents were read.

use std::collections::BTreeMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, TransactWriteItem, Update};
use shared::http::Problem;
use shared::progress::State;
use shared::tables::{ApplicationDocument, Item, attribute, number, text};
use shared::time;
use uuid::Uuid;

/// How many documents an application may have. All of them are in one row.
pub const LIMIT_DOCUMENTS: usize = 20;

/// The table's time to live. Only on a row of which nothing was processed yet.
const EXPIRES_AT: &str = "expiresAt";

/// An application counts as abandoned when nothing was processed for so long after its last upload: 30 days.
const ABANDONED_AFTER_SECONDS: i64 = 30 * 24 * 60 * 60;

/// What the last check of the identity left. It does not hold for other documents.
const OF_THE_LAST_CHECK: [&str; 4] = ["kycStatus", "riskLevel", "country", "countryRisk"];

/// Documents by their id.
pub type Documents = BTreeMap<String, ApplicationDocument>;

/// The id of the customer's application, made where there is none yet: a customer has one, however many calls ask at once.
pub async fn claim(client: &Client, users: &str, customer_id: &str) -> anyhow::Result<String> {
    let claimed = client
        .update_item()
        .table_name(users)
        .key("customerId", text(customer_id))
        .update_expression("SET applicationId = if_not_exists(applicationId, :new)")
        .condition_expression("attribute_exists(customerId)")
        .expression_attribute_values(":new", text(Uuid::new_v4().to_string()))
        .return_values(ReturnValue::UpdatedNew)
        .send()
        .await
        .context("dynamodb:UpdateItem on the users table failed")?;
    let id = claimed.attributes().and_then(|row| row.get("applicationId")?.as_s().ok());
    id.cloned().context("the customer's application came back without its id")
}

/// Makes sure that the row is there: nothing can be put into a map that isn't. A row of which nothing was processed yet
/// expires some time after the last upload; [`moved_on`] takes that away.
async fn open(client: &Client, table: &str, (customer_id, application_id): (&str, &str)) -> anyhow::Result<()> {
    const OPENED: &str = "SET documents = if_not_exists(documents, :none), \
         customerId = if_not_exists(customerId, :customer), #state = if_not_exists(#state, :submitted), \
         createdAt = if_not_exists(createdAt, :now)";
    let opened = || {
        let update = client.update_item().table_name(table).key("applicationId", text(application_id));
        update
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":none", AttributeValue::M(Item::new()))
            .expression_attribute_values(":customer", text(customer_id))
            .expression_attribute_values(":submitted", text(State::UserInfoSubmitted.as_str()))
            .expression_attribute_values(":now", text(time::text(time::now())))
    };
    let unprocessed = opened()
        .update_expression(format!("{OPENED}, {EXPIRES_AT} = :expires"))
        .condition_expression(format!("attribute_not_exists(applicationId) OR attribute_exists({EXPIRES_AT})"))
        .expression_attribute_values(":expires", number(time::seconds() + ABANDONED_AFTER_SECONDS));
    match unprocessed.send().await {
        Ok(_) => return Ok(()),
        Err(error) if shared::aws::is_refused(&error) => {}
        Err(error) => return Err(error).context("dynamodb:UpdateItem on the applications table failed"),
    }
    let processed = opened().update_expression(OPENED).send().await;
    processed.map(drop).context("dynamodb:UpdateItem on the applications table failed")
}

/// Adds documents to an application; a refusal where it would have too many.
pub async fn add(
    client: &Client,
    table: &str,
    (customer_id, application_id): (&str, &str),
    documents: Documents,
) -> anyhow::Result<Result<(), Problem>> {
    open(client, table, (customer_id, application_id)).await?;
    let room = LIMIT_DOCUMENTS.saturating_sub(documents.len());
    let mut update = client
        .update_item()
        .table_name(table)
        .key("applicationId", text(application_id))
        // A step of the same customer may write the row at the same time, but never these entries. If they are there, the
        // SDK tries again after an answer that was lost: what was added must not be refused.
        .condition_expression(
            "customerId = :customer AND (size(documents) <= :room OR attribute_exists(documents.#d0))",
        )
        .expression_attribute_values(":customer", text(customer_id))
        .expression_attribute_values(":room", number(room))
        .expression_attribute_values(":now", text(time::text(time::now())));
    let mut set = vec!["updatedAt = :now".to_owned()];
    for (index, (id, document)) in documents.iter().enumerate() {
        set.push(format!("documents.#d{index} = :d{index}"));
        update = update
            .expression_attribute_names(format!("#d{index}"), id)
            .expression_attribute_values(format!(":d{index}"), attribute(document)?);
    }
    match update.update_expression(format!("SET {}", set.join(", "))).send().await {
        Ok(_) => Ok(Ok(())),
        Err(error) if shared::aws::is_refused(&error) => Ok(Err(full())),
        Err(error) => Err(error).context("dynamodb:UpdateItem on the applications table failed"),
    }
}

fn full() -> Problem {
    Problem::new(409, "TOO_MANY_DOCUMENTS", &format!("An application has {LIMIT_DOCUMENTS} documents at most."))
}

/// The write that puts what was read into the row.
pub fn moved_on(
    table: &str,
    application_id: &str,
    documents: &Documents,
    average_confidence: f64,
) -> anyhow::Result<TransactWriteItem> {
    let mut update = Update::builder()
        .table_name(table)
        .key("applicationId", text(application_id))
        // An application that was archived meanwhile must not come back as a fragment.
        .condition_expression("attribute_exists(applicationId)")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":state", text(State::DocumentsProcessed.as_str()))
        .expression_attribute_values(":average", number(average_confidence))
        .expression_attribute_values(":now", text(time::text(time::now())));
    let mut set =
        vec!["#state = :state".to_owned(), "averageConfidence = :average".to_owned(), "updatedAt = :now".to_owned()];
    // Entry by entry: an upload may add others at the same time.
    for (index, (id, document)) in documents.iter().enumerate() {
        set.push(format!("documents.#d{index} = :d{index}"));
        update = update
            .expression_attribute_names(format!("#d{index}"), id)
            .expression_attribute_values(format!(":d{index}"), attribute(document)?);
    }
    let mut removed = vec![EXPIRES_AT.to_owned()];
    for (index, name) in OF_THE_LAST_CHECK.into_iter().enumerate() {
        removed.push(format!("#r{index}"));
        update = update.expression_attribute_names(format!("#r{index}"), name);
    }
    let expression = format!("SET {} REMOVE {}", set.join(", "), removed.join(", "));
    Ok(TransactWriteItem::builder().update(update.update_expression(expression).build()?).build())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
    use shared::tables::{DocumentType, from_item};

    use super::*;
    use crate::recorded::Recorded;

    fn document() -> ApplicationDocument {
        ApplicationDocument {
            document_type: DocumentType::Passport,
            file_name: "passport.txt".into(),
            content_type: "text/plain".into(),
            size_bytes: 90,
            object_key: "c-1/a-1/d-1".into(),
            version_id: Some("v-1".into()),
            agent: Some("builtin".into()),
            fields: Vec::new(),
            warnings: Vec::new(),
            processed_at: Some("2026-11-23T10:15:00.000Z".into()),
        }
    }

    #[test]
    fn what_was_read_is_written_entry_by_entry_and_the_last_check_is_taken_out() {
        let documents = Documents::from([("d-1".to_owned(), document()), ("d-2".to_owned(), document())]);
        let write = moved_on("t", "a-1", &documents, 0.9).unwrap();
        let update = write.update().unwrap();
        assert_eq!(
            update.update_expression(),
            "SET #state = :state, averageConfidence = :average, updatedAt = :now, documents.#d0 = :d0, \
             documents.#d1 = :d1 REMOVE expiresAt, #r0, #r1, #r2, #r3"
        );
        let (names, values) =
            (update.expression_attribute_names().unwrap(), update.expression_attribute_values().unwrap());
        assert_eq!((names["#d1"].as_str(), names["#r0"].as_str()), ("d-2", "kycStatus"));
        assert_eq!((&values[":state"], &values[":average"]), (&text("DOCUMENTS_PROCESSED"), &number(0.9)));
        let back: ApplicationDocument = from_item(values[":d0"].as_m().unwrap().clone()).unwrap();
        assert_eq!(back, document());
    }
    #[tokio::test]
    async fn a_full_application_takes_what_it_has_again_and_nothing_else() {
        let refused = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#;
        for (answer, added) in [((200, vec![], "{}".to_owned()), true), ((400, vec![], refused.to_owned()), false)] {
            let replay = Recorded::new(vec![(200, vec![], "{}".to_owned()), answer]);
            let config = aws_sdk_dynamodb::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("eu-central-1"))
                .endpoint_url("http://127.0.0.1:4566")
                .credentials_provider(Credentials::for_tests())
                .retry_config(aws_config::retry::RetryConfig::disabled())
                .http_client(replay.clone())
                .build();
            let documents = Documents::from([("d-1".to_owned(), document()), ("d-2".to_owned(), document())]);
            let result = add(&Client::from_conf(config), "t", ("c-1", "a-1"), documents).await.unwrap();
            assert_eq!(result.map_err(|problem| problem.code).is_ok(), added);
            let asked = replay.asked();
            let asked: serde_json::Value = serde_json::from_slice(asked[1].body().bytes().unwrap()).unwrap();
            assert_eq!(
                asked["ConditionExpression"],
                "customerId = :customer AND (size(documents) <= :room OR attribute_exists(documents.#d0))"
            );
            assert_eq!(asked["ExpressionAttributeValues"][":room"]["N"], "18");
            assert_eq!(asked["ExpressionAttributeNames"]["#d0"], "d-1");
        }
    }
}
