//! What the local platform is told.

use std::path::PathBuf;

use crate::context::Settings;

/// Which platform is meant and where its parts come from.
#[derive(Clone, Debug)]
pub struct LocalSettings {
    /// The platform's own folder.
    pub state_dir: PathBuf,
    /// Where fetched parts are kept, for all platforms.
    pub cache_dir: PathBuf,
    /// The account that the AWS APIs stand for.
    pub account: String,
    /// The region that the AWS APIs stand for.
    pub region: String,
    /// Name of the Kafka cluster.
    pub cluster: String,
    /// Whether the supervisor ends when its standard input, which is ours, closes. For tests.
    pub until_stdin_closes: bool,
    /// Whether ports are chosen again although there are some.
    pub choose_ports: bool,
}

impl LocalSettings {
    /// The variable that says the same as `--until-stdin-closes`, so that `up` in a test can say it too.
    pub const UNTIL_STDIN_CLOSES: &str = "ONBOARDCTL_UNTIL_STDIN_CLOSES";

    /// What the resolved settings say about the platform on this computer.
    pub fn of(settings: &Settings) -> Self {
        let environment = &settings.environment;
        Self {
            state_dir: settings.state_dir.clone(),
            cache_dir: settings.cache_dir.clone(),
            account: environment.entry.account.clone(),
            region: environment.entry.region.clone(),
            cluster: format!("{}-cluster-{}", settings.catalogue.prefix, environment.name),
            until_stdin_closes: std::env::var(Self::UNTIL_STDIN_CLOSES).is_ok_and(|value| value == "1"),
            choose_ports: false,
        }
    }
}

/// Settings for tests.
#[cfg(test)]
pub fn sample(folder: &std::path::Path) -> LocalSettings {
    LocalSettings {
        state_dir: folder.join("state"),
        cache_dir: folder.join("cache"),
        account: "123456789012".into(),
        region: "us-east-1".into(),
        cluster: "onboard-ai-cluster-local".into(),
        until_stdin_closes: false,
        choose_ports: false,
    }
}
