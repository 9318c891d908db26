//! What the walk stands on: one platform, its functions called as AWS would call them, rows put as a fixture, and what
//! is told of a denial: answers, log lines, results of event source mappings.

use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aws_sdk_lambda::primitives::Blob;
use aws_types::SdkConfig;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::iam::Iam;
use crate::support::platform::Platform;

pub struct Ground {
    pub platform: Platform,
    pub site: String,
    pub iam: Iam,
    lambda: aws_sdk_lambda::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    next: AtomicI64,
}

/// How a function is called in the walk's texts and in AWS.
pub fn physical(function: &str) -> String {
    format!("onboard-ai-{function}-local")
}

impl Ground {
    pub fn new(platform: Platform) -> Self {
        let iam = Iam::of(&platform);
        let config = SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_types::region::Region::new("us-east-1"))
            .endpoint_url(platform.connection()["endpoint"].as_str().unwrap())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(iam.credentials()))
            .build();
        Self {
            site: platform.site(),
            lambda: aws_sdk_lambda::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            next: AtomicI64::new(1_000_000_000),
            platform,
            iam,
        }
    }

    /// A number that was not used yet: an offset that no record has.
    pub fn number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// The name of a function's role.
    pub async fn role(&self, function: &str) -> String {
        let found = self.lambda.get_function_configuration().function_name(physical(function)).send().await.unwrap();
        found.role().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    /// Calls what live traffic meets; `Err` has what the function failed with.
    pub async fn invoke(&self, function: &str, event: &Value) -> Result<Value, String> {
        match self.invoke_once(function, event).await {
            // An instance that was ended is found gone by the call that comes first.
            Err(error) if error.contains("Runtime.ExitError") => self.invoke_once(function, event).await,
            ended => ended,
        }
    }

    async fn invoke_once(&self, function: &str, event: &Value) -> Result<Value, String> {
        let call = self.lambda.invoke().function_name(physical(function)).qualifier("live");
        let answer = call.payload(Blob::new(event.to_string())).send().await.map_err(|error| format!("{error:?}"))?;
        let payload = answer.payload().map(|blob| String::from_utf8_lossy(blob.as_ref()).into_owned());
        let payload = payload.unwrap_or_default();
        match answer.function_error() {
            Some(_) => Err(payload),
            None => Ok(serde_json::from_str(&payload).unwrap_or_default()),
        }
    }

    /// Ends the instances of a function, so that the next call starts one.
    pub fn chill(&self, function: &str) {
        for process in crate::faults::processes_of(&self.platform, &physical(function)) {
            let _ = Command::new("kill").args(["-9", &process]).status();
        }
    }

    /// Puts a row.
    pub async fn put(&self, table: &str, row: &impl Serialize) {
        let item = serde_dynamo::to_item(row).unwrap();
        self.dynamodb.put_item().table_name(format!("{table}-local")).set_item(Some(item)).send().await.unwrap();
    }

    /// A row by its key.
    pub async fn get(&self, table: &str, key: &Value) -> Value {
        let key = serde_dynamo::to_item(key).unwrap();
        let call = self.dynamodb.get_item().table_name(format!("{table}-local")).set_key(Some(key));
        call.send().await.unwrap().item.map(|item| serde_dynamo::from_item(item).unwrap()).unwrap_or_default()
    }

    /// Takes a row away.
    pub async fn delete(&self, table: &str, key: &Value) {
        let key = serde_dynamo::to_item(key).unwrap();
        self.dynamodb.delete_item().table_name(format!("{table}-local")).set_key(Some(key)).send().await.unwrap();
    }

    /// The lines that a function's log got since.
    pub async fn lines(&self, function: &str, since: Timestamp) -> Vec<String> {
        let group = format!("/aws/lambda/{}", physical(function));
        let call = self.logs.filter_log_events().log_group_name(group).start_time(since.as_millisecond());
        let pages: Result<Vec<_>, _> = call.into_paginator().send().collect().await;
        let events = pages.unwrap().into_iter().flat_map(|page| page.events.unwrap_or_default());
        events.filter_map(|event| event.message).collect()
    }

    /// What the function's event source mappings tell of their last batch.
    pub async fn mapping(&self, function: &str) -> String {
        let call = self.lambda.list_event_source_mappings().function_name(physical(function)).send().await.unwrap();
        let results = call.event_source_mappings().iter().filter_map(|mapping| mapping.last_processing_result());
        results.collect::<Vec<_>>().join("; ")
    }
}

/// Asks until the answer is yes, or the time is over.
pub async fn within(limit: Duration, mut answer: impl AsyncFnMut() -> bool) -> bool {
    let until = tokio::time::Instant::now() + limit;
    loop {
        if answer().await {
            return true;
        }
        if tokio::time::Instant::now() >= until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
