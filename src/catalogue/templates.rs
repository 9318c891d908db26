//! The templates that are built into this executable, and the names that they declare.
//!
//! Only the keys under `Parameters:` and `Outputs:` are read, by their indentation: the templates are our own, and a
//! test holds them to that form. What is in them is `CloudFormation`'s business.

use super::types::{Catalogue, StackKey};

/// Every template by its file name.
pub const EMBEDDED: &[(&str, &str)] = &[
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

/// The resources that a template declares, in its order.
pub fn resources(template: &str) -> Vec<&str> {
    keys(template, "Resources")
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

#[cfg(test)]
mod tests {
    use super::*;

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
            // The bootstrap stack makes the bucket that larger templates are read from (CloudFormation quotas).
            let most = if name == "bootstrap.yaml" { 51_200 } else { 1_000_000 };
            assert!(template.len() <= most, "{name} is {} bytes, more than CloudFormation takes", template.len());
        }
    }
}
