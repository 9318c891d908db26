//! Why a station failed: denials in the logs of the functions behind it, and problems of their event source mappings.

use jiff::Timestamp;

use crate::aws::SendExt;
use crate::catalogue::{Instance, TopicName};
use crate::context::Context;

/// How far before the run the logs are read: clocks differ. Longer would show what an earlier run was denied.
const BEFORE_MS: i64 = 1_000;

/// How a denial is told: of any call, and of a key by Secrets Manager, which names neither action nor caller.
const DENIED: &str = "not authorized to perform";
const KEY_DENIED: &str = "Access to KMS is not allowed";

/// A denied call that a function logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denial {
    /// For example `dynamodb:PutItem`.
    pub action: String,
    /// The role that lacks it.
    pub role: String,
    /// The resource, where it is told.
    pub resource: Option<String>,
}

impl std::fmt::Display for Denial {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "role {} is denied {}", self.role, self.action)?;
        if let Some(resource) = &self.resource {
            write!(formatter, " on {resource}")?;
        }
        Ok(())
    }
}

/// The functions behind a step; their keys, and for the consumer its topic.
pub fn functions_behind(step: &str) -> &'static [(&'static str, Option<&'static str>)] {
    const SUBMIT: (&str, Option<&str>) = ("submit-user-info", None);
    const AUTHORIZER: (&str, Option<&str>) = ("websocket-authorizer", None);
    const CONNECT: (&str, Option<&str>) = ("websocket-connect", None);
    const RELAY: (&str, Option<&str>) = ("outbox-relay", None);
    const CONSUMER: (&str, Option<&str>) = ("consumer", Some("USER_INFO_SUBMITTED"));
    const DOCUMENTS: (&str, Option<&str>) = ("process-documents", None);
    const KYC: (&str, Option<&str>) = ("perform-kyc", None);
    const RECOMMEND: (&str, Option<&str>) = ("generate-recommendations", None);
    const SELECT: (&str, Option<&str>) = ("submit-policy-selection", None);
    const DOCUMENTS_CONSUMER: (&str, Option<&str>) = ("consumer", Some("DOCUMENTS_PROCESSED"));
    const KYC_CONSUMER: (&str, Option<&str>) = ("consumer", Some("KYC_VERIFIED"));
    const RECOMMEND_CONSUMER: (&str, Option<&str>) = ("consumer", Some("POLICY_RECOMMENDED"));
    const SELECT_CONSUMER: (&str, Option<&str>) = ("consumer", Some("WORKFLOW_COMPLETED"));
    const ERRORS: (&str, Option<&str>) = ("consumer", Some("WORKFLOW_ERROR"));
    match step {
        "session" | "submit" | "repeat" | "negative" => &[SUBMIT],
        "socket" | "ticket-missing" | "ticket-reused" => &[AUTHORIZER, CONNECT],
        "outbox" | "record" => &[SUBMIT, RELAY],
        "row" => &[SUBMIT, CONSUMER],
        "consumer" | "alert" | "audit" | "push" => &[SUBMIT, RELAY, CONSUMER],
        "upload" | "documents" => &[DOCUMENTS],
        "documents-event" | "documents-push" | "documents-row" => &[DOCUMENTS, RELAY, DOCUMENTS_CONSUMER],
        "kyc" => &[KYC],
        "kyc-event" | "kyc-push" | "kyc-row" | "review-notice" => &[KYC, RELAY, KYC_CONSUMER],
        "recommend" => &[RECOMMEND],
        "recommend-event" | "recommend-push" | "recommend-row" => &[RECOMMEND, RELAY, RECOMMEND_CONSUMER],
        "select" => &[SELECT],
        "select-event" | "select-push" | "select-row" | "archive-date" | "mail" => &[SELECT, RELAY, SELECT_CONSUMER],
        "review" => &[SUBMIT, DOCUMENTS, KYC],
        "negative-event" => &[SUBMIT, RELAY, ERRORS],
        _ => &[],
    }
}

/// What kept the functions behind a step from their work: denials that they logged since `since`, and what their event
/// source mappings have for a problem.
pub async fn behind(context: &Context, step: &str, since: Timestamp) -> anyhow::Result<Vec<String>> {
    let catalogue = &context.settings.catalogue;
    let mut denials = Vec::new();
    let mut problems = Vec::new();
    for (key, event) in functions_behind(step) {
        let instance = catalogue.instances().into_iter().find(|instance| {
            let topic_event =
                instance.topic.as_ref().and_then(|topic| catalogue.topics.get(topic)).map(|topic| topic.event.as_str());
            instance.key.as_str() == *key && topic_event == *event
        });
        if let Some(instance) = instance {
            denials.extend(logged(context, &instance, since).await?);
            problems.extend(mapping(context, &instance).await?);
        }
    }
    denials.sort();
    denials.dedup();
    Ok(denials.iter().map(ToString::to_string).chain(problems).collect())
}

/// The problems of a function's mappings. Lambda polls with the function's role, so a denial there is in no log of the
/// function (AWS Lambda API Reference, `EventSourceMappingConfiguration`, `LastProcessingResult`).
async fn mapping(context: &Context, instance: &Instance) -> anyhow::Result<Vec<String>> {
    let name = context.settings.environment.function_name(instance);
    let client = context.aws.lambda().await?;
    let listed = client.list_event_source_mappings().function_name(&name).send().await;
    let listed = listed.called("lambda:ListEventSourceMappings")?;
    let results = listed.event_source_mappings().iter().filter_map(|mapping| mapping.last_processing_result());
    let problems = results.filter(|result| result.starts_with("PROBLEM"));
    Ok(problems.map(|problem| format!("the event source mapping of {name} says {problem}")).collect())
}

async fn logged(context: &Context, instance: &Instance, since: Timestamp) -> anyhow::Result<Vec<Denial>> {
    let group = context.settings.environment.log_group(instance);
    let catalogue = &context.settings.catalogue;
    let output = catalogue.functions[&instance.key].role_output(instance.topic.as_ref().map(TopicName::as_str));
    let role = output.trim_end_matches("Arn");
    let client = context.aws.cloudwatchlogs().await?;
    let mut denials = Vec::new();
    for words in [DENIED, KEY_DENIED] {
        let mut pages = client
            .filter_log_events()
            .log_group_name(&group)
            .start_time(since.as_millisecond() - BEFORE_MS)
            .filter_pattern(format!("\"{words}\""))
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            for event in page.called("logs:FilterLogEvents")?.events.unwrap_or_default() {
                denials.extend(parse(event.message().unwrap_or_default(), role));
            }
        }
    }
    Ok(denials)
}

/// The denial in a log line: `User: ARN is not authorized to perform: ACTION on resource: ARN because …`, the text of
/// every IAM denial (IAM User Guide, "Access denied error messages"). Secrets Manager tells of a key that the caller may not
/// use without naming anybody: then it is the function's own `role`.
fn parse(line: &str, role: &str) -> Option<Denial> {
    if line.contains(KEY_DENIED) {
        return Some(Denial { action: "kms:Decrypt".to_owned(), role: role.to_owned(), resource: None });
    }
    let (before, after) = line.split_once(" is not authorized to perform: ")?;
    let user = before.rsplit(|letter: char| letter.is_whitespace() || letter == '"').next()?;
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    let role = user.rsplit_once(":assumed-role/").map_or(user, |(_, rest)| rest.split('/').next().unwrap_or(rest));
    let word = |text: &str| {
        // S3 puts the resource into quotation marks, which a log line escapes.
        text.trim_start_matches(|letter: char| letter.is_whitespace() || ['"', '\\'].contains(&letter))
            .chars()
            .take_while(|letter| !letter.is_whitespace() && !['"', '\\', ',', ')'].contains(letter))
            .collect::<String>()
    };
    let action = word(after);
    let resource = after
        .split_once(" on resource: ")
        .map(|(_, rest)| word(rest).trim_end_matches('.').to_owned())
        .filter(|resource| !resource.is_empty());
    action.contains(':').then(|| Denial { action, role: role.to_owned(), resource })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_are_read_from_log_lines() {
        let denial = |action: &str, role: &str, resource: Option<&str>| {
            Some(Denial { action: action.into(), role: role.into(), resource: resource.map(Into::into) })
        };
        for (line, expected) in [
            (
                r#"{"level":"ERROR","error":"put: User: arn:aws:sts::1:assumed-role/consumer-role/fn is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:1:table/users-local because no identity-based policy allows it"}"#,
                denial("dynamodb:PutItem", "consumer-role", Some("arn:aws:dynamodb:us-east-1:1:table/users-local")),
            ),
            (
                r#""User: arn:aws:iam::1:user/ann is not authorized to perform: sns:Publish""#,
                denial("sns:Publish", "arn:aws:iam::1:user/ann", None),
            ),
            (
                r#"{"error":"User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows it"}"#,
                denial("s3:GetObject", "r", Some("arn:aws:s3:::b/k")),
            ),
            (
                r#"{"error":"secretsmanager:GetSecretValue failed: AccessDeniedException: Access to KMS is not allowed"}"#,
                denial("kms:Decrypt", "ArchiverRole", None),
            ),
            ("nothing of the kind", None),
        ] {
            assert_eq!(parse(line, "ArchiverRole"), expected, "{line}");
        }
    }

    #[test]
    fn every_function_named_here_is_in_the_catalogue() {
        let catalogue = crate::catalogue::Catalogue::embedded().unwrap();
        for step in super::super::report::STEPS {
            for (key, event) in functions_behind(step) {
                assert!(catalogue.functions.keys().any(|known| known.as_str() == *key), "{key}");
                assert!(
                    event.is_none_or(|event| catalogue.topics.values().any(|topic| topic.event == event)),
                    "{event:?}"
                );
            }
        }
    }
}
