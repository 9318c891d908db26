//! The steps of the journey as rules: which may follow which state, what a repeat is answered with, whose application it
//! is, how often an identity is checked, and who hears of what.

mod consumers;

use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::local::eventually;
use crate::support::customer::block_on;
use crate::support::platform::shared;
use crate::support::walker::{Uploaded, Walker};

const SOON: Duration = Duration::from_secs(30);

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![
        what_the_state_does_not_allow_is_409_with_the_state,
        every_step_has_the_four_cases_of_its_key,
        anothers_application_is_403_on_every_route,
        an_identity_is_checked_five_times_at_most,
        compliance_hears_of_reviews_and_nothing_else,
    ];
    trials.extend(consumers::trials());
    trials
}

/// A step by its route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Submit,
    Upload,
    Process,
    Verify,
    Recommend,
    Select,
}

const STEPS: [Step; 6] = [Step::Submit, Step::Upload, Step::Process, Step::Verify, Step::Recommend, Step::Select];

/// A person whom KYC will find this.
fn information(verdict: &str) -> Value {
    let mut body = json!({
        "email": "anna@simulator.amazonses.com", "firstName": "Anna Maria", "lastName": "Eriksson",
        "dateOfBirth": "1974-08-12", "phoneNumber": "+442071838750",
        "address": { "street": "1 Example Street", "city": "London", "postalCode": "N1 9GU", "country": "GB" },
    });
    match verdict {
        "REQUIRES_REVIEW" => drop(body.as_object_mut().unwrap().remove("address")),
        // Not of age.
        "REJECTED" => body["dateOfBirth"] = json!("2015-03-29"),
        _ => {}
    }
    body
}

fn document(information: &Value) -> String {
    crate::load::driver::document().replace("1974-08-12", information["dateOfBirth"].as_str().unwrap())
}

/// A customer somewhere on the way.
struct Standing {
    walker: Walker,
    uploaded: Uploaded,
    offered: Value,
    information: Value,
}

impl Standing {
    /// Walks to a state.
    async fn at(site: &str, state: &str) -> Self {
        let information = information(state.strip_prefix("KYC_").unwrap_or("APPROVED"));
        let walker = Walker::new(site).await;
        let nothing = Uploaded { application: "none".into(), document: "none".into() };
        let mut standing = Self { walker, uploaded: nothing, offered: json!("none"), information };
        let far = ["NEW", "USER_INFO_SUBMITTED", "DOCUMENTS_PROCESSED", "KYC_", "POLICY_RECOMMENDED", "COMPLETED"];
        let far = far.iter().position(|known| state.starts_with(known)).unwrap();
        // An application can be opened as soon as the first tile is done.
        for step in &STEPS[..if far == 0 { 0 } else { (far + 1).min(6) }] {
            standing.take(*step).await;
        }
        assert_eq!(standing.state().await, state);
        standing
    }

    async fn take(&mut self, step: Step) {
        if step == Step::Upload {
            self.uploaded = self.walker.upload("passport.txt", &document(&self.information)).await;
            return;
        }
        let answer = self.walker.must(path(step), &self.body(step), &[]).await;
        if step == Step::Recommend {
            self.offered = answer["recommendations"][0]["policyId"].clone();
        }
    }

    /// The body that is right for a step.
    fn body(&self, step: Step) -> Value {
        match step {
            Step::Submit => self.information.clone(),
            Step::Upload => json!({ "documents": [{
                "documentType": "PASSPORT", "fileName": "a.txt", "contentType": "text/plain", "sizeBytes": 9 }] }),
            Step::Process => self.uploaded.read(),
            Step::Verify | Step::Recommend => self.uploaded.named(),
            Step::Select => json!({ "applicationId": self.uploaded.application, "policyId": self.offered }),
        }
    }

    async fn state(&self) -> String {
        let path = format!("/api/user/{}/progress", self.walker.customer.id);
        let answer = self.walker.call("GET", &path, &[], None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["state"].as_str().unwrap().to_owned()
    }
}

const fn path(step: Step) -> &'static str {
    match step {
        Step::Submit => "/api/user/submit",
        Step::Upload => "/api/documents/upload",
        Step::Process => "/api/documents/process",
        Step::Verify => "/api/kyc/verify",
        Step::Recommend => "/api/policy/recommend",
        Step::Select => "/api/policy/select",
    }
}

fn what_the_state_does_not_allow_is_409_with_the_state() {
    let site = shared().site();
    // Columns: submit, upload, process, verify, recommend, select.
    let table = [
        ("NEW", [true, false, false, false, false, false]),
        ("USER_INFO_SUBMITTED", [true, true, true, false, false, false]),
        ("DOCUMENTS_PROCESSED", [false, true, true, true, false, false]),
        ("KYC_APPROVED", [false, true, true, false, true, false]),
        ("KYC_REQUIRES_REVIEW", [false, true, true, true, false, false]),
        ("KYC_REJECTED", [false, true, true, true, false, false]),
        ("POLICY_RECOMMENDED", [false, true, true, false, true, true]),
        ("COMPLETED", [false, false, false, false, false, false]),
    ];
    block_on(async {
        for (state, allowed) in table {
            let standing = Standing::at(&site, state).await;
            for (step, _) in STEPS.into_iter().zip(allowed).filter(|(_, allowed)| !allowed) {
                let answer = standing.walker.post(path(step), &standing.body(step)).await;
                // Who has no application hears that there is none; the state is nobody's business then.
                if state == "NEW" && step != Step::Upload {
                    assert_eq!(answer.status, 404, "{step:?} in {state}: {answer:?}");
                    continue;
                }
                assert_eq!(answer.status, 409, "{step:?} in {state}: {answer:?}");
                assert_eq!(answer.body["error"]["code"], "STEP_NOT_ALLOWED", "{step:?} in {state}");
                assert_eq!(answer.body["error"]["state"], state, "{step:?}");
            }
            assert_eq!(standing.state().await, state, "a refused step changed it");
            for (step, _) in STEPS.into_iter().zip(allowed).filter(|(_, allowed)| *allowed) {
                // A step takes the next one's right away, so each is taken by a customer of its own.
                Standing::at(&site, state).await.take(step).await;
            }
        }
    });
}

/// Two at once, a repeat, another body: each step under one key.
fn every_step_has_the_four_cases_of_its_key() {
    let platform = shared();
    let site = platform.site();
    let steps = [
        (Step::Upload, "USER_INFO_SUBMITTED", None),
        (Step::Process, "DOCUMENTS_PROCESSED", Some("DOCUMENTS_PROCESSED")),
        (Step::Verify, "DOCUMENTS_PROCESSED", Some("KYC_VERIFIED")),
        (Step::Recommend, "KYC_APPROVED", Some("POLICY_RECOMMENDED")),
        (Step::Select, "POLICY_RECOMMENDED", Some("WORKFLOW_COMPLETED")),
    ];
    block_on(async {
        for (step, state, event_type) in steps {
            let standing = Standing::at(&site, state).await;
            let mut socket = standing.walker.customer.socket().await;
            let key = uuid::Uuid::new_v4().to_string();
            let (header, body) = ([("idempotency-key", key.as_str())], standing.body(step));
            let again = || standing.walker.call("POST", path(step), &header, Some(&body));
            let (one, two) = tokio::join!(again(), again());
            let accepted = if step == Step::Upload { 201 } else { 200 };
            let mut statuses = [one.status, two.status];
            statuses.sort_unstable();
            assert!(statuses == [accepted, accepted] || statuses == [accepted, 409], "{step:?}: {one:?} {two:?}");
            let first = if one.status == accepted { one.body } else { two.body };
            let repeat = again().await;
            assert_eq!(repeat.status, accepted, "{step:?}: {repeat:?}");
            if step == Step::Upload {
                // The same documents under fresh addresses.
                assert_eq!(repeat.body["uploads"][0]["documentId"], first["uploads"][0]["documentId"]);
            } else {
                assert_eq!(repeat.body, first, "{step:?}: the first outcome comes back");
            }
            let mut other = body.clone();
            other["unasked"] = json!(1);
            let other = standing.walker.call("POST", path(step), &header, Some(&other)).await;
            assert_eq!(
                (other.status, &other.body["error"]["code"]),
                (422, &json!("IDEMPOTENCY_KEY_REUSED")),
                "{step:?}"
            );
            if let Some(event_type) = event_type {
                socket.event(event_type, SOON).await.expect("one push");
                let second = socket.event(event_type, Duration::from_secs(1)).await;
                assert!(second.is_none(), "{step:?}: a repeat published {second:?}");
            }
        }
    });
}

fn anothers_application_is_403_on_every_route() {
    let site = shared().site();
    block_on(async {
        let victim = Standing::at(&site, "POLICY_RECOMMENDED").await;
        for state in ["USER_INFO_SUBMITTED", "DOCUMENTS_PROCESSED", "POLICY_RECOMMENDED", "COMPLETED"] {
            let stranger = Standing::at(&site, state).await;
            for step in [Step::Process, Step::Verify, Step::Recommend, Step::Select] {
                let answer = stranger.walker.post(path(step), &victim.body(step)).await;
                assert_eq!(answer.status, 403, "{step:?} in {state}: {answer:?}");
                assert!(!answer.body.to_string().contains("POLICY_RECOMMENDED"), "the state was told: {answer:?}");
            }
            let path = format!("/api/applications/{}/status", victim.uploaded.application);
            assert_eq!(stranger.walker.call("GET", &path, &[], None).await.status, 403, "{state}");
        }
        assert_eq!(victim.state().await, "POLICY_RECOMMENDED");
    });
}

fn an_identity_is_checked_five_times_at_most() {
    let platform = shared();
    block_on(async {
        let mut standing = Standing::at(&platform.site(), "KYC_REJECTED").await;
        for _ in 2..=5 {
            standing.take(Step::Verify).await;
        }
        for _ in 0..2 {
            let answer = standing.walker.post(path(Step::Verify), &standing.body(Step::Verify)).await;
            assert_eq!(answer.status, 409, "{answer:?}");
            assert_eq!(answer.body["error"]["code"], "KYC_TRIES_EXHAUSTED");
            assert_eq!(answer.body["error"]["state"], "KYC_REJECTED");
        }
        // New documents don't bring new tries.
        standing.take(Step::Process).await;
        let answer = standing.walker.post(path(Step::Verify), &standing.body(Step::Verify)).await;
        assert_eq!(answer.body["error"]["code"], "KYC_TRIES_EXHAUSTED", "{answer:?}");
    });
}

fn compliance_hears_of_reviews_and_nothing_else() {
    let platform = shared();
    let listen = |topic: &str| {
        let queue = platform.load("listen", &[&format!("{topic}-{}", uuid::Uuid::new_v4()), topic]);
        queue.as_str().unwrap().to_owned()
    };
    let queues = [listen("compliance"), listen("alerts")];
    let customers = block_on(async {
        let mut customers = Vec::new();
        for verdict in ["APPROVED", "REQUIRES_REVIEW", "REJECTED"] {
            let standing = Standing::at(&platform.site(), &format!("KYC_{verdict}")).await;
            customers.push((standing.walker.customer.id, verdict));
        }
        customers
    });
    let mut heard = [Vec::new(), Vec::new()];
    let audited = |count: usize| {
        let rows = platform.load("rows", &["audit-logs-local"]);
        let of_us = |row: &&Value| customers.iter().any(|(id, _)| row["customerId"] == id.as_str());
        rows.as_array().unwrap().iter().filter(of_us).count() >= count
    };
    eventually("all nine events are handled", SOON, || audited(9));
    eventually("they are told", SOON, || {
        for (queue, heard) in queues.iter().zip(&mut heard) {
            let said = platform.load("messages", &[queue]).as_array().unwrap().clone();
            let ours = |message: &Value| customers.iter().any(|(id, _)| message["customerId"] == id.as_str());
            heard.extend(said.into_iter().filter(ours));
        }
        heard[0].len() == 1 && heard[1].len() == 3
    });
    let [compliance, alerts] = heard;
    assert_eq!(compliance[0]["customerId"], customers[1].0.as_str());
    assert_eq!(
        (&compliance[0]["eventType"], &compliance[0]["status"]),
        (&json!("KYC_VERIFIED"), &json!("REQUIRES_REVIEW"))
    );
    assert!(alerts.iter().all(|alert| alert["eventType"] == "USER_INFO_SUBMITTED"), "{alerts:#?}");
}
