//! The platform as other clients than ours see it: boto3, confluent-kafka, the npm package `ws`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::customer::{Customer, block_on};
use crate::support::foreign::node_socket;
use crate::support::platform::shared;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        boto3_lists_the_topics_and_the_mappings,
        confluent_kafka_reads_the_published_record,
        boto3_invokes_a_function_through_its_alias,
        ws_hears_the_push_and_is_refused_without_a_ticket,
    ]
}

fn boto3_lists_the_topics_and_the_mappings() {
    let topics = shared().python("topics", &[]);
    let expected = [
        "documents-processed",
        "kyc-verified",
        "policy-recommended",
        "user-info-submitted",
        "workflow-completed",
        "workflow-errors",
    ];
    assert_eq!(topics, json!(expected));
    let mappings = shared().python("mappings", &[]);
    let mappings = mappings.as_array().unwrap();
    for topic in expected {
        let mapping =
            mappings.iter().find(|mapping| mapping["Topics"] == json!([topic])).unwrap_or_else(|| panic!("{topic}"));
        assert_eq!(mapping["State"], "Enabled");
        assert!(mapping["FunctionArn"].as_str().unwrap().ends_with(":live"), "{mapping}");
        let group = &mapping["AmazonManagedKafkaEventSourceConfig"]["ConsumerGroupId"];
        assert_eq!(*group, json!(format!("onboard-ai-consumer-{topic}-local")));
    }
    assert_eq!(mappings.len(), expected.len() + 1, "and the outbox's stream: {mappings:#?}");
}

fn confluent_kafka_reads_the_published_record() {
    let platform = shared();
    let site = platform.site();
    let customer = block_on(async {
        let customer = Customer::new(&site).await;
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        customer
    });
    let records = platform.python("consume", &["user-info-submitted", &customer.id]);
    let records = records.as_array().unwrap();
    assert_eq!(records.len(), 1, "{records:#?}");
    let (value, headers) = (&records[0]["value"], &records[0]["headers"]);
    assert_eq!(value["eventType"], "USER_INFO_SUBMITTED");
    assert_eq!(value["customerId"], customer.id.as_str());
    assert!(value["sequence"].as_u64().unwrap() >= 1);
    for field in ["eventId", "version", "timestamp", "source", "traceId", "data"] {
        assert!(!value[field].is_null(), "{field} is missing in {value}");
    }
    assert_eq!(headers["eventId"], value["eventId"]);
    assert_eq!(headers["eventType"], value["eventType"]);
    let text = records[0].to_string();
    for personal in ["ada@example.com", "1990-12-10", "442071838750", "Lovelace"] {
        assert!(!text.contains(personal), "personal data in an event: {text}");
    }
}

fn boto3_invokes_a_function_through_its_alias() {
    let event = json!({
        "version": "2.0", "routeKey": "POST /api/session", "rawPath": "/api/session", "rawQueryString": "", "headers": {},
        "requestContext": {
            "accountId": "123456789012", "apiId": "test", "domainName": "test", "domainPrefix": "test", "requestId": "test",
            "routeKey": "POST /api/session", "stage": "$default", "time": "23/Nov/2026:10:00:00 +0000", "timeEpoch": 1,
            "http": {"method": "POST", "path": "/api/session", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}
        },
        "isBase64Encoded": false
    });
    let answer = shared().python("invoke", &["onboard-ai-submit-user-info-local", &event.to_string()]);
    assert!(answer["error"].is_null(), "{answer}");
    assert_eq!(answer["payload"]["statusCode"], 201, "{answer}");
    assert_ne!(answer["executed"], "$LATEST");
}

fn ws_hears_the_push_and_is_refused_without_a_ticket() {
    let site = shared().site();
    let url = format!("{}/ws", site.replacen("http", "ws", 1));
    let refused = node_socket(&url, 5000).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&refused.stdout).trim(), "refused 401");
    let (customer, ticket) = block_on(async {
        let customer = Customer::new(&site).await;
        let ticket = customer.ticket().await;
        (customer, ticket)
    });
    let mut child = node_socket(&format!("{url}?ticket={ticket}"), 20_000).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("open"));
    block_on(async { assert_eq!(customer.submit(None, Customer::information()).await.status, 201) });
    let pushed = lines.find(|line| line.contains("USER_INFO_SUBMITTED")).expect("the push");
    assert!(pushed.contains(&customer.id), "{pushed}");
    child.kill().unwrap();
    child.wait().unwrap();
}
