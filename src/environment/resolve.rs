//! From the catalogue's description of a variable to its value.

use super::{Outputs, Variables};
use crate::catalogue::{Environment, Function, Instance, Poller, Variable};
use crate::error::{Failure, codes};

/// Where values come from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The chosen environment.
    pub environment: &'a Environment,
    /// The stacks' outputs.
    pub outputs: &'a Outputs,
    /// The brokers' SCRAM listeners, where there is a cluster.
    pub bootstrap: Option<&'a str>,
}

/// A function's variables with their values. Secrets stay references: the catalogue names their ids only.
pub fn resolve(instance: &Instance, function: &Function, sources: &Sources<'_>) -> anyhow::Result<Variables> {
    let values = function.variables.iter().map(|(key, variable)| {
        let value = match variable {
            Variable::Output(output) => sources.outputs.require(output, sources.environment)?.to_owned(),
            Variable::Environment(name) => of_environment(name, sources)?,
            Variable::Each(name) => of_instance(name, instance)?,
            Variable::Value(text) => text.clone(),
        };
        anyhow::Ok((key.clone(), value))
    });
    values.collect()
}

fn of_environment(name: &str, sources: &Sources<'_>) -> anyhow::Result<String> {
    let Sources { environment, outputs, bootstrap } = sources;
    let value = match name {
        "name" => environment.name.to_string(),
        "region" => environment.entry.region.clone(),
        "poller" => match environment.entry.poller {
            Poller::OnDemand => "on-demand".to_owned(),
            Poller::Provisioned => "provisioned".to_owned(),
        },
        "topic_prefix" => environment.entry.topic_prefix.clone(),
        "certificate_authority" => environment.certificate_authority()?.to_owned(),
        "kafka_bootstrap" => bootstrap.ok_or_else(|| no_cluster(environment))?.to_owned(),
        "websocket_management" => {
            let api = outputs.require("WebsocketApiId", environment)?;
            environment.websocket_management(api, outputs.require("WebsocketStage", environment)?)?
        }
        "websocket_url" => websocket_url(site(environment, outputs)?),
        unknown => return Err(unknown_source(&format!("environment has no value `{unknown}`"))),
    };
    Ok(value)
}

fn of_instance(name: &str, instance: &Instance) -> anyhow::Result<String> {
    match (name, &instance.topic) {
        ("topic", Some(topic)) => Ok(topic.to_string()),
        _ => Err(unknown_source(&format!("{} has no `{name}` of its own", instance.label()))),
    }
}

fn site<'a>(environment: &'a Environment, outputs: &'a Outputs) -> anyhow::Result<&'a str> {
    match environment.site.as_deref() {
        Some(site) => Ok(site),
        None => Ok(outputs.require("SiteUrl", environment)?),
    }
}

/// The socket is served by the site's own origin at `/ws` (`platform.md`, "One origin for the browser").
fn websocket_url(site: &str) -> String {
    let site = site.trim_end_matches('/');
    match site.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}/ws"),
        Some((_, rest)) => format!("wss://{rest}/ws"),
        None => format!("wss://{site}/ws"),
    }
}

fn no_cluster(environment: &Environment) -> Failure {
    Failure::new(&codes::CLUSTER_MISSING, format!("environment {} has no Kafka cluster yet", environment.name))
        .fix(format!("onboardctl stack up kafka --env {}", environment.name))
}

fn unknown_source(what: &str) -> anyhow::Error {
    Failure::new(&codes::CONFIG_INVALID, what).fix("onboardctl config validate").into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::{Catalogue, Overrides};

    fn sources_outputs() -> Outputs {
        let catalogue = Catalogue::embedded().unwrap();
        let named =
            catalogue.functions.values().flat_map(|function| function.variables.values()).filter_map(|variable| {
                let Variable::Output(key) = variable else { return None };
                Some((key.clone(), format!("value of {key}")))
            });
        let fixed = [("WebsocketApiId", "abc"), ("WebsocketStage", "ws"), ("SiteUrl", "https://d1.cloudfront.net")];
        named.chain(fixed.map(|(key, value)| (key.to_owned(), value.to_owned()))).collect()
    }

    #[test]
    fn every_variable_of_the_catalogue_has_a_value() {
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment("dev", &Overrides::default(), Path::new("/nowhere")).unwrap();
        let outputs = sources_outputs();
        let sources = Sources { environment: &environment, outputs: &outputs, bootstrap: Some("b-1:9096") };
        for instance in catalogue.instances() {
            let function = &catalogue.functions[&instance.key];
            let variables = resolve(&instance, function, &sources).unwrap();
            assert_eq!(variables.len(), function.variables.len(), "{}", instance.label());
            if let Some(topic) = &instance.topic {
                assert_eq!(variables["TOPIC"], topic.as_str());
            }
        }
    }

    #[test]
    fn a_missing_output_names_itself_and_the_command() {
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment("dev", &Overrides::default(), Path::new("/nowhere")).unwrap();
        let outputs = Outputs::default();
        let sources = Sources { environment: &environment, outputs: &outputs, bootstrap: Some("b-1:9096") };
        let instance =
            catalogue.instances().into_iter().find(|instance| instance.label() == "websocket-connect").unwrap();
        let error = resolve(&instance, &catalogue.functions[&instance.key], &sources).unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert!(failure.what.contains("WebsocketConnectionsTable"));
        assert_eq!(failure.fix, ["onboardctl stack up --env dev"]);
    }

    #[test]
    fn the_socket_is_at_the_sites_origin() {
        for (site, expected) in [
            ("http://127.0.0.1:4000", "ws://127.0.0.1:4000/ws"),
            ("https://d1.cloudfront.net/", "wss://d1.cloudfront.net/ws"),
            ("d1.cloudfront.net", "wss://d1.cloudfront.net/ws"),
        ] {
            assert_eq!(websocket_url(site), expected);
        }
    }
}
