//! What the templates say of roles, without a platform: what is not deployed on this computer (network interfaces,
//! Textract) is held against what AWS documents.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Trial;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

use crate::support::root;

/// Calls that only work on all resources, or that Lambda asks for on all of them before it takes a role.
const ON_EVERYTHING: [(&str, &[&str]); 3] = [
    // AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC", and the managed policy
    // AWSLambdaVPCAccessExecutionRole.
    (
        "FunctionNetworkPolicy",
        &[
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ],
    ),
    // AWS Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source mappings", and the managed
    // policy AWSLambdaMSKExecutionRole.
    (
        "MappingNetworkPolicy",
        &[
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
    ),
    // Service Authorization Reference, "Amazon Textract": neither action has a resource type. The requests themselves are
    // tested with recorded answers (lambdas/process-documents/src/agents/textract).
    ("ProcessDocumentsRole", &["textract:AnalyzeDocument", "textract:AnalyzeID"]),
];

/// What stands under a condition that this computer does not meet, so that the walk on the platform does not come by it:
/// with its resource, exactly. Textract reads an object with the rights of who calls it, and S3 asks for
/// `s3:GetObjectVersion` where a version is named (Amazon S3 API Reference, `GetObject`).
const CONDITIONAL: [(&str, &[&str], &str); 2] = [
    ("ProcessDocumentsRole", &["s3:GetObjectVersion"], "${DocumentsBucket.Arn}/*"),
    ("ProcessDocumentsRole", &["textract:AnalyzeID", "textract:AnalyzeDocument"], "*"),
];

/// How a resource may end that is not named in full, after its last name: objects of a bucket, streams of a log group and
/// of a table, connections of an API, and what AWS adds to the name of a secret or a cluster.
const OPEN_ENDS: [(&str, &str); 6] = [
    ("${", "Bucket.Arn}/*"),
    (
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/onboard-ai-",
        "-${Environment}:*",
    ),
    ("${", "Table.Arn}/stream/*"),
    ("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebsocketApi}/ws/POST/", "@connections/*"),
    ("arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:", "-??????"),
    ("arn:${AWS::Partition}:kafka:${AWS::Region}:${AWS::AccountId}:", "cluster/${Name}/*"),
];

/// Roles that are no function's.
const OTHER_ROLES: [&str; 2] = ["ApiLoggingRole", "ScheduleRole"];

pub fn trials() -> Vec<Trial> {
    crate::trials![
        every_function_has_one_role_and_shares_it_with_none,
        no_permission_is_wider_than_it_has_to_be,
        what_stands_under_a_condition_is_exactly_that,
        resources_are_named_in_full_but_for_what_aws_adds,
        only_functions_in_the_network_may_make_interfaces,
    ]
}

/// A node without what is particular to YAML: `!Ref X` is `{"Ref": "X"}`.
fn plain(node: &Yaml) -> Value {
    match node {
        Yaml::Tagged(tag, inner) => Value::Object(Map::from_iter([(tag.suffix.clone(), plain(inner))])),
        Yaml::Sequence(items) => items.iter().map(plain).collect(),
        Yaml::Mapping(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), plain(value))).collect())
        }
        Yaml::Value(Scalar::String(text)) | Yaml::Representation(text, _, None) => Value::String(text.to_string()),
        Yaml::Value(Scalar::Boolean(value)) => Value::Bool(*value),
        Yaml::Value(Scalar::Integer(value)) => Value::from(*value),
        Yaml::Representation(text, _, Some(tag)) => {
            Value::Object(Map::from_iter([(tag.suffix.clone(), Value::String(text.to_string()))]))
        }
        _ => Value::Null,
    }
}

fn template() -> Value {
    let text = std::fs::read_to_string(root().join("templates/platform.yaml")).unwrap();
    plain(&Yaml::load_from_str(&text).unwrap()[0])
}

/// Logical ids and properties of one type's resources.
fn resources(template: &Value, kind: &str) -> BTreeMap<String, Value> {
    let resources = template["Resources"].as_object().unwrap().iter();
    let of_kind = resources.filter(|(_, resource)| resource["Type"] == kind);
    of_kind.map(|(name, resource)| (name.clone(), resource["Properties"].clone())).collect()
}

/// The outputs that the catalogue names as roles, by function.
fn roles_of_functions() -> Vec<(String, bool, String)> {
    let catalogue: toml::Table = std::fs::read_to_string(root().join("platform.toml")).unwrap().parse().unwrap();
    let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
    let topics = catalogue["topics"].as_table().unwrap().keys();
    let topics: Vec<String> = topics.map(|topic| topic.split('-').map(capitalised).collect()).collect();
    let mut found = Vec::new();
    for (name, function) in catalogue["functions"].as_table().unwrap() {
        let in_network = function.get("vpc").is_some_and(|vpc| vpc.as_bool() == Some(true));
        let role = function["role"].as_str().unwrap();
        let each = if function.get("for_each").is_some() { topics.as_slice() } else { &[String::new()] };
        found.extend(each.iter().map(|topic| (name.clone(), in_network, role.replace("{Topic}", topic))));
    }
    found
}

fn every_function_has_one_role_and_shares_it_with_none() {
    let template = template();
    let mut roles: Vec<String> = roles_of_functions()
        .into_iter()
        .map(|(_, _, output)| {
            let value = &template["Outputs"][&output]["Value"];
            value["GetAtt"].as_str().unwrap_or_else(|| panic!("{output}: {value}")).trim_end_matches(".Arn").to_owned()
        })
        .collect();
    assert_eq!(roles.len(), 17);
    roles.extend(OTHER_ROLES.map(str::to_owned));
    let named: BTreeSet<String> = roles.iter().cloned().collect();
    assert_eq!(named.len(), roles.len(), "a role is shared: {roles:?}");
    assert_eq!(named, resources(&template, "AWS::IAM::Role").into_keys().collect());
}

/// A list that conditions may shorten: with everything in it.
fn all(list: &Value) -> Vec<Value> {
    let one = |item: &Value| item["If"].as_array().map_or_else(|| item.clone(), |chosen| chosen[1].clone());
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(one).collect()
}

/// A member that is one or a list.
fn each(member: &Value) -> Vec<Value> {
    member.as_array().cloned().unwrap_or_else(|| vec![member.clone()])
}

/// The documents of roles and managed policies, by where they stand.
fn policies(template: &Value) -> Vec<(String, Value)> {
    let roles = resources(template, "AWS::IAM::Role").into_iter().flat_map(|(name, role)| {
        let policies = role["Policies"].as_array().cloned().unwrap_or_default();
        policies.into_iter().map(move |policy| (name.clone(), policy["PolicyDocument"].clone()))
    });
    let managed = resources(template, "AWS::IAM::ManagedPolicy").into_iter();
    roles.chain(managed.map(|(name, policy)| (name, policy["PolicyDocument"].clone()))).collect()
}

/// Statements by the role or managed policy that they stand in.
fn statements(template: &Value) -> Vec<(String, Value)> {
    let policies = policies(template).into_iter();
    let found: Vec<(String, Value)> = policies
        .flat_map(|(name, document)| all(&document["Statement"]).into_iter().map(move |it| (name.clone(), it)))
        .collect();
    assert!(found.len() > 50, "only {} statements were found", found.len());
    found
}

fn what_stands_under_a_condition_is_exactly_that() {
    let policies = policies(&template()).into_iter();
    let found: Vec<(String, Value)> = policies
        .flat_map(|(name, document)| {
            let statements = document["Statement"].as_array().unwrap().clone();
            let conditional = statements.into_iter().filter_map(|statement| statement["If"].as_array().cloned());
            conditional.map(move |chosen| (name.clone(), chosen[1].clone())).collect::<Vec<_>>()
        })
        .map(|(name, statement)| (name, serde_json::json!([statement["Action"], statement["Resource"]])))
        .collect();
    let expected = CONDITIONAL.map(|(name, actions, resource)| {
        let resource = if resource == "*" { Value::from("*") } else { serde_json::json!({ "Sub": resource }) };
        (name.to_owned(), serde_json::json!([actions, resource]))
    });
    assert_eq!(found, expected);
}

/// A resource as it is written: what is not a text or `!Sub` names a resource of the template or of its parameters.
fn written(resource: &Value) -> Option<&str> {
    resource.as_str().or_else(|| resource["Sub"].as_str()).or_else(|| resource["Sub"][0].as_str())
}

fn resources_are_named_in_full_but_for_what_aws_adds() {
    let mut open = 0;
    for (holder, statement) in statements(&template()) {
        for resource in each(&statement["Resource"]) {
            let Some(text) = written(&resource) else {
                assert!(resource.get("GetAtt").is_some() || resource.get("Ref").is_some(), "{holder}: {resource}");
                continue;
            };
            let Some(first) = text.find(['*', '?']).filter(|_| text != "*") else { continue };
            let end = OPEN_ENDS.iter().find(|(begin, end)| text.starts_with(begin) && text.ends_with(end));
            let (_, end) = end.unwrap_or_else(|| panic!("{holder} may act on {text}"));
            assert!(first >= text.len() - end.len(), "{holder} may act on {text}");
            open += 1;
        }
    }
    assert!(open > 30, "only {open} open resources were found");
}

fn no_permission_is_wider_than_it_has_to_be() {
    let mut on_everything: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (holder, statement) in statements(&template()) {
        assert_eq!(statement["Effect"], "Allow", "{holder}: {statement}");
        assert!(
            statement.get("NotAction").is_none() && statement.get("NotResource").is_none(),
            "{holder}: {statement}"
        );
        for action in each(&statement["Action"]) {
            let action = action.as_str().unwrap();
            assert!(!action.contains('*'), "{holder} may do {action}");
            if each(&statement["Resource"]).iter().any(|resource| resource == "*") {
                on_everything.entry(holder.clone()).or_default().insert(action.to_owned());
            }
        }
    }
    let expected = ON_EVERYTHING
        .map(|(holder, actions)| (holder.to_owned(), actions.iter().map(|action| (*action).to_owned()).collect()));
    assert_eq!(on_everything, expected.into());
}

fn only_functions_in_the_network_may_make_interfaces() {
    let template = template();
    let roles = resources(&template, "AWS::IAM::Role");
    for (function, in_network, output) in roles_of_functions() {
        let attached = roles[output.trim_end_matches("Arn")].get("ManagedPolicyArns").map(all).unwrap_or_default();
        let attached: Vec<&str> = attached.iter().filter_map(|policy| policy["Ref"].as_str()).collect();
        let interfaces: Vec<&str> = attached.into_iter().filter(|policy| policy.ends_with("NetworkPolicy")).collect();
        let expected: &[&str] = match (function.as_str(), in_network) {
            ("consumer", false) => &["MappingNetworkPolicy"],
            (_, true) => &["FunctionNetworkPolicy"],
            _ => &[],
        };
        assert_eq!(interfaces, expected, "{function}");
    }
}
