//! Which functions a command is about.

use crate::catalogue::source::nearest;
use crate::catalogue::{FunctionKey, Instance};
use crate::context::Context;
use crate::error::{Failure, codes};

/// The instances that `only` names; all of them when it names none. A name is a catalogue key (which for `consumer` is
/// all of them), a short name (`consumer-kyc_verified`, also with hyphens) or a physical name.
pub fn instances(context: &Context, only: &[String]) -> anyhow::Result<Vec<Instance>> {
    let settings = &context.settings;
    let all = settings.catalogue.instances();
    if only.is_empty() {
        return Ok(all);
    }
    let names = |instance: &Instance| {
        let label = instance.label();
        [instance.key.to_string(), label.replace('_', "-"), label, settings.environment.function_name(instance)]
    };
    for name in only {
        if !all.iter().any(|instance| names(instance).contains(name)) {
            return Err(unknown(name, &all).into());
        }
    }
    Ok(all.into_iter().filter(|instance| names(instance).iter().any(|name| only.contains(name))).collect())
}

/// The packages of these instances, each once.
pub fn packages(instances: &[Instance]) -> Vec<FunctionKey> {
    let mut keys: Vec<FunctionKey> = instances.iter().map(|instance| instance.key.clone()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn unknown(name: &str, all: &[Instance]) -> Failure {
    let labels: Vec<String> = all.iter().map(Instance::label).collect();
    let failure = Failure::new(&codes::FUNCTION_UNKNOWN, format!("there is no function `{name}`"))
        .why(format!("the catalogue has {}", labels.join(", ")));
    match nearest(name, labels.iter().map(String::as_str)) {
        Some(near) => failure.fix(format!("--only {near}")),
        None => failure,
    }
}
