//! What a request does not say about itself: which file a payload comes from, and which of its values are no secrets.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use serde_json::{Map, Value};

use super::request::Request;
use super::shell::variable;

/// Members whose value is a secret wherever they stand (API models of Secrets Manager, SNS and Lambda).
const SECRET_MEMBERS: &[&str] = &["SecretString", "SecretBinary", "Password", "Token", "AuthenticateOnUnsubscribe"];

/// Hints of one call for `--explain-aws`.
/// `client.update_function_code()….customize().interceptor(Hints::new().file("ZipFile", path)).send()`.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    files: Vec<(&'static str, String)>,
    known_variables: BTreeSet<String>,
    secret_parameters: BTreeSet<String>,
}

impl Storable for Hints {
    type Storer = StoreReplace<Self>;
}

impl Hints {
    /// No hint: every variable of a function counts as a secret, no parameter does.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of this member stands in this file.
    #[must_use]
    pub fn file(mut self, member: &'static str, path: impl Into<String>) -> Self {
        self.files.push((member, path.into()));
        self
    }

    /// Variables of a function that come from the catalogue, which holds no secrets. Others may be anything.
    #[must_use]
    pub fn known_variables<'a>(mut self, keys: impl IntoIterator<Item = &'a String>) -> Self {
        self.known_variables.extend(keys.into_iter().cloned());
        self
    }

    /// Parameters of a template with `NoEcho`.
    #[must_use]
    pub fn secret_parameters<'a>(mut self, keys: impl IntoIterator<Item = &'a String>) -> Self {
        self.secret_parameters.extend(keys.into_iter().cloned());
        self
    }

    /// The request with files for payloads and names for secrets.
    pub(super) fn apply(&self, mut request: Request) -> Request {
        for (member, path) in &self.files {
            // `create-function` takes the zip beside its structure, as `update-function-code` does.
            let zipped = request.members.get("Code").is_some_and(|code| code.get(member).is_some());
            let holder = if zipped { "Code" } else { *member };
            // The body of S3 is no member on the wire.
            if request.members.shift_remove(holder).is_some() || *member == "Body" {
                request.files.push(((*member).to_owned(), path.clone()));
            }
        }
        self.hide(&mut request.members);
        request
    }

    fn hide(&self, members: &mut Map<String, Value>) {
        for (name, value) in members.iter_mut() {
            match value {
                Value::String(text) if SECRET_MEMBERS.contains(&name.as_str()) => *text = variable(name),
                Value::Object(object) if name == "Environment" => self.hide_variables(object),
                Value::Object(object) => self.hide(object),
                Value::Array(items) => {
                    for item in items.iter_mut().filter_map(Value::as_object_mut) {
                        self.hide_parameter(item);
                        self.hide(item);
                    }
                }
                _ => {}
            }
        }
    }

    fn hide_variables(&self, environment: &mut Map<String, Value>) {
        let Some(variables) = environment.get_mut("Variables").and_then(Value::as_object_mut) else { return };
        // The SDK writes the map in any order.
        variables.sort_keys();
        for (key, value) in variables.iter_mut().filter(|(key, _)| !self.known_variables.contains(*key)) {
            *value = Value::String(variable(key));
        }
    }

    fn hide_parameter(&self, item: &mut Map<String, Value>) {
        let key = item.get("ParameterKey").and_then(Value::as_str).map(str::to_owned);
        if let Some(key) = key.filter(|key| self.secret_parameters.contains(key))
            && let Some(value) = item.get_mut("ParameterValue")
        {
            *value = Value::String(variable(&key));
        }
    }
}

#[dyn_dispatch_hint]
impl Intercept for Hints {
    fn name(&self) -> &'static str {
        "Hints"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(self.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(hints: &Hints, members: Value) -> Request {
        let Value::Object(members) = members else { panic!("an object") };
        hints.apply(Request {
            service: "Lambda".into(),
            operation: "CreateFunction".into(),
            members,
            files: Vec::new(),
        })
    }

    #[test]
    fn what_is_not_known_to_be_harmless_is_hidden() {
        let hints = Hints::new()
            .known_variables([&"REGION".to_owned()])
            .secret_parameters([&"OriginSecret".to_owned()])
            .file("ZipFile", "/a.zip");
        let request = applied(
            &hints,
            json!({
                "FunctionName": "f",
                "Code": {"ZipFile": "canary"},
                "Environment": {"Variables": {"REGION": "us-east-1", "API_KEY": "canary"}},
                "Parameters": [{"ParameterKey": "OriginSecret", "ParameterValue": "canary"}],
                "SecretString": "canary",
            }),
        );
        let shown = format!("{request:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(request.files, [("ZipFile".to_owned(), "/a.zip".to_owned())]);
        assert!(shown.contains("us-east-1") && !request.members.contains_key("Code"), "{shown}");
    }
}
