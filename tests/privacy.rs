//! Personal data stays where it belongs: canaries go through everything, and then everything is searched for them.
//!
//! By `platform.md`, personal data stays in `DynamoDB` and S3. Here that is read as: the customer's and the application's
//! rows, the results of KYC, what a repeated call is answered with, the documents' bucket, and the dead letters' bucket,
//! which holds a record as it is. A mail has an address, of course. Whatever else there is holds ids and results.

use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Map, Value, json};

use crate::local::eventually;
use crate::support::customer::{block_on, call};
use crate::support::platform::{Platform, shared};
use crate::support::walker::Walker;

const SOON: Duration = Duration::from_mins(1);

pub fn trials() -> Vec<Trial> {
    crate::trials![personal_data_stays_where_it_belongs, secrets_are_nowhere]
}

/// Letters that occur nowhere else.
fn canary(kind: &str) -> String {
    let letters = "bcdfghjklmnpqrstvwxz".as_bytes();
    let random = (0..10).map(|_| char::from(letters[usize::from(rand::random::<u8>()) % letters.len()]));
    format!("Zq{kind}{}", random.collect::<String>())
}

/// The texts to search for, by name.
#[derive(Default)]
struct Canaries(Map<String, Value>);

impl Canaries {
    fn add(&mut self, name: &str, text: &str) -> String {
        assert!(self.0.insert(name.to_owned(), text.into()).is_none(), "{name} is there");
        text.to_owned()
    }

    fn plant(&mut self, name: &str) -> String {
        let text = canary(name);
        self.add(name, &text)
    }
}

/// A person of canaries, with an address or without.
fn person(canaries: &mut Canaries, who: &str, born: &str, address: bool) -> (Value, String) {
    let digits = |count: usize| (0..count).map(|_| char::from(b'0' + rand::random::<u8>() % 10)).collect::<String>();
    let phone = format!("+44207183{}", digits(4));
    canaries.add(&format!("{who}phone"), phone.trim_start_matches('+'));
    canaries.add(&format!("{who}born"), born);
    let (first, last) = (canaries.plant(&format!("{who}first")), canaries.plant(&format!("{who}last")));
    let mail = canaries.plant(&format!("{who}mail"));
    let mut information = json!({
        "email": format!("{mail}@simulator.amazonses.com"), "firstName": first, "lastName": last, "dateOfBirth": born,
        "phoneNumber": phone,
    });
    if address {
        information["address"] = json!({
            "street": canaries.plant(&format!("{who}street")), "city": canaries.plant(&format!("{who}city")),
            "postalCode": "N1 9GU", "country": "GB",
        });
    }
    let number = canaries.add(&format!("{who}number"), &format!("ZQ{}", digits(9)));
    let text = canaries.plant(&format!("{who}text"));
    let document = format!(
        "Document Number: {number}\nSurname: {last}\nGiven Names: {first}\nDate of Birth: {born}\n\
         Date of Expiry: 2039-04-15\nNationality: GBR\nIssuing Country: GBR\nSex: F\nRemarks: {text}\n"
    );
    (information, document)
}

/// Walks as far as KYC lets, each step under a key so that its outcome is remembered; answers what KYC said.
async fn walk(walker: &Walker, (information, document): (Value, String), file_name: &str) -> String {
    let key = || uuid::Uuid::new_v4().simple().to_string();
    walker.must("/api/user/submit", &information, &[("idempotency-key", &key())]).await;
    let uploaded = walker.upload(file_name, &document).await;
    walker.must("/api/documents/process", &uploaded.read(), &[("idempotency-key", &key())]).await;
    let verified = walker.must("/api/kyc/verify", &uploaded.named(), &[("idempotency-key", &key())]).await;
    if verified["status"] == "APPROVED" {
        let mut wanted = uploaded.named();
        wanted["preferences"] = json!({ "smoker": true, "travel": "OFTEN", "dependants": 2 });
        let offers = walker.must("/api/policy/recommend", &wanted, &[("idempotency-key", &key())]).await;
        let mut choice = uploaded.named();
        choice["policyId"] = offers["recommendations"][0]["policyId"].clone();
        walker.must("/api/policy/select", &choice, &[("idempotency-key", &key())]).await;
    }
    verified["status"].as_str().unwrap().to_owned()
}

/// Sends canaries wherever a request has room for something wrong.
async fn refused(walker: &Walker, canaries: &mut Canaries) {
    let mut text = |name: &str| canaries.plant(name);
    let (name, agent, query) = (text("wrongname"), text("wrongagent"), text("query"));
    let (key, token, path) = (text("wrongkey"), text("wrongtoken"), text("path"));
    let bodies = [
        (
            "/api/user/submit",
            json!({
                "email": format!("{} x", text("wrongmail")), "firstName": format!("{}\u{0}", text("wrongfirst")),
                "lastName": [text("wronglast")], "dateOfBirth": text("wrongborn"), "phoneNumber": text("wrongphone"),
                "address": { text("wrongline"): 5 }, name: text("unasked"),
            }),
        ),
        (
            "/api/documents/upload",
            json!({ "documents": [{
            "documentType": text("wrongtype"), "fileName": format!("{}\u{7}", text("wrongfile")),
            "contentType": text("wrongcontent"), "sizeBytes": text("wrongsize") }] }),
        ),
        (
            "/api/documents/process",
            json!({
            "applicationId": text("wrongapplication").repeat(9), "documents": [{ "documentId": format!("{}!", text("wrongdocument")) }],
            "agent": agent }),
        ),
        (
            "/api/documents/process",
            json!({ "applicationId": "a", "documents": [{ "documentId": "d" }], "agent": agent }),
        ),
        ("/api/kyc/verify", json!({ "applicationId": format!("{} ", text("wrongverify")) })),
        (
            "/api/policy/recommend",
            json!({ "applicationId": "a", "preferences": {
            text("wrongpreference"): text("wrongvalue"), "travel": text("wrongtravel"), "priorities": [text("wrongpriority")],
            "budget": { "amount": 5, "currency": text("wrongcurrency") } } }),
        ),
        (
            "/api/policy/select",
            json!({ "applicationId": text("wrongselect").repeat(9), "policyId": format!("{}!", text("wrongpolicy")) }),
        ),
    ];
    for (route, body) in bodies {
        let answer = walker.post(&format!("{route}?q={query}"), &body).await;
        assert_eq!(answer.status, 400, "{route}: {answer:?}");
    }
    let information = crate::support::customer::Customer::information();
    let with =
        |headers| async move { walker.call("POST", "/api/user/submit", headers, Some(&information)).await.status };
    assert_eq!(with(&[("idempotency-key", format!("{key} x").as_str())]).await, 400);
    let site = &walker.customer.site;
    assert_eq!(call(site, "POST", "/api/session", Some(&token), None, None).await.status, 401);
    for route in [format!("/api/user/{path}/progress"), format!("/api/applications/{path}/status")] {
        let status = walker.call("GET", &route, &[], None).await.status;
        assert!(matches!(status, 403 | 404), "{route}: {status}");
    }
}

/// Puts records onto topics that no consumer can read.
fn unreadable(platform: &Platform, canaries: &mut Canaries) -> usize {
    let mut text = |name: &str| canaries.plant(name);
    let envelope = |changes: Value| {
        let mut event = json!({
            "eventId": uuid::Uuid::now_v7().to_string(), "eventType": "USER_INFO_SUBMITTED", "version": "1.0",
            "timestamp": "2026-11-24T10:15:00.000Z", "source": "a-function", "traceId": "1-a-b", "customerId": "c", "sequence": 1,
            "data": { "resubmitted": false },
        });
        event.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        event.to_string()
    };
    let values = [
        text("deadtext"),
        envelope(json!({ "version": text("deadversion") })),
        envelope(json!({ "eventType": text("deadtype") })),
        envelope(json!({ "data": { "resubmitted": text("deaddata") } })),
        envelope(json!({ "sequence": text("deadsequence") })),
        json!({ text("deadfield"): text("deadvalue") }).to_string(),
    ];
    let key = text("deadkey");
    for topic in ["user-info-submitted", "workflow-errors"] {
        let arguments: Vec<&str> = [topic, key.as_str()].into_iter().chain(values.iter().map(String::as_str)).collect();
        assert_eq!(platform.python("produce", &arguments)["left"], 0);
    }
    2 * values.len()
}

/// Where a canary may be found.
fn belongs(place: &str, name: &str) -> bool {
    let dead = name.starts_with("dead");
    // What was refused was never the customer's data, so that no row has it.
    let of_person = ["ada", "bea", "eve"].iter().any(|who| name.starts_with(who));
    match place {
        "topic user-info-submitted" | "topic workflow-errors" => dead,
        "table users-local" | "table applications-local" | "table kyc-results-local" => of_person,
        // The first outcome comes back on a repeat: of these, what was read from the documents.
        "table idempotency-local" => {
            of_person && ["first", "last", "born", "number"].iter().any(|end| name.ends_with(end))
        }
        "mail" => name == "adamail",
        place if place.starts_with("bucket onboard-ai-documents-") => of_person,
        place if place.starts_with("bucket onboard-ai-dead-letters-") => dead,
        _ => false,
    }
}

fn personal_data_stays_where_it_belongs() {
    let platform = shared();
    let queue = platform.load("listen", &[&format!("canaries-{}", uuid::Uuid::new_v4())]);
    let mut canaries = Canaries::default();
    let pushed = block_on(async {
        let site = platform.site();
        let ada = Walker::new(&site).await;
        let mut socket = ada.customer.socket().await;
        let word = canaries.plant("socket");
        socket.send(&json!({ "action": word }).to_string()).await;
        let file_name = format!("{}.txt", canaries.plant("adafile"));
        let people = [
            ("ada", "1931-07-29", true, "APPROVED"),
            ("bea", "1932-05-31", false, "REQUIRES_REVIEW"),
            ("eve", "2015-03-29", true, "REJECTED"),
        ];
        for (who, born, address, expected) in people {
            let person = person(&mut canaries, who, born, address);
            let other = Walker::new(&site).await;
            let (walker, file) = if who == "ada" { (&ada, file_name.as_str()) } else { (&other, "a.txt") };
            assert_eq!(walk(walker, person, file).await, expected, "{who}");
        }
        refused(&ada, &mut canaries).await;
        socket.event("WORKFLOW_COMPLETED", SOON).await.expect("the last push");
        let mut pushed = String::new();
        while let Some(message) = socket.next(Duration::from_secs(2)).await {
            pushed += &message.to_string();
        }
        pushed
    });
    let before = platform.python("scan", &["workflow-errors-local"]).as_array().unwrap().len();
    let letters = unreadable(platform, &mut canaries);
    eventually("the dead letters are buried", SOON, || {
        platform.python("scan", &["workflow-errors-local"]).as_array().unwrap().len() >= before + letters
    });
    let mail = canaries.0["adamail"].as_str().unwrap().to_owned();
    eventually("the mail is sent", SOON, || platform.load("mails", &[]).to_string().contains(&mail));
    for (name, text) in &canaries.0 {
        assert!(!pushed.contains(text.as_str().unwrap()), "{name} was pushed: {pushed}");
    }
    let found = platform.load("search", &[queue.as_str().unwrap(), &Value::Object(canaries.0).to_string()]);
    let found = found.as_array().unwrap();
    let is_found = |place: &str, name: &str| {
        found.iter().any(|hit| hit["name"] == name && hit["place"].as_str().unwrap().starts_with(place))
    };
    // A search that finds nothing would prove nothing.
    for (place, name) in [
        ("table users-local", "adamail"),
        ("table applications-local", "adanumber"),
        ("bucket onboard-ai-documents-", "adatext"),
        ("bucket onboard-ai-dead-letters-", "deadtext"),
        ("topic workflow-errors", "deadvalue"),
        ("mail", "adamail"),
    ] {
        assert!(is_found(place, name), "the search did not find {name} in {place}");
    }
    let stray: Vec<&Value> =
        found.iter().filter(|hit| !belongs(hit["place"].as_str().unwrap(), hit["name"].as_str().unwrap())).collect();
    assert!(stray.is_empty(), "{} canaries strayed: {:#?}", stray.len(), stray.iter().take(20).collect::<Vec<_>>());
}

/// Passwords, keys, session tokens and tickets are in no table, log, record, message, variable or output.
fn secrets_are_nowhere() {
    let platform = shared();
    let queue = platform.load("listen", &[&format!("secrets-{}", uuid::Uuid::new_v4())]);
    let mut secrets = platform.load("secrets", &[]).as_object().unwrap().clone();
    assert!(secrets.len() >= 5, "three logins, the session secret and the platform's key: {}", secrets.len());
    block_on(async {
        let walker = Walker::new(&platform.site()).await;
        let key = [("idempotency-key", "0f8fad5bd9cb469fa16570867728950e")];
        let answer = walker.must("/api/user/submit", &crate::support::customer::Customer::information(), &key).await;
        let ticket = walker.must("/api/ws/ticket", &json!({}), &[]).await;
        secrets.insert("ticket".into(), ticket["ticket"].clone());
        // The signature is what makes a token one.
        for (name, token) in
            [("first token", walker.customer.token.as_str()), ("token", answer["sessionToken"].as_str().unwrap())]
        {
            secrets.insert(name.into(), token.rsplit('.').next().unwrap().into());
        }
    });
    let mut outputs = String::new();
    for words in [
        &["status"][..],
        &["history"],
        &["config", "show"],
        &["env", "status"],
        &["env", "diff"],
        &["lambdas", "list"],
        &["stack", "outputs"],
        &["topics", "list"],
        &["local", "status"],
        &["local", "logs"],
    ] {
        for form in [&["-o", "json"][..], &["-v"]] {
            let ended = platform.run(&[words, form].concat()).run();
            outputs += &ended.stdout;
            outputs += &ended.stderr;
        }
    }
    for (name, secret) in &secrets {
        assert!(secret.as_str().unwrap().len() > 10, "{name} is no secret");
        assert!(!outputs.contains(secret.as_str().unwrap()), "{name} was printed");
    }
    let found = platform.load("search", &[queue.as_str().unwrap(), &Value::Object(secrets).to_string()]);
    let places: Vec<_> =
        found.as_array().unwrap().iter().map(|hit| format!("{} in {}", hit["name"], hit["place"])).collect();
    assert!(places.is_empty(), "{places:#?}");
}
