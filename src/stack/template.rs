//! The templates that are built into this executable, and the little that is read out of them: parameters, and
//! resources with their text. They are our own files in one layout (`Section:`, two spaces, logical id), so lines are
//! read instead of YAML; a test holds the layout.

use std::collections::BTreeMap;

pub use crate::catalogue::templates::{EMBEDDED as TEMPLATES, text};

/// The largest template that is sent inline; a larger one goes through a bucket (`aws-facts.md`, section 4).
pub const INLINE_BYTES: usize = 51_200;

/// A parameter that a template declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its default.
    pub default: Option<String>,
    /// Whether its value is hidden in answers.
    pub no_echo: bool,
}

/// A resource that a template declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `AWS::S3::Bucket`.
    pub kind: String,
    /// Its lines without comments and empty ones.
    pub text: String,
}

/// The parameters of a template.
pub fn parameters(text: &str) -> BTreeMap<String, Parameter> {
    entries(text, "Parameters")
        .into_iter()
        .map(|(name, lines)| {
            let parameter = Parameter {
                default: property(&lines, "Default"),
                no_echo: property(&lines, "NoEcho").as_deref() == Some("true"),
            };
            (name, parameter)
        })
        .collect()
}

/// The resources of a template.
pub fn resources(text: &str) -> BTreeMap<String, Resource> {
    entries(text, "Resources")
        .into_iter()
        .map(|(name, lines)| {
            let kind = property(&lines, "Type").unwrap_or_default();
            (name, Resource { kind, text: lines.join("\n") })
        })
        .collect()
}

/// The lines that CloudFormation acts on. It finds "no changes" where only comments or the description differ, and
/// then keeps the old text, so comparing these would make every later run look like a change.
pub fn meaning(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| {
            let bare = line.trim_start();
            !bare.is_empty() && !bare.starts_with('#') && !line.starts_with("Description:")
        })
        .collect()
}

/// The entries of a section with their lines.
fn entries<'a>(text: &'a str, section: &str) -> Vec<(String, Vec<&'a str>)> {
    let mut entries: Vec<(String, Vec<&str>)> = Vec::new();
    let heading = format!("{section}:");
    let lines = text.lines().skip_while(|line| line.trim_end() != heading).skip(1);
    for line in lines.filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let depth = line.len() - line.trim_start().len();
        match depth {
            0 => break,
            2 => {
                let name = line.trim().trim_end_matches(':').to_owned();
                entries.push((name, Vec::new()));
            }
            _ => {
                if let Some((_, lines)) = entries.last_mut() {
                    lines.push(line.trim_end());
                }
            }
        }
    }
    entries
}

/// The scalar value of an entry's own property.
fn property(lines: &[&str], name: &str) -> Option<String> {
    let start = format!("    {name}:");
    let value = lines.iter().find_map(|line| line.strip_prefix(&start))?.trim();
    Some(value.trim_matches(|quote| quote == '\'' || quote == '"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
Parameters:
  # a comment
  Environment:
    Type: String
  Days:
    Type: Number
    Default: 30
  Origin:
    Default: ''
    NoEcho: true

Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      Default: not this one
Outputs:
  Table:
    Value: !Ref Table
";

    #[test]
    fn parameters_and_resources_are_read() {
        let parameters = parameters(SAMPLE);
        assert_eq!(parameters.keys().collect::<Vec<_>>(), ["Days", "Environment", "Origin"]);
        assert_eq!(parameters["Environment"].default, None);
        assert_eq!(parameters["Days"].default.as_deref(), Some("30"));
        assert_eq!(parameters["Origin"], Parameter { default: Some(String::new()), no_echo: true });
        let resources = resources(SAMPLE);
        assert_eq!(resources["Table"].kind, "AWS::DynamoDB::Table");
        assert_eq!(resources.len(), 1);
    }

    #[test]
    fn comments_mean_nothing() {
        assert_eq!(meaning("# a\nDescription: b\n\nResources:  \n"), ["Resources:"]);
        assert_ne!(meaning("Resources:\n  Description: b"), meaning("Resources:"));
    }

    #[test]
    fn our_templates_have_the_layout_that_is_read() {
        for (name, text) in TEMPLATES {
            assert!(parameters(text).contains_key("Environment"), "{name}");
            for (id, resource) in resources(text) {
                assert!(id.chars().all(char::is_alphanumeric), "{name}: {id}");
                assert!(resource.kind.contains("::"), "{name}: {id} has no Type in the layout's place");
            }
        }
    }

    #[test]
    fn the_catalogue_and_the_templates_name_the_same() {
        let catalogue = crate::catalogue::Catalogue::embedded().unwrap();
        for stack in catalogue.stacks.values() {
            assert!(text(&stack.template).is_some(), "{}", stack.template);
        }
        for (name, _) in TEMPLATES {
            assert!(catalogue.stacks.values().any(|stack| stack.template == *name), "{name}");
        }
    }
}
