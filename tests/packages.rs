//! Function zips of unusual size.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use rand::Rng as _;
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::support::platform::{faulty, shared};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_zip_over_50_mb_goes_through_the_bucket, an_executable_over_250_mb_is_refused_before_any_call]
}

const FUNCTION: &str = "websocket-connect";

/// The function's own executable with this behind it, as a zip in a folder of its own. Linux loads what the headers name
/// and no more.
fn padded(folder: &Path, padding: &[u8]) -> PathBuf {
    let built = shared().run(&["lambdas", "build", "-o", "json"]).run().expect(0).json();
    let functions = built["data"]["functions"].as_array().unwrap().clone();
    let function = functions.iter().find(|function| function["function"] == FUNCTION).unwrap();
    let zip = std::fs::File::open(function["zip"].as_str().unwrap()).unwrap();
    let mut executable = Vec::new();
    std::io::copy(&mut zip::ZipArchive::new(zip).unwrap().by_name("bootstrap").unwrap(), &mut executable).unwrap();
    let folder = folder.join(uuid::Uuid::new_v4().to_string());
    std::fs::create_dir(&folder).unwrap();
    let mut writer = zip::ZipWriter::new(std::fs::File::create(folder.join(format!("{FUNCTION}.zip"))).unwrap());
    // Stored, not deflated: it is about size, and random bytes do not get smaller.
    let options = SimpleFileOptions::default().unix_permissions(0o755);
    writer.start_file("bootstrap", options.compression_method(zip::CompressionMethod::Stored)).unwrap();
    writer.write_all(&executable).unwrap();
    writer.write_all(padding).unwrap();
    writer.finish().unwrap();
    folder
}

fn calls(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn deploy(folder: &Path) -> [&str; 8] {
    ["lambdas", "deploy", "--only", FUNCTION, "--artifact", folder.to_str().unwrap(), "-o", "json"]
}

fn a_zip_over_50_mb_goes_through_the_bucket() {
    let platform = faulty();
    let mut padding = vec![0; 51 << 20];
    rand::rng().fill_bytes(&mut padding);
    let folder = padded(platform.folder(), &padding);
    let file = platform.folder().join("calls-of-a-large-zip");
    let run = platform.run(&deploy(&folder)).env("ONBOARDCTL_RECORD_CALLS", file.as_os_str());
    let document = run.run().expect(0).json();
    let function = &document["data"]["functions"][0];
    assert!(function["bytes"].as_u64() > Some(50 << 20), "{function:#}");
    assert_eq!(function["action"], "updated", "{function:#}");
    let calls = calls(&file);
    let put = calls.iter().filter(|call| call["service"] == "S3" && call["operation"] == "PutObject");
    assert_eq!(put.count(), 1, "{calls:#?}");
    let objects = platform.python("objects", &["onboard-ai-artifacts-local-123456789012"]);
    assert!(objects.to_string().contains(&format!("functions/{FUNCTION}/")), "{objects}");
    // What came through the bucket runs.
    let answer = platform.python("invoke", &["onboard-ai-websocket-connect-local", "{}"]);
    assert_eq!(answer["executed"], function["to_version"], "{answer:#}");
    // The same once more: nothing to do, nothing sent.
    let again = platform.run(&deploy(&folder)).run().expect(0).json();
    assert_eq!(again["data"]["functions"][0]["action"], "unchanged", "{again:#}");
    platform.run(&["lambdas", "deploy", "--only", FUNCTION]).run().expect(0);
}

fn an_executable_over_250_mb_is_refused_before_any_call() {
    let platform = shared();
    let folder = padded(platform.folder(), &vec![0; 250 << 20]);
    let file = platform.folder().join("calls-of-a-huge-executable");
    let run = platform.run(&deploy(&folder)).env("ONBOARDCTL_RECORD_CALLS", file.as_os_str());
    let ended = run.run().expect(3);
    let document = ended.json();
    assert_eq!(document["error"]["code"], "E-LAMBDA-003", "{document:#}");
    let why = document["error"].to_string();
    assert!(why.contains(FUNCTION) && why.contains("262144000"), "{why}");
    assert_eq!(calls(&file), Vec::<Value>::new());
}
