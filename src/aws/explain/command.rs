//! One call as a command of the `aws` CLI, and what has to be waited for behind it.

use serde_json::Value;

use super::request::Request;
use super::shell::{self, word};
use crate::catalogue::Environment;

/// Arguments that the CLI names otherwise than its rule would (awscli, `customizations/argrename.py`).
const RENAMED: &[(&str, &str, &str)] = &[("Subscribe", "Endpoint", "notification-endpoint")];

/// Whom the commands reach.
pub fn target(environment: &Environment) -> String {
    let mut words = String::new();
    let mut flag = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.extend([" --", name, " ", &word(value)]);
        }
    };
    flag("endpoint-url", environment.entry.endpoint.as_deref());
    flag("region", Some(&environment.entry.region));
    flag("profile", environment.aws_profile.as_deref());
    words
}

/// The command.
pub fn command(request: &Request, target: &str) -> String {
    let mut text = format!("aws {} {}{target}", service(&request.service), kebab(&request.operation));
    for (name, value) in &request.members {
        let renamed = RENAMED.iter().find(|(of, member, _)| *of == request.operation && member == name);
        let flag = renamed.map_or_else(|| kebab(name), |(_, _, flag)| (*flag).to_owned());
        let argument = match value {
            Value::Bool(true) => format!(" --{flag}"),
            Value::Bool(false) => format!(" --no-{flag}"),
            Value::String(value) if value.starts_with('-') => format!(" --{flag}={}", word(value)),
            Value::String(value) => format!(" --{flag} {}", word(value)),
            other => format!(" --{flag} {}", word(&other.to_string())),
        };
        text.push_str(&argument);
    }
    for (name, path) in &request.files {
        let value = match name.as_str() {
            // S3 streams a file by its name.
            "Body" => path.clone(),
            "ZipFile" => format!("fileb://{path}"),
            _ => format!("file://{path}"),
        };
        text.extend([" --", &kebab(name), " ", &word(&value)]);
    }
    text
}

/// What a command behind this one has to wait for, as the CLI's waiter.
pub fn wait(request: &Request, target: &str) -> Option<String> {
    let member = |name: &str| request.members.get(name).and_then(Value::as_str);
    let function = || Some(format!("--function-name {}", word(member("FunctionName")?)));
    let stack = || Some(format!("--stack-name {}", word(member("StackName")?)));
    let (service, waiter, arguments) = match request.operation.as_str() {
        "CreateChangeSet" => {
            let set = format!("{} --change-set-name {}", stack()?, word(member("ChangeSetName")?));
            ("cloudformation", "change-set-create-complete", set)
        }
        // Whether it makes or updates the stack, the script knows: see `script`.
        "DeleteStack" => ("cloudformation", "stack-delete-complete", stack()?),
        "CreateFunction" => ("lambda", "function-active-v2", function()?),
        "UpdateFunctionCode" | "UpdateFunctionConfiguration" => ("lambda", "function-updated-v2", function()?),
        _ => return None,
    };
    Some(format!("aws {service} wait {waiter}{target} {arguments}"))
}

/// The variables that a command needs and nobody sets.
pub fn needs(request: &Request) -> Vec<String> {
    let text = Value::Object(request.members.clone()).to_string();
    shell::variables(&text).map(str::to_owned).collect()
}

/// The CLI's name of a service.
fn service(name: &str) -> String {
    match name {
        "S3" => "s3api".into(),
        "CloudWatch Logs" => "logs".into(),
        other => other.to_lowercase().replace(' ', ""),
    }
}

/// The CLI's name of an operation or a member: `DescribeClusterV2` is `describe-cluster-v2`, `SourceArn` is
/// `source-arn`, `ListObjectsV2` is `list-objects-v2`, `UUID` is `uuid` (botocore, `xform_name`).
pub fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase));
        if begins {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_those_of_the_cli() {
        for (name, expected) in [
            ("DescribeClusterV2", "describe-cluster-v2"),
            ("ListObjectsV2", "list-objects-v2"),
            ("SourceKMSKeyArn", "source-kms-key-arn"),
            ("UUID", "uuid"),
            ("CodeSha256", "code-sha256"),
            ("MaximumBatchingWindowInSeconds", "maximum-batching-window-in-seconds"),
        ] {
            assert_eq!(kebab(name), expected);
        }
        assert_eq!(
            [service("S3"), service("Secrets Manager"), service("Lambda")],
            ["s3api", "secretsmanager", "lambda"]
        );
    }

    #[test]
    fn a_command_has_a_flag_for_each_member() {
        let Value::Object(members) = json!({
            "FunctionName": "f", "Publish": false, "MemorySize": 512, "Layers": [], "Description": "-x", "Name": "a b",
        }) else {
            panic!()
        };
        let request = Request {
            service: "Lambda".into(),
            operation: "UpdateFunctionCode".into(),
            members,
            files: vec![("ZipFile".into(), "/tmp/my zip".into())],
        };
        let expected = "aws lambda update-function-code --region r --function-name f --no-publish --memory-size 512 \
                        --layers '[]' --description=-x --name 'a b' --zip-file 'fileb:///tmp/my zip'";
        assert_eq!(command(&request, " --region r"), expected);
        let waiting = "aws lambda wait function-updated-v2 --region r --function-name f";
        assert_eq!(wait(&request, " --region r").as_deref(), Some(waiting));
    }
}
