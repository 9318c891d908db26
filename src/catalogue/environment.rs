//! The chosen environment: its entry in the catalogue, with flags, variables and the connection file of a platform
//! on this computer laid over it.

use std::net::IpAddr;
use std::path::Path;

use super::settings::{Origin, Resolved};
use super::source::nearest;
use super::types::{Catalogue, Connection, EnvironmentEntry, EnvironmentName, StaticCredentials};
use crate::error::{Failure, codes};

/// The file in a state folder that says how to reach the platform that lives there.
pub const CONNECTION_FILE: &str = "connection.json";

/// Where calls go while the connection file of an environment cannot be used. Port 0 answers nobody, so that code
/// which forgets [`Environment::reach`] fails on this computer and can never reach AWS by the SDK's default.
const NOWHERE: &str = "http://127.0.0.1:0";

/// What flags and variables lay over an environment's entry.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--region`.
    pub region: Option<Resolved<String>>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<Resolved<String>>,
    /// `--profile`, or the user's own file.
    pub profile: Option<Resolved<String>>,
}

/// The chosen environment: the entry plus what its connection file says.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: EnvironmentName,
    /// What every physical name begins with.
    pub prefix: String,
    /// The entry, with `--region` and `--endpoint-url` laid over it and the connection file merged in
    /// (`endpoint`, `certificate_authority`, `cluster_arn`). Call [`Environment::reach`] before using those.
    pub entry: EnvironmentEntry,
    /// Credentials of the connection file; absent: the SDK's own chain with `--profile`.
    pub credentials: Option<StaticCredentials>,
    /// Where the site, `/api` and `/ws` are served, when the connection file says so; else it is a stack output.
    pub site: Option<String>,
    /// `--profile`.
    pub aws_profile: Option<String>,
    /// The region that the catalogue names, whatever `--region` says: compared before the first change.
    pub catalogue_region: String,
    /// Where `entry.region`, `entry.endpoint` and `aws_profile` come from when it is not the catalogue.
    pub origins: Vec<(&'static str, Origin)>,
    unreachable: Option<Failure>,
}

impl Catalogue {
    /// The environment called `name`. A connection file that is missing or unfit does not fail here but on the first
    /// [`Environment::reach`], because `local start`, which writes it, has to resolve its settings first.
    pub fn environment(&self, name: &str, overrides: &Overrides, state_dir: &Path) -> anyhow::Result<Environment> {
        let Some((key, entry)) = self.environments.iter().find(|(key, _)| key.as_str() == name) else {
            return Err(self.unknown_environment(name).into());
        };
        let mut environment = Environment {
            name: key.clone(),
            prefix: self.prefix.clone(),
            entry: entry.clone(),
            credentials: None,
            site: None,
            aws_profile: None,
            catalogue_region: entry.region.clone(),
            origins: Vec::new(),
            unreachable: None,
        };
        if entry.connection.is_some() {
            environment.connect(state_dir);
        }
        environment.lay_over(overrides)?;
        Ok(environment)
    }

    fn unknown_environment(&self, name: &str) -> Failure {
        let known: Vec<&str> = self.environments.keys().map(EnvironmentName::as_str).collect();
        let failure = Failure::new(&codes::ENVIRONMENT_UNKNOWN, format!("there is no environment `{name}`"))
            .why(format!("{} names {}", self.source.file, known.join(", ")));
        match nearest(name, known) {
            Some(near) => failure.fix(format!("onboardctl config show --env {near}")),
            None => failure.fix("onboardctl config validate"),
        }
    }
}

impl Environment {
    /// Fails while the environment's platform cannot be reached: its connection file is missing or unfit.
    pub fn reach(&self) -> anyhow::Result<()> {
        match &self.unreachable {
            Some(failure) => Err(failure.clone().into()),
            None => Ok(()),
        }
    }

    /// Every AWS client's endpoint; `None`: the SDK's own.
    pub fn endpoint(&self) -> anyhow::Result<Option<&str>> {
        self.reach()?;
        Ok(self.entry.endpoint.as_deref())
    }

    /// The ARN of the existing cluster; `None`: the kafka stack makes one.
    pub fn cluster_arn(&self) -> anyhow::Result<Option<&str>> {
        self.reach()?;
        Ok(self.entry.cluster_arn.as_deref())
    }

    /// `ssl.ca.location` of every Kafka client.
    pub fn certificate_authority(&self) -> anyhow::Result<&str> {
        self.reach()?;
        Ok(self.entry.certificate_authority.as_deref().unwrap_or("probe"))
    }

    /// The WebSocket management API's address, for `PostToConnection`.
    pub fn websocket_management(&self, api: &str, stage: &str) -> anyhow::Result<String> {
        let endpoint = self.endpoint()?.unwrap_or_default();
        Ok(self
            .entry
            .websocket_management
            .replace("{endpoint}", endpoint.trim_end_matches('/'))
            .replace("{api}", api)
            .replace("{region}", &self.entry.region)
            .replace("{stage}", stage))
    }

    fn connect(&mut self, state_dir: &Path) {
        let path = state_dir.join(CONNECTION_FILE);
        match read_connection(&path, &self.name) {
            Ok(connection) => {
                let file = Origin::Connection(path);
                for key in ["endpoint", "certificate_authority", "cluster_arn", "site"] {
                    self.origins.push((key, file.clone()));
                }
                self.entry.endpoint = Some(connection.endpoint);
                self.entry.certificate_authority = Some(connection.certificate_authority);
                self.entry.cluster_arn = Some(connection.cluster_arn);
                self.credentials = Some(connection.credentials);
                self.site = Some(connection.site);
            }
            Err(failure) => {
                self.entry.endpoint = Some(NOWHERE.into());
                self.unreachable = Some(failure);
            }
        }
    }

    fn lay_over(&mut self, overrides: &Overrides) -> anyhow::Result<()> {
        if let Some(region) = &overrides.region {
            self.entry.region.clone_from(&region.value);
            self.origins.push(("region", region.origin.clone()));
        }
        if let Some(profile) = &overrides.profile {
            self.aws_profile = Some(profile.value.clone());
            self.origins.push(("profile", profile.origin.clone()));
        }
        if let Some(url) = &overrides.endpoint_url {
            if self.entry.connection.is_some() && !is_loopback(&url.value) {
                return Err(Failure::new(
                    &codes::ENDPOINT_REFUSED,
                    format!("environment `{}` accepts only endpoints on this computer", self.name),
                )
                .why(format!("{} gives `{}`, which is not a loopback address", url.origin, url.value))
                .into());
            }
            if self.unreachable.is_none() {
                self.entry.endpoint = Some(url.value.clone());
            }
            self.origins.retain(|(key, _)| *key != "endpoint");
            self.origins.push(("endpoint", url.origin.clone()));
        }
        Ok(())
    }
}

fn read_connection(path: &Path, environment: &EnvironmentName) -> Result<Connection, Failure> {
    let start = format!("onboardctl local start --env {environment}");
    let missing = |why: String| {
        Failure::new(
            &codes::CONNECTION_MISSING,
            format!("the platform of environment `{environment}` has not been started"),
        )
        .why(why)
        .fix(start.clone())
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| missing(format!("{} cannot be read: {error}", path.display())))?;
    // The parser's own message could quote the secret, so only the place is told.
    let connection: Connection = serde_json::from_str(&text).map_err(|error| {
        missing(format!(
            "{} is not a connection file (line {}, column {})",
            path.display(),
            error.line(),
            error.column()
        ))
    })?;
    for (key, url) in [("endpoint", &connection.endpoint), ("site", &connection.site)] {
        if !is_loopback(url) {
            return Err(Failure::new(
                &codes::ENDPOINT_REFUSED,
                format!("environment `{environment}` accepts only endpoints on this computer"),
            )
            .why(format!("{} gives {key} `{url}`, which is not a loopback address", path.display()))
            .fix(start));
        }
    }
    Ok(connection)
}

/// Whether an address is on this computer: an IP of the loopback range, or `localhost`.
pub fn is_loopback(url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    match url.host() {
        Some(url::Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(endpoint: &str) -> String {
        serde_json::json!({
            "endpoint": endpoint,
            "site": "http://127.0.0.1:4001",
            "cluster_arn": "arn:aws:kafka:us-east-1:123456789012:cluster/onboard-ai-cluster-local/1-1",
            "certificate_authority": "/state/ca.pem",
            "credentials": {"access_key_id": "AKIA", "secret_access_key": "canary"},
        })
        .to_string()
    }

    fn flag(value: &str) -> Resolved<String> {
        Resolved { value: value.into(), origin: Origin::Flag("--endpoint-url") }
    }

    #[test]
    fn loopback_is_told_by_the_host() {
        for (url, expected) in [
            ("http://127.0.0.1:4566", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:1", true),
            ("http://localhost:1", true),
            ("https://lambda.us-east-1.amazonaws.com", false),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_loopback(url), expected, "{url}");
        }
    }

    #[test]
    fn a_missing_connection_file_fails_on_first_use_only() {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment("local", &Overrides::default(), folder.path()).unwrap();
        let error = environment.endpoint().unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert_eq!(failure.code.id, "E-CONFIG-003");
        assert_eq!(failure.fix, ["onboardctl local start --env local"]);
        assert_eq!(environment.entry.endpoint.as_deref(), Some(NOWHERE));
    }

    #[test]
    fn the_connection_file_is_merged_and_its_secret_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(CONNECTION_FILE), connection("http://127.0.0.1:4000")).unwrap();
        let catalogue = Catalogue::embedded().unwrap();
        let environment = catalogue.environment("local", &Overrides::default(), folder.path()).unwrap();
        assert_eq!(environment.endpoint().unwrap(), Some("http://127.0.0.1:4000"));
        assert_eq!(environment.certificate_authority().unwrap(), "/state/ca.pem");
        assert_eq!(
            environment.websocket_management("abc", "ws").unwrap(),
            "http://127.0.0.1:4000/_aws/execute-api/abc/ws"
        );
        assert!(!format!("{environment:?}").contains("canary"));
    }

    #[test]
    fn addresses_beyond_this_computer_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(CONNECTION_FILE);
        let catalogue = Catalogue::embedded().unwrap();
        std::fs::write(&file, connection("http://10.0.0.1:4000")).unwrap();
        let environment = catalogue.environment("local", &Overrides::default(), folder.path()).unwrap();
        let code = |error: anyhow::Error| error.downcast_ref::<Failure>().unwrap().code.id;
        assert_eq!(code(environment.reach().unwrap_err()), "E-CONFIG-004");

        std::fs::write(&file, connection("http://127.0.0.1:4000")).unwrap();
        let outside = Overrides { endpoint_url: Some(flag("https://example.com")), ..Overrides::default() };
        assert_eq!(code(catalogue.environment("local", &outside, folder.path()).unwrap_err()), "E-CONFIG-004");
        let inside = Overrides { endpoint_url: Some(flag("http://127.0.0.1:5000")), ..Overrides::default() };
        let environment = catalogue.environment("local", &inside, folder.path()).unwrap();
        assert_eq!(environment.endpoint().unwrap(), Some("http://127.0.0.1:5000"));
    }

    #[test]
    fn an_unknown_environment_names_the_nearest() {
        let catalogue = Catalogue::embedded().unwrap();
        let error = catalogue.environment("prodution", &Overrides::default(), Path::new("/nowhere")).unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert_eq!(failure.code.id, "E-CONFIG-002");
        assert_eq!(failure.fix, ["onboardctl config show --env production"]);
    }

    #[test]
    fn the_region_of_a_flag_does_not_hide_that_of_the_catalogue() {
        let catalogue = Catalogue::embedded().unwrap();
        let region = Some(Resolved { value: "eu-west-1".into(), origin: Origin::Flag("--region") });
        let overrides = Overrides { region, ..Overrides::default() };
        let environment = catalogue.environment("dev", &overrides, Path::new("/nowhere")).unwrap();
        assert_eq!(
            (environment.entry.region.as_str(), environment.catalogue_region.as_str()),
            ("eu-west-1", "us-east-1")
        );
        assert_eq!(environment.endpoint().unwrap(), None);
    }
}
