//! The templates that are built into this executable, and the names that they declare.
//!
//! Only the keys under `Parameters:` and `Outputs:` are read, by their indentation: the templates are our own, and a
//! test holds them to that form. What is in them is `CloudFormation`'s business.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::types::{Catalogue, StackKey};

/// Every template by its file name.
const EMBEDDED: [(&str, &str); 3] = [
    ("bootstrap.yaml", include_str!("../../templates/bootstrap.yaml")),
    ("kafka.yaml", include_str!("../../templates/kafka.yaml")),
    ("platform.yaml", include_str!("../../templates/platform.yaml")),
];

/// The file names of all templates.
pub fn names() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().map(|(name, _)| *name)
}

/// The text of the template in this file under `templates/`.
pub fn text(file: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(name, _)| *name == file).map(|(_, text)| *text)
}

/// The parameters that a template declares, in its order.
pub fn parameters(template: &str) -> Vec<&str> {
    keys(template, "Parameters")
}

/// The outputs that a template declares, in its order.
pub fn outputs(template: &str) -> Vec<&str> {
    keys(template, "Outputs")
}

/// The keys of one top-level section: lines with exactly two spaces before them.
fn keys<'a>(template: &'a str, section: &str) -> Vec<&'a str> {
    template
        .lines()
        .skip_while(|line| line.strip_suffix(':') != Some(section))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#'])))
        .filter_map(|line| line.split_once(':').map(|(key, _)| key))
        .collect()
}

impl Catalogue {
    /// The text of a stack's template.
    pub fn template(&self, key: &StackKey) -> Option<&'static str> {
        text(&self.stacks.get(key)?.template)
    }
}

impl Environment {
    /// The parameters that a stack of this environment is given: its name, the site's origin where the site is not the
    /// distribution, the existing cluster's name, and what the catalogue writes; only those that the template declares.
    pub fn stack_parameters(&self, key: &StackKey, template: &str) -> BTreeMap<String, String> {
        let declared = parameters(template);
        let mut given = BTreeMap::from([("Environment".to_owned(), self.name.to_string())]);
        if let Some(site) = &self.site {
            given.insert("SiteOrigin".into(), site.trim_end_matches('/').into());
        }
        if let Some(name) = self.entry.cluster_arn.as_deref().and_then(cluster_name) {
            given.insert("ClusterName".into(), name.into());
        }
        given.retain(|name, _| declared.contains(&name.as_str()));
        given.extend(
            self.entry.parameters.get(key).into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())),
        );
        given
    }
}

/// The name in a cluster's ARN: `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID`.
fn cluster_name(arn: &str) -> Option<&str> {
    arn.split_once(":cluster/")?.1.split('/').next()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::Overrides;

    #[test]
    fn keys_are_those_with_two_spaces() {
        let template = "Parameters:\n  One:\n    Type: String\n\n  # a comment\n  Two: {Type: Number}\n\nResources:\n  Three:\n    Type: X\n\nOutputs:\n  Four: {Value: 1}\n";
        assert_eq!(parameters(template), ["One", "Two"]);
        assert_eq!(outputs(template), ["Four"]);
        assert!(keys(template, "Nothing").is_empty());
    }

    #[test]
    fn every_template_declares_its_environment_and_outputs() {
        for name in names() {
            let template = text(name).unwrap();
            assert_eq!(parameters(template)[0], "Environment", "{name}");
            assert!(outputs(template).len() >= 3, "{name}");
            assert!(
                template.len() <= 51_200,
                "{name} is {} bytes, more than CloudFormation takes inline",
                template.len()
            );
        }
    }

    #[test]
    fn a_stack_is_given_what_its_template_declares() {
        let catalogue = Catalogue::embedded().unwrap();
        let mut local = catalogue.environment("local", &Overrides::default(), Path::new("/nowhere")).unwrap();
        local.site = Some("http://127.0.0.1:4001/".into());
        local.entry.cluster_arn = Some("arn:aws:kafka:us-east-1:123456789012:cluster/mine/1-1".into());
        let given = |key: &StackKey| local.stack_parameters(key, catalogue.template(key).unwrap());
        let bootstrap = given(catalogue.bootstrap_stack().unwrap());
        assert_eq!(bootstrap.keys().collect::<Vec<_>>(), ["Environment", "RequireTls"]);
        let platform = given(catalogue.platform_stack().unwrap());
        assert_eq!(platform["SiteOrigin"], "http://127.0.0.1:4001");
        assert_eq!(platform["ClusterName"], "mine");
        assert_eq!(platform["BrokersInVpc"], "false");
    }
}
