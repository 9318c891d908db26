//! The interface written down (`lambdas/openapi.json`, `lambdas/asyncapi.json`) and the running platform say the same.

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::command::Run;
use crate::support::contract::Contract;
use crate::support::customer::{Customer, block_on, call};
use crate::support::foreign;
use crate::support::platform::shared;
use crate::support::root;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        the_documents_are_not_stale,
        the_documents_are_what_they_say_they_are,
        generated_requests_meet_what_is_written_down,
        every_route_is_written_down,
        what_the_server_says_over_a_socket_is_written_down
    ]
}

fn document(kind: &str) -> String {
    Run::new(&["schema", kind]).run().expect(0).stdout
}

fn the_documents_are_not_stale() {
    for kind in ["openapi", "asyncapi"] {
        let file = root().join("lambdas").join(format!("{kind}.json"));
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == document(kind), "stale: onboardctl schema {kind} > lambdas/{kind}.json");
    }
}

/// The documents are valid by what the two initiatives publish of their own: the meta-schemas.
fn the_documents_are_what_they_say_they_are() {
    foreign::validate_openapi(&root().join("lambdas/openapi.json"));
    let asyncapi: Value = serde_json::from_str(&document("asyncapi")).unwrap();
    let schema = foreign::asyncapi_schema(asyncapi["asyncapi"].as_str().unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(&asyncapi).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let mut broken = asyncapi;
    broken["channels"]["socket"]["bindings"]["ws"]["method"] = "FETCH".into();
    assert!(validator.iter_errors(&broken).next().is_some(), "the schema looks into bindings");
}

/// schemathesis, which knows the document only, finds no answer that the document does not allow.
fn generated_requests_meet_what_is_written_down() {
    let platform = shared();
    let site = platform.site();
    let customer = block_on(async {
        let customer = Customer::new(&site).await;
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        customer
    });
    foreign::schemathesis(&root().join("lambdas/openapi.json"), &site, &customer.token);
}

/// A push, a pong and a refusal, each as it came.
fn what_the_server_says_over_a_socket_is_written_down() {
    let soon = std::time::Duration::from_secs(30);
    block_on(async {
        let customer = Customer::new(&shared().site()).await;
        let mut socket = customer.socket().await;
        for (sent, kind) in [(r#"{"action":"ping"}"#, "pong"), (r#"{"action":"dance"}"#, "error"), ("[", "error")] {
            socket.send(sent).await;
            let message = socket.next(soon).await.expect("an answer");
            assert_eq!(message["type"], kind, "{sent}");
            Contract::events().socket(&message).unwrap();
        }
        assert_eq!(customer.submit(None, Customer::information()).await.status, 201);
        let message = socket.next(soon).await.expect("a push");
        assert_eq!(message["type"], "event");
        Contract::events().socket(&message).unwrap();
        assert!(Contract::events().socket(&serde_json::json!({ "type": "news" })).is_err());
        for (field, other) in [("timestamp", "yesterday"), ("eventId", "e-1"), ("version", "2.0"), ("traceId", "a b")] {
            let mut changed = message.clone();
            changed["event"][field] = other.into();
            assert!(Contract::events().socket(&changed).is_err(), "{field} = {other}");
        }
    });
}

/// The routes of the HTTP API in the template are those of the document, in both directions.
fn every_route_is_written_down() {
    let template = std::fs::read_to_string(root().join("templates/platform.yaml")).unwrap();
    let mut routes: Vec<String> = template
        .lines()
        .filter(|line| line.contains("ApiId: !Ref HttpApi, RouteKey: "))
        .filter_map(|line| line.split('\'').nth(1))
        .map(ToOwned::to_owned)
        .collect();
    routes.sort();
    let document: Value = serde_json::from_str(&document("openapi")).unwrap();
    let mut written: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    written.sort();
    assert_eq!(routes, written);
    let site = shared().site();
    block_on(async {
        for route in routes {
            let (method, path) = route.split_once(' ').unwrap();
            let status = call(&site, method, &path.replace(['{', '}'], ""), None, None, None).await.status;
            assert!(![404, 405, 500, 502, 503].contains(&status), "{route} answers {status}");
        }
    });
}
