//! What each stack should be: template, parameters, tags, protection. Made from the catalogue and, where a parameter
//! is named like an output of an earlier stack, from that output.

use std::collections::BTreeMap;

use super::template::{self, Parameter};
use crate::catalogue::{Catalogue, Confirm, Environment, StackKey};
use crate::context::Context;
use crate::error::{Failure, codes};

/// One stack as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// Its key in the catalogue.
    pub key: StackKey,
    /// Its physical name.
    pub name: String,
    /// The template's file below `templates/`.
    pub file: String,
    /// The template's text.
    pub template: String,
    /// Every parameter that the template declares, with the value it is to have.
    pub parameters: BTreeMap<String, String>,
    /// Parameters whose value cannot be known before an earlier stack exists.
    pub unresolved: Vec<String>,
    /// Parameters whose deployed value is hidden.
    pub hidden: Vec<String>,
    /// Tags of the stack and of what it holds.
    pub tags: BTreeMap<String, String>,
    /// Termination protection.
    pub protected: bool,
}

impl Desired {
    /// Where the template stands in the project's sources.
    pub fn template_file(&self) -> String {
        format!("templates/{}", self.file)
    }
}

/// The stacks of the environment in the order in which they depend on each other, with their physical names.
pub fn applicable(context: &Context) -> anyhow::Result<Vec<(StackKey, String)>> {
    let (catalogue, environment) = (&context.settings.catalogue, &context.settings.environment);
    let existing_cluster = environment.cluster_arn()?.is_some();
    let keys = order(catalogue, existing_cluster);
    Ok(keys.into_iter().map(|key| (key.clone(), environment.stack(key))).collect())
}

/// Bootstrap first, the platform last, everything else between them; a stack that an existing cluster makes
/// superfluous is left out.
fn order(catalogue: &Catalogue, existing_cluster: bool) -> Vec<&StackKey> {
    let (first, last) = (catalogue.bootstrap_stack(), catalogue.platform_stack());
    let mut keys: Vec<&StackKey> = catalogue
        .stacks
        .iter()
        .filter(|(_, stack)| !(existing_cluster && stack.skip_with_existing_cluster))
        .map(|(key, _)| key)
        .collect();
    keys.sort_by_key(|key| if Some(*key) == first { 0 } else { 1 + u8::from(Some(*key) == last) });
    keys
}

/// One stack as it should be, given the outputs of those before it.
pub fn desired(
    catalogue: &Catalogue,
    environment: &Environment,
    key: &StackKey,
    outputs: &BTreeMap<String, String>,
) -> anyhow::Result<Desired> {
    let file = &catalogue.stacks[key].template;
    let Some(template) = template::text(file) else {
        return Err(Failure::new(&codes::STACK_TEMPLATE, format!("this onboardctl has no template {file}"))
            .why(format!("the stack {key} of environment {} needs it", environment.name))
            .fix("name an existing cluster in the environment's cluster_arn")
            .into());
    };
    let declared = template::parameters(template);
    let given = environment.entry.parameters.get(key);
    if let Some(unknown) = given.and_then(|given| given.keys().find(|name| !declared.contains_key(*name))) {
        let place = format!("environments.{}.parameters.{key}", environment.name);
        let what = format!("{place} sets {unknown}, which {file} does not declare");
        return Err(Failure::new(&codes::CONFIG_INVALID, what).fix("onboardctl config validate").into());
    }
    let mut parameters = BTreeMap::new();
    let mut unresolved = Vec::new();
    for (name, parameter) in &declared {
        let value = given
            .and_then(|given| given.get(name).cloned())
            .or_else(|| derived(environment, name))
            .or_else(|| outputs.get(name).cloned())
            .or_else(|| parameter.default.clone());
        match value {
            Some(value) => drop(parameters.insert(name.clone(), value)),
            None => unresolved.push(name.clone()),
        }
    }
    Ok(Desired {
        key: key.clone(),
        name: environment.stack(key),
        file: file.clone(),
        template: template.to_owned(),
        parameters,
        unresolved,
        hidden: hidden(&declared),
        tags: tags(environment, key),
        protected: environment.entry.confirm == Confirm::Typed,
    })
}

/// Parameters that follow from the environment.
fn derived(environment: &Environment, name: &str) -> Option<String> {
    let entry = &environment.entry;
    match name {
        "Environment" => Some(environment.name.to_string()),
        // arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID
        "ClusterName" => entry.cluster_arn.as_ref().and_then(|arn| arn.split('/').nth(1)).map(str::to_owned),
        "SiteOrigin" => environment.site.clone(),
        _ => None,
    }
}

fn hidden(declared: &BTreeMap<String, Parameter>) -> Vec<String> {
    declared.iter().filter(|(_, parameter)| parameter.no_echo).map(|(name, _)| name.clone()).collect()
}

fn tags(environment: &Environment, key: &StackKey) -> BTreeMap<String, String> {
    let pairs = [
        ("Project", environment.prefix.clone()),
        ("Environment", environment.name.to_string()),
        ("Stack", key.to_string()),
        ("ManagedBy", "onboardctl".to_owned()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::Overrides;

    #[test]
    fn stacks_come_in_the_order_of_their_dependence() {
        let catalogue = Catalogue::embedded().unwrap();
        let names = |existing| order(&catalogue, existing).iter().map(|key| key.as_str()).collect::<Vec<_>>();
        assert_eq!(names(false), ["bootstrap", "kafka", "platform"]);
        assert_eq!(names(true), ["bootstrap", "platform"]);
    }

    #[test]
    fn parameters_come_from_the_environment_and_the_defaults() {
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment("dev", &Overrides::default(), Path::new("/nowhere")).unwrap();
        let key = catalogue.bootstrap_stack().unwrap();
        let desired = desired(&catalogue, &environment, key, &BTreeMap::new()).unwrap();
        assert_eq!(desired.name, "onboard-ai-dev-bootstrap");
        assert_eq!(desired.parameters["Environment"], "dev");
        assert!(desired.unresolved.is_empty());
        assert!(!desired.protected);
    }
}
