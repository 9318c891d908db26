//! Functions in the cluster's network, where the environment has one.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::platform::{Platform, faulty};

pub fn trials() -> Vec<Trial> {
    crate::trials![producers_and_the_relay_sit_in_the_network_and_their_roles_may_use_it]
}

/// What talks to Kafka itself; everything else stays outside.
const INSIDE: [&str; 6] = [
    "onboard-ai-generate-recommendations-local",
    "onboard-ai-outbox-relay-local",
    "onboard-ai-perform-kyc-local",
    "onboard-ai-process-documents-local",
    "onboard-ai-submit-policy-selection-local",
    "onboard-ai-submit-user-info-local",
];

/// What Lambda needs of a function's role to make, find and remove its interfaces (AWS Lambda Developer Guide, "Giving
/// Lambda functions access to resources in an Amazon VPC", "Required IAM permissions").
const INTERFACES: [&str; 5] = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
];

/// The functions in a network, with what the alias serves of it.
fn inside(platform: &Platform) -> Vec<Value> {
    let functions = platform.python("networks", &["onboard-ai-"]);
    functions.as_array().unwrap().iter().filter(|function| function["subnets"] != json!([])).cloned().collect()
}

fn producers_and_the_relay_sit_in_the_network_and_their_roles_may_use_it() {
    let platform = faulty();
    assert_eq!(inside(&platform), Vec::<Value>::new());
    let network = platform.python("make_network", &[]);
    let changed = platform.with_catalogue(|text| {
        let own = format!(
            "poller = \"on-demand\"\nsubnets = {}\nsecurity_groups = {}",
            network["subnets"], network["security_groups"]
        );
        text.replacen("BrokersInVpc = \"false\"", "BrokersInVpc = \"true\"", 1).replacen(
            "poller = \"on-demand\"",
            &own,
            1,
        )
    });
    let run = |arguments: &[&str]| platform.run(arguments).env("ONBOARDCTL_CONFIG", changed.as_os_str()).run();
    run(&["stack", "up"]).expect(0);
    let deployed = run(&["lambdas", "deploy", "-o", "json"]).expect(0).json();
    let functions = inside(&platform);
    let names: Vec<&str> = functions.iter().map(|function| function["function"].as_str().unwrap()).collect();
    assert_eq!(names, INSIDE, "{deployed:#}");
    for function in &functions {
        assert_eq!(function["subnets"], network["subnets"], "{function:#}");
        assert_eq!(function["security_groups"], network["security_groups"], "{function:#}");
        let allowed = function["allowed"].to_string();
        for action in INTERFACES {
            assert!(allowed.contains(&format!("\"{action}\"")), "{action} is missing: {function:#}");
        }
    }
    let again = run(&["lambdas", "plan", "-o", "json"]).expect(0).json();
    let actions = again["data"]["functions"].as_array().unwrap();
    assert!(actions.iter().all(|function| function["action"] == "none"), "{again:#}");
    // And out again.
    platform.run(&["lambdas", "deploy"]).run().expect(0);
    assert_eq!(inside(&platform), Vec::<Value>::new());
    platform.run(&["stack", "up"]).run().expect(0);
    let roles = platform.python("networks", &["onboard-ai-"]).to_string();
    assert!(!roles.contains("ec2:"), "a role may use a network that the environment does not have: {roles}");
}
