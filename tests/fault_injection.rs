//! `local fault`: each fault strikes as it says, stops when it should, and leaves what it says it leaves. What faults do
//! to functions and the broker is in `fault_effects`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::documents::validate;
use crate::local::{eventually, pid};
use crate::support::customer::{Customer, block_on};
use crate::support::platform::{Platform, faulty};

const SOON: Duration = Duration::from_secs(30);

pub fn trials() -> Vec<Trial> {
    crate::trials![
        names_that_do_not_exist_are_answered_with_the_nearest,
        what_could_never_strike_is_refused,
        every_example_of_the_help_is_accepted,
        nothing_is_added_where_nothing_may_change,
        every_answer_about_faults_matches_its_schema,
        each_service_throttles_in_its_own_words,
        a_struck_call_is_answered_once_it_is_sent_and_its_connection_stays,
        a_fault_strikes_as_often_as_it_says_and_no_more,
        failures_delays_and_cuts_strike_as_they_say,
        a_lost_answer_leaves_its_effect,
        the_same_seed_strikes_the_same_calls,
        a_resource_that_cannot_be_made_fails_its_stack_once,
        only_the_root_key_reaches_the_faults,
        a_platform_that_starts_again_has_no_faults,
    ]
}

/// Calls an operation so often as root, without retries; what came of each call.
pub fn attempts(platform: &Platform, service: &str, operation: &str, parameters: &Value, times: u32) -> Vec<Value> {
    let (parameters, times) = (parameters.to_string(), times.to_string());
    platform.python("attempt", &[service, operation, &parameters, &times]).as_array().unwrap().clone()
}

pub fn statuses(attempts: &[Value]) -> Vec<u64> {
    attempts.iter().map(|attempt| attempt["status"].as_u64().unwrap()).collect()
}

/// What makes a row that no function looks at.
pub fn row(id: &str) -> Value {
    json!({"TableName": "kyc-results-local", "Item": {"applicationId": {"S": id}}})
}

fn found(platform: &Platform, id: &str) -> bool {
    !platform.python("item", &["kyc-results-local", &json!({"applicationId": {"S": id}}).to_string()]).is_null()
}

fn names_that_do_not_exist_are_answered_with_the_nearest() {
    let platform = Platform::new();
    for (words, near) in [
        ("throttle dynamodb:TransactWriteItem", "dynamodb:TransactWriteItems"),
        ("cut dynamdb:*", "dynamodb:*"),
        ("throttle cloudfront:GetDistribution", "cloudfront:*"),
        ("kill submit-user-inf", "submit-user-info"),
        ("deliver-twice consumer-kyc_verifid", "consumer-kyc_verified"),
        ("throttle sns:* --caller submit-user-inf", "submit-user-info"),
        ("fail-resource UserTable", "UsersTable"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let ended = platform.run(&[&["local", "fault", "add"][..], &words].concat()).run().expect(2);
        assert!(ended.stderr.contains("E-LOCAL-013") && ended.stderr.contains(near), "{words:?}: {}", ended.stderr);
    }
    // What is right still needs a platform that runs.
    let ended = platform.run(&["local", "fault", "add", "cut", "sns:*"]).run().expect(1);
    assert!(ended.stderr.contains("onboardctl local start"), "{}", ended.stderr);
}

fn what_could_never_strike_is_refused() {
    let platform = Platform::new();
    for (words, why) in [
        ("deliver-twice outbox-relay", "`outbox-relay` is given no Kafka records"),
        ("deliver-twice consumer submit-user-info", "`submit-user-info` is given no Kafka records"),
        ("throttle edge:Api --caller submit-user-info", "edge:Api is never called by"),
        ("throttle dynamodb:PutItem --caller poller", "dynamodb:PutItem is never called by poller"),
        ("kill submit-user-info --on edge:Api", "edge:Api is never called by"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let ended = platform.run(&[&["local", "fault", "add"][..], &words].concat()).run().expect(2);
        assert!(ended.stderr.contains(why), "{words:?}: {}", ended.stderr);
    }
}

fn every_example_of_the_help_is_accepted() {
    let platform = Platform::new();
    let mut tried = 0;
    for kind in
        ["", "throttle", "fail", "delay", "cut", "lose-answer", "kill", "deliver-twice", "stop-broker", "fail-resource"]
    {
        let words = ["local", "fault", "add", kind, "--help"].into_iter().filter(|word| !word.is_empty());
        let help = platform.run(&words.collect::<Vec<_>>()).run().expect(0).stdout;
        for example in help.lines().filter_map(|line| line.strip_prefix("  onboardctl local fault add ")) {
            let example = example.replace('\'', "");
            let words: Vec<&str> = example.split(' ').chain(["--dry-run"]).collect();
            platform.run(&[&["local", "fault", "add"][..], &words].concat()).run().expect(0);
            tried += 1;
        }
    }
    assert!(tried >= 25, "only {tried} examples were found");
}

fn nothing_is_added_where_nothing_may_change() {
    let platform = faulty();
    let fault = ["local", "fault", "add", "throttle", "sns:*", "-o", "json"];
    let shown = platform.run(&[&fault[..], &["--dry-run"]].concat()).run().expect(0).json();
    assert_eq!((&shown["data"]["changed"], &shown["data"]["fault"]["state"]), (&json!(false), &json!("planned")));
    platform.run(&[&fault[..], &["--read-only"]].concat()).run().expect(3);
    assert!(platform.faults().is_empty());
    let id = platform.add_fault("throttle sns:*");
    for flag in ["--dry-run", "--read-only"] {
        let ended = platform.run(&["local", "fault", "clear", flag, "-o", "json"]).run();
        assert_eq!(ended.code, if flag == "--dry-run" { 0 } else { 3 });
        assert_eq!(platform.faults().len(), 1, "{flag} cleared");
    }
    platform.run(&["local", "fault", "clear", "f9999"]).run().expect(2);
    platform.run(&["local", "fault", "clear", &id]).run().expect(0);
    assert!(platform.faults().is_empty());
}

fn every_answer_about_faults_matches_its_schema() {
    let platform = faulty();
    for arguments in [
        &["add", "fail", "s3:GetObject", "--status", "404", "--code", "NoSuchKey"][..],
        &["add", "kill", "consumer", "--rate", "0.1", "--seed", "7"],
        &["list"],
        &["clear", "--dry-run"],
        &["clear"],
        &["clear"],
        &["list"],
    ] {
        let all = [&["local", "fault"][..], arguments, &["-o", "json"]].concat();
        let document = validate(&platform.run(&all).run().expect(0));
        assert_eq!(document["ok"], true, "{arguments:?}");
        let table = platform.run(&all[..all.len() - 2]).run().expect(0).stdout;
        assert!(!table.trim().is_empty(), "{arguments:?} shows nothing");
    }
}

fn each_service_throttles_in_its_own_words() {
    let platform = faulty();
    let queue = "http://127.0.0.1/123456789012/none";
    for (fault, service, operation, parameters, status, code) in [
        ("dynamodb:PutItem", "dynamodb", "put_item", row("throttled"), 400, "ThrottlingException"),
        ("sns:ListTopics", "sns", "list_topics", json!({}), 400, "Throttling"),
        (
            "sqs:SendMessage",
            "sqs",
            "send_message",
            json!({"QueueUrl": queue, "MessageBody": "x"}),
            403,
            "RequestThrottled",
        ),
        ("s3:ListBuckets", "s3", "list_buckets", json!({}), 503, "SlowDown"),
        ("secretsmanager:ListSecrets", "secretsmanager", "list_secrets", json!({}), 400, "ThrottlingException"),
        ("lambda:ListFunctions", "lambda", "list_functions", json!({}), 429, "TooManyRequestsException"),
        ("ses:ListEmailIdentities", "sesv2", "list_email_identities", json!({}), 429, "TooManyRequestsException"),
        ("kafka:ListClusters", "kafka", "list_clusters", json!({}), 429, "TooManyRequestsException"),
        ("cloudformation:ListStacks", "cloudformation", "list_stacks", json!({}), 400, "Throttling"),
        ("monitoring:ListMetrics", "cloudwatch", "list_metrics", json!({}), 400, "ThrottlingException"),
        (
            "execute-api:PostToConnection",
            "apigatewaymanagementapi",
            "post_to_connection",
            json!({"ConnectionId": "none", "Data": "x"}),
            429,
            "LimitExceededException",
        ),
    ] {
        platform.add_fault(&format!("throttle {fault}"));
        let ended = attempts(&platform, service, operation, &parameters, 2);
        assert_eq!((&ended[0]["status"], &ended[0]["code"]), (&json!(status), &json!(code)), "{fault}: {ended:?}");
        assert_ne!(ended[1]["code"], json!(code), "{fault} strikes once: {ended:?}");
        assert_eq!(platform.struck(), 1);
        platform.clear_faults();
    }
}

/// As AWS does; an answer before the end of a request cuts off whoever still sends it.
fn a_struck_call_is_answered_once_it_is_sent_and_its_connection_stays() {
    let platform = faulty();
    let calls = [
        (
            "throttle dynamodb:PutItem --always",
            platform.connection()["endpoint"].as_str().unwrap().to_owned(),
            "/",
            400,
        ),
        ("fail edge:Api --always --status 503", platform.site(), "/api/session", 503),
    ];
    for (fault, address, path, status) in calls {
        platform.add_fault(fault);
        let address = address.trim_start_matches("http://").trim_end_matches('/');
        let mut connection = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 2\r\ncontent-type: application/x-amz-json-1.0\r\n\
             x-amz-target: DynamoDB_20120810.PutItem\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential=x/20261128/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n"
        );
        for round in ["the first", "the second"] {
            connection.write_all(head.as_bytes()).unwrap();
            connection.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            let early = connection.read(&mut [0; 4096]);
            assert!(early.is_err(), "{fault}: {round} was answered before its body: {early:?}");
            connection.write_all(b"{}").unwrap();
            connection.set_read_timeout(Some(SOON)).unwrap();
            let mut answer = [0; 4096];
            let length = connection.read(&mut answer).unwrap();
            let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{fault}: {round} got {answer:?}");
        }
        platform.clear_faults();
    }
}

fn a_fault_strikes_as_often_as_it_says_and_no_more() {
    let platform = faulty();
    let id = platform.add_fault("throttle dynamodb:PutItem --nth 2 --count 2");
    let ended = attempts(&platform, "dynamodb", "put_item", &row("counted"), 5);
    assert_eq!(statuses(&ended), [200, 400, 400, 200, 200]);
    let fault = &platform.faults()[0];
    assert_eq!(fault["id"], id.as_str());
    assert_eq!((&fault["state"], &fault["struck"], &fault["left"]), (&json!("spent"), &json!(2), &json!(0)));
    platform.clear_faults();
    platform.add_fault("throttle dynamodb:* --for 3s");
    assert_eq!(statuses(&attempts(&platform, "dynamodb", "put_item", &row("timed"), 2)), [400, 400]);
    eventually("the fault ends by itself", SOON, || platform.faults()[0]["state"] == "over");
    assert_eq!(statuses(&attempts(&platform, "dynamodb", "put_item", &row("timed"), 1)), [200]);
}

fn failures_delays_and_cuts_strike_as_they_say() {
    let platform = faulty();
    platform.add_fault("fail dynamodb:PutItem");
    let ended = attempts(&platform, "dynamodb", "put_item", &row("failed"), 2);
    assert_eq!((&ended[0]["status"], &ended[0]["code"]), (&json!(500), &json!("InternalServerError")));
    assert_eq!(ended[1]["status"], 200);
    platform.add_fault("fail s3:ListBuckets --status 403 --code AccessDenied");
    let ended = attempts(&platform, "s3", "list_buckets", &json!({}), 1);
    assert_eq!((&ended[0]["status"], &ended[0]["code"]), (&json!(403), &json!("AccessDenied")));
    platform.add_fault("delay dynamodb:PutItem --by 1500ms");
    let ended = attempts(&platform, "dynamodb", "put_item", &row("delayed"), 2);
    assert_eq!(statuses(&ended), [200, 200]);
    assert!(ended[0]["ms"].as_u64() >= Some(1500) && ended[1]["ms"].as_u64() < Some(1500), "{ended:?}");
    platform.add_fault("cut dynamodb:PutItem");
    let ended = attempts(&platform, "dynamodb", "put_item", &row("cut"), 1);
    assert_eq!(ended[0]["status"], 0, "{ended:?}");
    assert!(!found(&platform, "cut"), "a call that was cut took effect");
    assert!(platform.faults().iter().all(|fault| fault["state"] == "spent"));
}

fn a_lost_answer_leaves_its_effect() {
    let platform = faulty();
    platform.add_fault("lose-answer dynamodb:PutItem");
    let ended = attempts(&platform, "dynamodb", "put_item", &row("lost"), 1);
    assert_eq!(ended[0]["status"], 0, "{ended:?}");
    assert!(found(&platform, "lost"), "the call had no effect");
    // The browser's own call: the customer's step is done although no answer came, and is done once.
    platform.clear_faults();
    let site = platform.site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        platform.add_fault("lose-answer edge:Api");
        let lost = reqwest::Client::new()
            .post(format!("{site}/api/user/submit"))
            .bearer_auth(&customer.token)
            .header("Idempotency-Key", "3f1c8b0e-6d53-4f61-9d0c-2f4c5b8a7e11")
            .json(&Customer::information())
            .send()
            .await;
        assert!(lost.is_err(), "{lost:?}");
        let again = customer.submit(Some("3f1c8b0e-6d53-4f61-9d0c-2f4c5b8a7e11"), Customer::information()).await;
        assert_eq!(again.status, 201, "{again:?}");
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the event");
        assert!(socket.event("USER_INFO_SUBMITTED", Duration::from_secs(2)).await.is_none(), "it was done twice");
    });
}

fn the_same_seed_strikes_the_same_calls() {
    let platform = faulty();
    let run = |seed: u32| {
        platform.add_fault(&format!("throttle dynamodb:PutItem --rate 0.5 --seed {seed}"));
        let ended = statuses(&attempts(&platform, "dynamodb", "put_item", &row("seeded"), 24));
        platform.clear_faults();
        ended
    };
    let first = run(7);
    assert!(first.contains(&200) && first.contains(&400), "{first:?}");
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
}

fn a_resource_that_cannot_be_made_fails_its_stack_once() {
    let platform = Platform::new();
    platform.supervise();
    platform.add_fault("fail-resource AlertsTopic");
    let ended = platform.run(&["stack", "up", "-o", "json"]).run();
    assert_ne!(ended.code, 0, "{}", ended.stdout);
    let document = ended.json();
    assert_eq!(document["error"]["code"], "E-STACK-003", "{document:#}");
    assert!(document["error"].to_string().contains("AlertsTopic"), "{document:#}");
    assert_eq!(platform.struck(), 1);
    platform.run(&["stack", "up"]).run().expect(0);
    assert_eq!(platform.struck(), 1, "it strikes once");
}

fn only_the_root_key_reaches_the_faults() {
    let platform = faulty();
    let endpoint = platform.connection()["endpoint"].as_str().unwrap().to_owned();
    platform.add_fault("kill submit-user-info");
    block_on(async {
        let client = reqwest::Client::new();
        let faults = format!("{endpoint}/_onboardctl/faults");
        let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
        assert_eq!(status(client.get(&faults)).await, 403, "without a signature");
        assert_eq!(status(client.delete(&faults).header("authorization", "Bearer x")).await, 403);
        let foreign = "AWS4-HMAC-SHA256 Credential=ASIA0000/20261123/us-east-1/onboardctl/aws4_request, \
                       SignedHeaders=host, Signature=0";
        assert_eq!(status(client.delete(&faults).header("authorization", foreign)).await, 403, "another key");
        assert_eq!(status(client.get(&faults).header("host", "kafka.us-east-1.amazonaws.com")).await, 403);
        let asked = client.post(format!("{endpoint}/_onboardctl/strike")).header("x-onboardctl-token", "guessed");
        assert_eq!(status(asked.body("{}")).await, 403, "another token");
    });
    assert_eq!(platform.faults().len(), 1);
}

fn a_platform_that_starts_again_has_no_faults() {
    let platform = Platform::new();
    platform.run(&["local", "start"]).run().expect(0);
    platform.add_fault("stop-broker");
    platform.add_fault("kill submit-user-info --always");
    let asked = platform.state_dir().join("aws/faults.json");
    assert!(asked.is_file());
    // However it ended: a supervisor that is killed cannot let the broker go.
    let killed = std::process::Command::new("kill").args(["-9", &pid(&platform, "supervisor").to_string()]).status();
    assert!(killed.unwrap().success());
    platform.run(&["local", "start"]).run().expect(0);
    assert!(platform.faults().is_empty() && !asked.exists());
    platform.add_fault("stop-broker");
    let begun = Instant::now();
    platform.run(&["local", "stop"]).run().expect(0);
    assert!(begun.elapsed() < Duration::from_secs(15), "a held broker kept the stop for {:?}", begun.elapsed());
}
