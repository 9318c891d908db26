//! The catalogue, the templates, the functions' folders and the event types name the same things in both directions.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use saphyr::{LoadableYamlNode, Yaml};

use crate::support::root;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        every_folder_is_a_function_and_every_function_a_folder,
        every_output_that_is_named_exists,
        every_topic_has_an_event_type_and_every_event_type_a_topic,
        every_function_has_a_log_group,
    ]
}

fn catalogue() -> toml::Table {
    std::fs::read_to_string(root().join("platform.toml")).unwrap().parse().unwrap()
}

fn template(name: &str) -> String {
    std::fs::read_to_string(root().join("templates").join(name)).unwrap()
}

fn keys_of(yaml: &str, section: &str) -> BTreeSet<String> {
    let documents = Yaml::load_from_str(yaml).unwrap();
    let Some(mapping) = documents[0].as_mapping_get(section).and_then(|node| node.as_mapping()) else {
        return BTreeSet::new();
    };
    mapping.keys().filter_map(|key| key.as_str().map(ToOwned::to_owned)).collect()
}

fn every_folder_is_a_function_and_every_function_a_folder() {
    let folders: BTreeSet<String> = std::fs::read_dir(root().join("lambdas"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "shared")
        .collect();
    let functions: BTreeSet<String> = catalogue()["functions"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(folders, functions);
}

fn every_output_that_is_named_exists() {
    let outputs: BTreeSet<String> = ["bootstrap.yaml", "kafka.yaml", "platform.yaml"]
        .iter()
        .flat_map(|name| keys_of(&template(name), "Outputs"))
        .collect();
    let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
    let topics: Vec<String> = catalogue()["topics"]
        .as_table()
        .unwrap()
        .keys()
        .map(|topic| topic.split('-').map(capitalised).collect())
        .collect();
    let mut missing = Vec::new();
    for (name, function) in catalogue()["functions"].as_table().unwrap() {
        let function = function.as_table().unwrap();
        let role = function["role"].as_str().unwrap();
        let mut named: Vec<String> = match function.get("for_each") {
            Some(_) => topics.iter().map(|topic| role.replace("{Topic}", topic)).collect(),
            None => vec![role.to_owned()],
        };
        named.extend(function.get("stream").map(|stream| stream["output"].as_str().unwrap().to_owned()));
        for variable in function.get("variables").and_then(toml::Value::as_table).into_iter().flatten() {
            named.extend(variable.1.get("output").and_then(toml::Value::as_str).map(ToOwned::to_owned));
        }
        missing.extend(
            named.into_iter().filter(|output| !outputs.contains(output)).map(|output| format!("{name}: {output}")),
        );
    }
    assert!(missing.is_empty(), "outputs that no template has:\n{}", missing.join("\n"));
}

fn every_topic_has_an_event_type_and_every_event_type_a_topic() {
    let topics: BTreeSet<String> = catalogue()["topics"]
        .as_table()
        .unwrap()
        .values()
        .map(|topic| topic["event"].as_str().unwrap().to_owned())
        .collect();
    let types: BTreeSet<String> =
        shared::events::EventType::ALL.iter().map(|event| event.as_str().to_owned()).collect();
    assert_eq!(topics, types);
}

fn every_function_has_a_log_group() {
    let platform = template("platform.yaml");
    let catalogue = catalogue();
    let topics: Vec<String> =
        catalogue["topics"].as_table().unwrap().keys().map(|topic| topic.replace('-', "_")).collect();
    for (name, function) in catalogue["functions"].as_table().unwrap() {
        let instances: Vec<String> = match function.get("for_each") {
            Some(_) => topics.iter().map(|topic| format!("{name}-{topic}")).collect(),
            None => vec![name.clone()],
        };
        for instance in instances {
            let group = format!("/aws/lambda/onboard-ai-{instance}-${{Environment}}");
            assert!(platform.contains(&group), "platform.yaml has no log group {group}");
        }
    }
}
