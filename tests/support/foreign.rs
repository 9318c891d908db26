//! Clients and judges that are not ours, from `PyPI` and npm, fetched once into the folder of the build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::platform::Platform;
use super::root;

const PYTHON_PACKAGES: &[&str] = &["boto3==1.44.5", "confluent-kafka==2.16.1"];
const NODE_PACKAGES: &[&str] = &["ws@8.23.0"];
/// The `AsyncAPI` initiative's own schemas of its documents.
const ASYNCAPI_SCHEMAS: &[&str] = &["@asyncapi/specs@6.11.1"];

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{err}");
    out.into_owned()
}

/// The folder of cargo's build output, where fetched clients stay between runs.
fn kept() -> PathBuf {
    let folder = root().join("target").join("test-clients");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The `uv` that the platform fetched for itself: a computer's Python need not have pip.
fn uv() -> PathBuf {
    let cache = std::env::var_os("ONBOARDCTL_CACHE_DIR").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache").join("onboardctl"),
        PathBuf::from,
    );
    let folders = std::fs::read_dir(&cache).unwrap().flatten().map(|entry| entry.path().join("uv"));
    folders.into_iter().find(|file| file.is_file()).unwrap_or_else(|| panic!("no uv below {}", cache.display()))
}

fn python_packages() -> &'static PathBuf {
    static FETCHED: OnceLock<PathBuf> = OnceLock::new();
    FETCHED.get_or_init(|| {
        let folder = kept().join("python");
        if !folder.join("boto3").exists() || !folder.join("confluent_kafka").exists() {
            let mut command = Command::new(uv());
            command.args(["pip", "install", "--quiet", "--no-config", "--target"]).arg(&folder);
            run(command.args(PYTHON_PACKAGES));
        }
        folder
    })
}

/// Whether a document is `OpenAPI`, by the meta-schema and the rules that no schema says; fails with what is wrong.
pub fn validate_openapi(document: &Path) {
    let folder = kept().join("openapi");
    if !folder.join("openapi_spec_validator").exists() {
        let mut command = Command::new(uv());
        command.args(["pip", "install", "--quiet", "--no-config", "--target"]).arg(&folder);
        run(command.arg("openapi-spec-validator==0.9.0"));
    }
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", &folder).args(["-m", "openapi_spec_validator", "--validation-errors", "all"]);
    run(command.arg(document));
}

/// The JSON Schema of a version of `AsyncAPI`, as it is published.
pub fn asyncapi_schema(version: &str) -> Value {
    let folder = node_packages(ASYNCAPI_SCHEMAS);
    let file = folder.join("node_modules/@asyncapi/specs/schemas").join(format!("{version}.json"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Has schemathesis drive the API with a customer's token; fails with its report.
pub fn schemathesis(document: &Path, site: &str, token: &str) {
    let folder = kept().join("schemathesis");
    if !folder.join("schemathesis").exists() {
        let mut command = Command::new(uv());
        command.args(["pip", "install", "--quiet", "--no-config", "--target"]).arg(&folder).arg("schemathesis==4.32.5");
        run(&mut command);
    }
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", &folder).current_dir(std::env::temp_dir()).args(["-m", "schemathesis.cli", "run"]);
    command.arg(document).args(["--url", site, "--header", &format!("Authorization: Bearer {token}")]);
    command.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance",
    ]);
    command.args(["--phases", "fuzzing", "--max-examples", "40", "--seed", "1", "--workers", "1", "--no-color"]);
    run(&mut command);
}

/// The aws CLI from `PyPI`.
pub struct AwsCli {
    packages: PathBuf,
    folder: PathBuf,
}

/// The aws CLI, fetched once.
pub fn aws_cli() -> &'static AwsCli {
    static FETCHED: OnceLock<AwsCli> = OnceLock::new();
    FETCHED.get_or_init(|| {
        let (packages, folder) = (kept().join("awscli"), kept().join("awscli-bin"));
        if !packages.join("awscli").exists() {
            let mut command = Command::new(uv());
            command.args(["pip", "install", "--quiet", "--no-config", "--target"]).arg(&packages);
            run(command.arg("awscli==1.46.2"));
        }
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("aws");
        std::fs::write(&file, "#!/bin/sh\nexec python3 -m awscli \"$@\"\n").unwrap();
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        AwsCli { packages, folder }
    })
}

impl AwsCli {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.folder.display())).env("PYTHONPATH", &self.packages);
        for (name, value) in [("AWS_ACCESS_KEY_ID", "nobody"), ("AWS_SECRET_ACCESS_KEY", "nothing"), ("AWS_PAGER", "")]
        {
            command.env(name, value);
        }
        command
    }

    /// Pastes a script into sh, where the sources are.
    pub fn shell(&self, script: &str) -> std::process::Output {
        self.command("sh").args(["-e", "-c", script]).current_dir(root()).output().unwrap()
    }

    /// Has the CLI parse and validate every command of a script; nothing is sent.
    pub fn check(&self, script: &str) -> Value {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("script.sh");
        std::fs::write(&file, script).unwrap();
        let mut command = self.command("python3");
        command.arg(root().join("tests/clients/cli.py")).arg("check").stdin(std::fs::File::open(&file).unwrap());
        serde_json::from_str(&run(&mut command)).unwrap()
    }

    /// The request paths of the services whose API is REST.
    pub fn paths(&self) -> Value {
        let mut command = self.command("python3");
        serde_json::from_str(&run(command.arg(root().join("tests/clients/cli.py")).arg("paths"))).unwrap()
    }
}

impl Platform {
    /// Runs `tests/clients/aws.py` and returns what it prints.
    pub fn python(&self, verb: &str, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = std::iter::once(verb).chain(arguments.iter().copied()).collect();
        self.python_script("tests/clients/aws.py", &arguments)
    }

    /// Runs a Python script with the platform's connection file and returns the JSON that it prints.
    pub fn python_script(&self, script: &str, arguments: &[&str]) -> Value {
        let mut command = Command::new("python3");
        command.arg(root().join(script)).arg(self.state_dir().join("connection.json")).args(arguments);
        command.env("PYTHONPATH", python_packages());
        serde_json::from_str(&run(&mut command)).unwrap()
    }
}

/// A folder of Node packages, fetched once.
pub fn node_packages(packages: &[&str]) -> PathBuf {
    let name: String =
        packages.join("-").chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let folder = kept().join("node").join(name);
    if !folder.join("node_modules").exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new("npm");
        command.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).args(packages);
        // Node trusts what it was built with; a company's own authority stands in the computer's store.
        let store = Path::new("/etc/ssl/certs/ca-certificates.crt");
        if std::env::var_os("NODE_EXTRA_CA_CERTS").is_none() && store.is_file() {
            command.env("NODE_EXTRA_CA_CERTS", store);
        }
        run(&mut command);
    }
    folder
}

/// Starts `tests/clients/socket.mjs`; its lines come on standard output.
pub fn node_socket(url: &str, milliseconds: u32) -> Command {
    static FETCHED: OnceLock<PathBuf> = OnceLock::new();
    let folder = FETCHED.get_or_init(|| node_packages(NODE_PACKAGES));
    let script = folder.join("socket.mjs");
    std::fs::copy(root().join("tests/clients/socket.mjs"), &script).unwrap();
    let mut command = Command::new("node");
    command.arg(script).arg(url).arg(milliseconds.to_string());
    command
}
