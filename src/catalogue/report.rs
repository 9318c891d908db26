//! What `config show` and `config validate` answer.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::environment::{CONNECTION_FILE, Environment};
use super::parse::{check, read};
use super::settings::{Origin, Resolved, UserFile};
use super::source::Problem;
use super::types::Catalogue;

/// Keys of an environment that a connection file or a flag may give although the catalogue does not write them.
/// The catalogue's own `profile` is cargo's, so that of AWS is shown among the flags.
const LAID_OVER: [&str; 5] = ["certificate_authority", "cluster_arn", "endpoint", "region", "site"];

/// One value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Setting {
    /// Its key: a flag's name, or a path of the catalogue.
    pub key: String,
    /// Its value; absent where nothing sets it.
    pub value: Option<String>,
    /// Where it comes from: a flag, a variable, `file:line`, a connection file, or `default`.
    pub origin: String,
}

impl Setting {
    /// A setting of a resolved value.
    pub fn new(key: &str, value: &Resolved<Option<String>>) -> Self {
        Self { key: key.into(), value: value.value.clone(), origin: value.origin.to_string() }
    }
}

/// The answer of `config show`: what holds for a run in this environment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConfigReport {
    /// The catalogue's file; `platform.toml` is the one that is built in.
    pub catalogue: String,
    /// Global flags as they were resolved.
    pub flags: Vec<Setting>,
    /// The catalogue with this environment only, everything laid over it.
    pub values: Vec<Setting>,
    /// Whether the table shows where each value comes from.
    #[serde(skip)]
    pub origins: bool,
}

/// The answer of `config validate`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConfigValidateReport {
    /// The files that were read.
    pub files: Vec<String>,
    /// Every mistake that was found, in the order of the files.
    pub problems: Vec<Problem>,
    /// How much the catalogue holds.
    pub counts: Counts,
}

/// How much a valid catalogue holds; zeros for one that is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Environments.
    pub environments: usize,
    /// Stacks.
    pub stacks: usize,
    /// Topics.
    pub topics: usize,
    /// Functions as they are deployed.
    pub functions: usize,
}

/// What the catalogue says for this environment, each value with its origin; `prefix` picks a part of it.
pub fn values(catalogue: &Catalogue, environment: &Environment, state_dir: &Path, prefix: &str) -> Vec<Setting> {
    let own = format!("environments.{}.", environment.name);
    let mut values: Vec<Setting> = catalogue
        .source
        .entries
        .iter()
        .filter(|(path, _)| !path.starts_with("environments.") || path.starts_with(&own))
        .filter_map(|(path, entry)| {
            let origin = Origin::File(format!("{}:{}", catalogue.source.file, entry.key.line));
            let value = Resolved::new(Some(entry.text.clone()?), origin);
            Some(Setting::new(path, &value))
        })
        .collect();
    for key in LAID_OVER {
        let path = format!("{own}{key}");
        let Some(setting) = laid_over(environment, state_dir, key, &path) else { continue };
        values.retain(|value| value.key != path);
        values.push(setting);
    }
    values.sort_by(|left, right| left.key.cmp(&right.key));
    values.retain(|value| is_part(&value.key, prefix));
    values
}

fn laid_over(environment: &Environment, state_dir: &Path, key: &str, path: &str) -> Option<Setting> {
    let reached = environment.reach().is_ok();
    let origin = environment.origins.iter().rev().find(|(known, _)| *known == key).map(|(_, origin)| origin.clone());
    let entry = &environment.entry;
    let value = match key {
        "region" => Some(entry.region.clone()),
        _ if !reached => None,
        "certificate_authority" => entry.certificate_authority.clone(),
        "cluster_arn" => entry.cluster_arn.clone(),
        "endpoint" => entry.endpoint.clone(),
        _ => environment.site.clone(),
    };
    match origin {
        Some(origin) => Some(Setting::new(path, &Resolved::new(value, origin))),
        None if !reached && key != "region" => {
            let file = state_dir.join(CONNECTION_FILE);
            Some(Setting { key: path.into(), value: None, origin: format!("{} (not usable)", file.display()) })
        }
        None => None,
    }
}

/// Whether `key` is `prefix` itself or lies below it.
pub fn is_part(key: &str, prefix: &str) -> bool {
    prefix.is_empty() || key == prefix || key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
}

/// Checks the catalogue and the user's own file; every mistake is in the report.
pub fn validate(config: Option<&Path>, user_file: Option<&Path>) -> anyhow::Result<ConfigValidateReport> {
    let (name, text) = read(config)?;
    let mut report =
        ConfigValidateReport { files: vec![name.clone()], problems: Vec::new(), counts: Counts::default() };
    match check(&text, &name) {
        Ok(catalogue) => report.counts = counts(&catalogue),
        Err(problems) => report.problems = problems,
    }
    if let Some(path) = user_file.filter(|path| path.exists()) {
        report.files.push(path.display().to_string());
        report.problems.extend(UserFile::problem(path)?);
    }
    Ok(report)
}

fn counts(catalogue: &Catalogue) -> Counts {
    Counts {
        environments: catalogue.environments.len(),
        stacks: catalogue.stacks.len(),
        topics: catalogue.topics.len(),
        functions: catalogue.instances().len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Overrides;

    fn shown(name: &str, overrides: &Overrides, prefix: &str) -> Vec<Setting> {
        let catalogue = Catalogue::embedded().unwrap();
        let folder = Path::new("/nowhere");
        let environment = catalogue.environment(name, overrides, folder).unwrap();
        values(&catalogue, &environment, folder, prefix)
    }

    fn setting<'a>(values: &'a [Setting], key: &str) -> &'a Setting {
        values.iter().find(|value| value.key == key).unwrap()
    }

    #[test]
    fn each_value_names_its_line() {
        let values = shown("dev", &Overrides::default(), "");
        let retention = setting(&values, "topics.kyc-verified.retention");
        assert_eq!(retention.value.as_deref(), Some("7d"));
        let line: usize = retention.origin.strip_prefix("platform.toml:").unwrap().parse().unwrap();
        let text = include_str!("../../platform.toml").lines().nth(line - 1).unwrap();
        assert!(text.starts_with("retention ="), "{text}");
        assert!(!values.iter().any(|value| value.key.starts_with("environments.production")));
    }

    #[test]
    fn a_flag_wins_over_the_line() {
        let region = Some(Resolved::new("eu-west-1".into(), Origin::Variable("ONBOARDCTL_REGION")));
        let values = shown("dev", &Overrides { region, ..Overrides::default() }, "environments.dev.region");
        assert_eq!(values.len(), 1);
        assert_eq!((values[0].value.as_deref(), values[0].origin.as_str()), (Some("eu-west-1"), "ONBOARDCTL_REGION"));
    }

    #[test]
    fn a_platform_that_was_not_started_shows_nothing_of_its_connection() {
        let values = shown("local", &Overrides::default(), "environments.local");
        let endpoint = setting(&values, "environments.local.endpoint");
        assert_eq!(endpoint.value, None);
        assert_eq!(endpoint.origin, "/nowhere/connection.json (not usable)");
    }

    #[test]
    fn a_part_is_picked_by_whole_keys() {
        for (key, prefix, expected) in [
            ("topics.kyc-verified.retention", "topics", true),
            ("topics.kyc-verified.retention", "topics.kyc", false),
            ("schema", "schema", true),
            ("schema", "", true),
        ] {
            assert_eq!(is_part(key, prefix), expected, "{key} {prefix}");
        }
    }

    #[test]
    fn validate_tells_every_file_and_every_mistake() {
        let folder = tempfile::tempdir().unwrap();
        let (catalogue, user) = (folder.path().join("mine.toml"), folder.path().join("config.toml"));
        let text = include_str!("../../platform.toml").replacen("partitions = 3", "partitions = 0", 2);
        std::fs::write(&catalogue, text).unwrap();
        std::fs::write(&user, "confirm = 'never'\n").unwrap();
        let report = validate(Some(&catalogue), Some(&user)).unwrap();
        assert_eq!((report.files.len(), report.problems.len()), (2, 3));
        let report = validate(None, Some(Path::new("/nowhere"))).unwrap();
        assert_eq!((report.files.len(), report.problems.len(), report.counts.topics), (1, 0, 6));
    }
}
