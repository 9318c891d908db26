//! What functions tell of themselves: one JSON object a line, with what a search needs; counters that count right; and one
//! trace id from the edge to the push.

use std::collections::BTreeMap;
use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::customer::{Customer, block_on};
use crate::support::platform::{Platform, shared};
use crate::support::walker::{Walker, new_trace};

const SOON: Duration = Duration::from_mins(1);

pub fn trials() -> Vec<Trial> {
    crate::trials![a_journey_is_told_from_the_edge_to_the_push, every_line_is_one_object]
}

/// A line that a function wrote.
struct Line {
    group: String,
    text: String,
}

/// All lines of functions; those with which Lambda itself frames each invocation are left out.
fn lines(platform: &Platform) -> Vec<Line> {
    let of_lambda = ["START RequestId: ", "END RequestId: ", "REPORT RequestId: "];
    let all = platform.load("lines", &[]);
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines =
        all.as_array().unwrap().iter().map(|line| Line { group: text(line, "group"), text: text(line, "text") });
    lines.filter(|line| !of_lambda.iter().any(|begin| line.text.starts_with(begin))).collect()
}

/// The lines that can be read, as objects.
fn objects(platform: &Platform) -> Vec<Value> {
    lines(platform).iter().filter_map(|line| serde_json::from_str(&line.text).ok()).collect()
}

/// Lines that end a piece of work, each with how long it took.
const WITH_DURATION: &[&str] = &[
    "request",
    "record",
    "pushed",
    "notified",
    "mailed",
    "a connection was gone",
    "published",
    "relayed",
    "swept",
    "message",
    "connected",
    "disconnected",
    "handshake",
    "document read",
    "archived",
];

/// Lines of a start, which is nobody's call.
const WITHOUT_CALL: &[&str] = &["the function could not start", "the brokers were not reached while starting"];

/// The row of a customer's connection that is gone without a word.
fn gone(platform: &Platform, customer: &str) -> String {
    let id = format!("gone-{}", uuid::Uuid::new_v4());
    let now = jiff::Timestamp::now().as_second();
    let row = json!({ "connectionId": { "S": id }, "customerId": { "S": customer },
        "connectedAt": { "N": ((now - 60) * 1_000).to_string() }, "expiresAt": { "N": (now + 600).to_string() } });
    platform.python("put", &["websocket-connections-local", &row.to_string()]);
    id
}

fn every_line_is_one_object() {
    let platform = shared();
    let gone = block_on(async {
        let customer = Customer::new(&platform.site()).await;
        let mut socket = customer.socket().await;
        let gone = gone(platform, &customer.id);
        socket.send(r#"{"action":"ping"}"#).await;
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("the push");
        gone
    });
    let of_gone = |line: &Value| line["message"] == "a connection was gone" && line["connectionId"] == gone.as_str();
    crate::local::eventually("the connection that was gone is told", SOON, || objects(platform).iter().any(of_gone));
    let lines = lines(platform);
    assert!(lines.len() > 10, "functions wrote {} lines", lines.len());
    let mut wrong = Vec::new();
    for Line { group, text } in &lines {
        let Ok(Value::Object(line)) = serde_json::from_str(text) else {
            wrong.push(format!("{group}: not one JSON object: {text}"));
            continue;
        };
        let message = line.get("message").and_then(Value::as_str).unwrap_or_default();
        let mut say = |what: &str| wrong.push(format!("{group}: {what}: {text}"));
        if line.get("function").and_then(Value::as_str) != group.strip_prefix("/aws/lambda/") {
            say("another function's name");
        }
        for name in ["timestamp", "level", "message"] {
            if !line.get(name).is_some_and(Value::is_string) {
                say(&format!("no {name}"));
            }
        }
        if !line.get("traceId").is_some_and(Value::is_string) && !WITHOUT_CALL.contains(&message) {
            say("no traceId");
        }
        if WITH_DURATION.contains(&message) && !line.get("durationMs").is_some_and(Value::is_u64) {
            say("no duration");
        }
        let of_event = ["published", "record", "pushed", "notified", "mailed", "a connection was gone"]
            .contains(&message)
            && line["level"] != "ERROR";
        if of_event
            && line.get("handled").is_none_or(|handled| handled != "dead_letter")
            && !line.contains_key("eventId")
        {
            say("no eventId");
        }
        if let Some(described) = line.get("_aws") {
            wrong.extend(metric(&line, described).err().map(|problem| format!("{group}: {problem}: {text}")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} lines: {:#?}",
        wrong.len(),
        lines.len(),
        wrong.iter().take(10).collect::<Vec<_>>()
    );
}

/// Whether a line's metrics are as CloudWatch reads them. Source: Amazon `CloudWatch` User Guide, "Specification: Embedded
/// metric format".
fn metric(line: &serde_json::Map<String, Value>, described: &Value) -> Result<(), String> {
    let at = described["Timestamp"].as_i64().ok_or("no timestamp")?;
    let age = jiff::Timestamp::now().as_millisecond() - at;
    if !(0..14 * 24 * 60 * 60 * 1000).contains(&age) {
        return Err(format!("the metric is {age} ms old"));
    }
    let directives = described["CloudWatchMetrics"].as_array().ok_or("no directives")?;
    for directive in directives {
        if directive["Namespace"] != "OnboardAI" {
            return Err("another namespace".to_owned());
        }
        for dimension in
            directive["Dimensions"].as_array().into_iter().flatten().flat_map(|set| set.as_array().unwrap())
        {
            let name = dimension.as_str().ok_or("a dimension without a name")?;
            line.get(name).and_then(Value::as_str).ok_or_else(|| format!("the dimension {name} has no value"))?;
        }
        for metric in directive["Metrics"].as_array().ok_or("no metrics")? {
            let name = metric["Name"].as_str().ok_or("a metric without a name")?;
            line.get(name).and_then(Value::as_f64).ok_or_else(|| format!("the metric {name} has no value"))?;
        }
    }
    if directives.is_empty() { Err("no directives".to_owned()) } else { Ok(()) }
}

/// The sum of each counter over lines with one of these traces, read as CloudWatch does.
fn counted(lines: &[Value], traces: &[&str]) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for line in lines.iter().filter(|line| traces.iter().any(|trace| line["traceId"] == *trace)) {
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten() {
            for metric in directive["Metrics"].as_array().into_iter().flatten() {
                let name = metric["Name"].as_str().unwrap();
                *sums.entry(name.to_owned()).or_default() += line[name].as_u64().unwrap();
            }
        }
    }
    sums
}

/// The topics of five steps and of a refusal, in the order in which `walk` takes them, with the events that are pushed.
const TOPICS: [(&str, &str); 6] = [
    ("user-info-submitted", "USER_INFO_SUBMITTED"),
    ("documents-processed", "DOCUMENTS_PROCESSED"),
    ("kyc-verified", "KYC_VERIFIED"),
    ("policy-recommended", "POLICY_RECOMMENDED"),
    ("workflow-completed", "WORKFLOW_COMPLETED"),
    ("workflow-errors", "WORKFLOW_ERROR"),
];

/// Five steps and a refusal, each under a trace of its own, with two sockets open; the customer and what was pushed.
async fn walk(platform: &Platform, traces: &[String]) -> (String, Vec<Value>) {
    let walker = Walker::new(&platform.site()).await;
    let (mut socket, _other) = (walker.customer.socket().await, walker.customer.socket().await);
    let header = |at: usize| format!("Root={};Parent=53995c3f42cd8ad8;Sampled=1", traces[at]);
    let step = async |at: usize, path: &str, body: &Value| {
        let header = header(at);
        walker.must(path, body, &[("x-amzn-trace-id", header.as_str())]).await
    };
    let information = json!({
        "email": "ada@simulator.amazonses.com", "firstName": "Anna Maria", "lastName": "Eriksson", "dateOfBirth": "1974-08-12",
        "phoneNumber": "+442071838750",
        "address": { "street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB" },
    });
    step(0, "/api/user/submit", &information).await;
    let uploaded = walker.upload("passport.txt", &crate::load::driver::document()).await;
    step(1, "/api/documents/process", &uploaded.read()).await;
    step(2, "/api/kyc/verify", &uploaded.named()).await;
    let offers = step(3, "/api/policy/recommend", &uploaded.named()).await;
    let mut choice = uploaded.named();
    choice["policyId"] = offers["recommendations"][0]["policyId"].clone();
    step(4, "/api/policy/select", &choice).await;
    let refused = walker.call("POST", "/api/kyc/verify", &[("x-amzn-trace-id", &header(5))], Some(&json!({}))).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    let mut pushed = Vec::new();
    for (_, event_type) in TOPICS {
        pushed.push(socket.event(event_type, SOON).await.expect(event_type));
    }
    (walker.customer.id, pushed)
}

fn a_journey_is_told_from_the_edge_to_the_push() {
    let platform = shared();
    let queue = platform.load("listen", &[&format!("traces-{}", uuid::Uuid::new_v4())]);
    let traces: Vec<String> = TOPICS.iter().map(|_| new_trace()).collect();
    let (customer, pushed) = block_on(walk(platform, &traces));
    let all: Vec<&str> = traces.iter().map(String::as_str).collect();
    let expected = BTreeMap::from(
        [
            ("EventsPublished", 6),
            ("EventsHandled", 6),
            ("EventsPushed", 12),
            // Operators hear of the submission; of a refusal nobody does.
            ("NotificationsSent", 1),
            ("ValidationFailures", 1),
            ("MailsSent", 1),
        ]
        .map(|(name, count)| (name.to_owned(), count)),
    );
    eventually_counted(platform, &all, &expected);
    let lines = objects(platform);
    let audit = platform.load("rows", &["audit-logs-local"]);
    for ((trace, (topic, _)), event) in all.iter().zip(TOPICS).zip(&pushed) {
        assert_eq!(event["traceId"], *trace, "the push of {topic}");
        told_by_functions(&lines, trace, topic, &customer, event);
        let records = platform.python("consume", &[topic, &customer]);
        let records = records.as_array().unwrap();
        let record = records.iter().find(|record| record["value"]["eventId"] == event["eventId"]).expect("the record");
        assert_eq!(
            (&record["headers"]["traceId"], &record["value"]["traceId"]),
            (&json!(trace), &json!(trace)),
            "{topic}"
        );
        let row =
            audit.as_array().unwrap().iter().find(|row| row["eventId"] == event["eventId"]).expect("the audit row");
        assert_eq!(row["traceId"], *trace, "{topic}");
    }
    let messages = platform.load("messages", &[queue.as_str().unwrap()]);
    let alert = messages.as_array().unwrap().iter().find(|message| message["eventId"] == pushed[0]["eventId"]);
    assert_eq!(alert.expect("operators hear of a submission")["traceId"], *all[0]);
}

/// Each function on an event's way tells of it, with the customer and the event.
fn told_by_functions(lines: &[Value], trace: &str, topic: &str, customer: &str, event: &Value) {
    // Whom an event's own type tells.
    let also: &[&str] = match topic {
        "user-info-submitted" => &["notified"],
        "workflow-completed" => &["mailed"],
        _ => &[],
    };
    for message in ["request", "published", "record", "pushed"].iter().chain(also) {
        let line = lines.iter().find(|line| line["traceId"] == trace && line["message"] == *message);
        let line = line.unwrap_or_else(|| panic!("{topic}: no line {message:?} with {trace}"));
        assert_eq!(line["customerId"], customer, "{topic}: {message}");
        assert_eq!(line["eventId"], event["eventId"], "{topic}: {message}");
    }
}

fn eventually_counted(platform: &Platform, traces: &[&str], expected: &BTreeMap<String, u64>) {
    let mut last = BTreeMap::new();
    let until = std::time::Instant::now() + SOON;
    while std::time::Instant::now() < until {
        last = counted(&objects(platform), traces);
        if last == *expected {
            return;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let lines: Vec<_> =
        objects(platform).into_iter().filter(|line| traces.iter().any(|trace| line["traceId"] == *trace)).collect();
    assert_eq!(last, *expected, "{lines:#?}");
}
