//! Why a station failed: denials in the logs of the functions behind it.

use jiff::Timestamp;

use crate::aws::SendExt;
use crate::catalogue::Instance;
use crate::context::Context;

/// How far before the run the logs are read: clocks differ. Longer would show what an earlier run was denied.
const BEFORE_MS: i64 = 1_000;

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
        "kyc-event" | "kyc-push" | "kyc-row" => &[KYC, RELAY, KYC_CONSUMER],
        "recommend" => &[RECOMMEND],
        "recommend-event" | "recommend-push" | "recommend-row" => &[RECOMMEND, RELAY, RECOMMEND_CONSUMER],
        "select" => &[SELECT],
        "select-event" | "select-push" | "select-row" | "archive-date" | "mail" => &[SELECT, RELAY, SELECT_CONSUMER],
        "negative-event" => &[SUBMIT, RELAY, ERRORS],
        _ => &[],
    }
}

/// Denials that the functions behind a step logged since `since`.
pub async fn behind(context: &Context, step: &str, since: Timestamp) -> anyhow::Result<Vec<Denial>> {
    let catalogue = &context.settings.catalogue;
    let mut denials = Vec::new();
    for (key, event) in functions_behind(step) {
        let instance = catalogue.instances().into_iter().find(|instance| {
            let topic_event =
                instance.topic.as_ref().and_then(|topic| catalogue.topics.get(topic)).map(|topic| topic.event.as_str());
            instance.key.as_str() == *key && topic_event == *event
        });
        if let Some(instance) = instance {
            denials.extend(logged(context, &instance, since).await?);
        }
    }
    denials.sort();
    denials.dedup();
    Ok(denials)
}

async fn logged(context: &Context, instance: &Instance, since: Timestamp) -> anyhow::Result<Vec<Denial>> {
    let group = context.settings.environment.log_group(instance);
    let client = context.aws.cloudwatchlogs().await?;
    let mut pages = client
        .filter_log_events()
        .log_group_name(group)
        .start_time(since.as_millisecond() - BEFORE_MS)
        .filter_pattern("\"not authorized to perform\"")
        .into_paginator()
        .send();
    let mut denials = Vec::new();
    while let Some(page) = pages.next().await {
        for event in page.called("logs:FilterLogEvents")?.events.unwrap_or_default() {
            denials.extend(parse(event.message().unwrap_or_default()));
        }
    }
    Ok(denials)
}

/// The denial in a log line: `User: ARN is not authorized to perform: ACTION on resource: ARN because …`, the text of
/// every IAM denial (IAM User Guide, "Access denied error messages").
fn parse(line: &str) -> Option<Denial> {
    let (before, after) = line.split_once(" is not authorized to perform: ")?;
    let user = before.rsplit(|letter: char| letter.is_whitespace() || letter == '"').next()?;
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    let role = user.rsplit_once(":assumed-role/").map_or(user, |(_, rest)| rest.split('/').next().unwrap_or(rest));
    let word = |text: &str| {
        text.trim_start()
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
            ("nothing of the kind", None),
        ] {
            assert_eq!(parse(line), expected, "{line}");
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
