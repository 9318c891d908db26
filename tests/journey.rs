//! What a customer's browser sees of the first slice: sessions, the first step, tickets, pushes, refusals.

use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::customer::{Customer, Socket, block_on, call};
use crate::support::platform::shared;

const SOON: Duration = Duration::from_secs(20);

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_submission_is_pushed_to_its_customer_and_to_nobody_else,
        all_tabs_of_a_customer_hear_of_it,
        a_socket_needs_a_ticket_and_a_ticket_works_once,
        a_ping_is_answered,
        calls_without_or_with_anothers_token_are_refused,
        an_idempotency_key_answers_its_four_cases,
        invalid_fields_are_all_named,
        wrong_bodies_are_client_errors,
        a_session_is_renewed,
    ]
}

fn a_submission_is_pushed_to_its_customer_and_to_nobody_else() {
    let site = shared().site();
    block_on(async {
        let (ada, grace) = (Customer::new(&site).await, Customer::new(&site).await);
        let (mut hers, mut others) = (ada.socket().await, grace.socket().await);
        let answer = ada.submit(None, Customer::information()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.body["customerId"], ada.id.as_str());
        assert!(
            answer.body["progress"]["currentTile"].is_number() || answer.body["progress"]["currentTile"].is_string()
        );
        let event = hers.event("USER_INFO_SUBMITTED", SOON).await.expect("the push");
        assert_eq!(event["customerId"], ada.id.as_str());
        assert!(!event.to_string().contains("ada@example.com") && !event.to_string().contains("1990-12-10"), "{event}");
        assert!(others.event("USER_INFO_SUBMITTED", Duration::from_secs(1)).await.is_none());
    });
}

fn all_tabs_of_a_customer_hear_of_it() {
    let site = shared().site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let (mut first, mut second) = (customer.socket().await, customer.socket().await);
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        let one = first.event("USER_INFO_SUBMITTED", SOON).await.expect("the first tab's push");
        let two = second.event("USER_INFO_SUBMITTED", SOON).await.expect("the second tab's push");
        assert_eq!(one["eventId"], two["eventId"]);
    });
}

fn a_socket_needs_a_ticket_and_a_ticket_works_once() {
    let site = shared().site();
    block_on(async {
        assert_eq!(Socket::open(&site, None).await.err(), Some(401));
        let customer = Customer::new(&site).await;
        assert_eq!(Socket::open(&site, Some("not-a-ticket")).await.err(), Some(403));
        let ticket = customer.ticket().await;
        let _open = Socket::open(&site, Some(&ticket)).await.unwrap();
        assert_eq!(Socket::open(&site, Some(&ticket)).await.err(), Some(403));
        let answer = call(&site, "POST", "/api/ws/ticket", None, None, None).await;
        assert_eq!(answer.status, 401, "{answer:?}");
    });
}

fn a_ping_is_answered() {
    let site = shared().site();
    block_on(async {
        let mut socket = Customer::new(&site).await.socket().await;
        socket.send(r#"{"action":"ping"}"#).await;
        let message = socket.next(SOON).await.expect("an answer");
        assert_eq!(message["type"], "pong");
        assert!(message["at"].is_string());
    });
}

fn calls_without_or_with_anothers_token_are_refused() {
    let site = shared().site();
    block_on(async {
        let (ada, grace) = (Customer::new(&site).await, Customer::new(&site).await);
        assert_eq!(ada.submit(None, Customer::information()).await.status, 201);
        let path = format!("/api/user/{}/progress", ada.id);
        assert_eq!(call(&site, "GET", &path, Some(&ada.token), None, None).await.status, 200);
        assert_eq!(call(&site, "GET", &path, None, None, None).await.status, 401);
        assert_eq!(call(&site, "GET", &path, Some(&grace.token), None, None).await.status, 403);
        let broken = format!("{}x", ada.token);
        assert_eq!(call(&site, "GET", &path, Some(&broken), None, None).await.status, 401);
        assert_eq!(call(&site, "GET", &path, Some("a.b.c"), None, None).await.status, 401);
    });
}

fn an_idempotency_key_answers_its_four_cases() {
    let site = shared().site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let mut socket = customer.socket().await;
        let key = uuid::Uuid::new_v4().to_string();
        let (first, second) = tokio::join!(
            customer.submit(Some(&key), Customer::information()),
            customer.submit(Some(&key), Customer::information())
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        // Either the second waited its turn and repeats the first outcome, or it came while the first was under way.
        assert!(statuses == [201, 201] || statuses == [201, 409], "{statuses:?}");
        let repeat = customer.submit(Some(&key), Customer::information()).await;
        assert_eq!(repeat.status, 201, "{repeat:?}");
        assert_eq!(repeat.body["customerId"], customer.id.as_str());
        let mut other = Customer::information();
        other["firstName"] = json!("Augusta");
        assert_eq!(customer.submit(Some(&key), other).await.status, 422);
        socket.event("USER_INFO_SUBMITTED", SOON).await.expect("one push");
        assert!(
            socket.event("USER_INFO_SUBMITTED", Duration::from_secs(1)).await.is_none(),
            "a second event was published"
        );
    });
}

fn invalid_fields_are_all_named() {
    let site = shared().site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let cases = [
            (json!({"email": "nobody", "firstName": "J"}), vec!["email", "lastName", "dateOfBirth", "phoneNumber"]),
            (with("dateOfBirth", json!("2999-01-01")), vec!["dateOfBirth"]),
            (with("dateOfBirth", json!("2023-02-29")), vec!["dateOfBirth"]),
            (with("phoneNumber", json!("12345")), vec!["phoneNumber"]),
            (with("firstName", json!("")), vec!["firstName"]),
            (with("email", json!(5)), vec!["email"]),
        ];
        for (body, expected) in cases {
            let answer = customer.submit(None, body.clone()).await;
            assert_eq!(answer.status, 400, "{body} -> {answer:?}");
            let named = answer.body["error"]["fields"].to_string();
            for field in expected {
                assert!(named.contains(field), "{body}: {field} is not named in {named}");
            }
        }
        let leap = customer.submit(None, with("dateOfBirth", json!("2000-02-29"))).await;
        assert_eq!(leap.status, 201, "{leap:?}");
    });
}

fn with(field: &str, value: Value) -> Value {
    let mut body = Customer::information();
    body[field] = value;
    body
}

fn wrong_bodies_are_client_errors() {
    let site = shared().site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let client = reqwest::Client::new();
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let large = format!("{{\"email\":\"{}\"}}", "x".repeat(400_000));
        let bodies = [
            ("application/json", "{"),
            ("application/json", ""),
            ("application/json", "[]"),
            ("application/json", "null"),
        ];
        let more = [("text/plain", "{}"), ("application/json", deep.as_str()), ("application/json", large.as_str())];
        for (kind, body) in bodies.into_iter().chain(more) {
            let response = client
                .post(format!("{site}/api/user/submit"))
                .bearer_auth(&customer.token)
                .header("content-type", kind)
                .body(body.to_owned())
                .send()
                .await
                .unwrap();
            let status = response.status().as_u16();
            assert!((400..500).contains(&status), "{kind} {}…: {status}", body.chars().take(20).collect::<String>());
        }
    });
}

fn a_session_is_renewed() {
    let site = shared().site();
    block_on(async {
        let customer = Customer::new(&site).await;
        let answer = call(&site, "POST", "/api/session", Some(&customer.token), None, None).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(answer.body["customerId"], customer.id.as_str());
        assert_eq!(call(&site, "POST", "/api/session", Some("garbage"), None, None).await.status, 401);
    });
}
