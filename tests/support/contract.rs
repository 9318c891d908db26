//! What is answered, published and pushed, held against the interface as it is written down.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::command::Run;

/// One of the two documents, with its schemas compiled as they are asked for.
pub struct Contract {
    document: Value,
    compiled: Mutex<HashMap<String, &'static Validator>>,
}

impl Contract {
    fn of(kind: &str) -> Self {
        Self { document: Run::new(&["schema", kind]).run().expect(0).json(), compiled: Mutex::default() }
    }

    /// The `OpenAPI` document.
    pub fn rest() -> &'static Self {
        static DOCUMENT: OnceLock<Contract> = OnceLock::new();
        DOCUMENT.get_or_init(|| Self::of("openapi"))
    }

    /// The `AsyncAPI` document.
    pub fn events() -> &'static Self {
        static DOCUMENT: OnceLock<Contract> = OnceLock::new();
        DOCUMENT.get_or_init(|| Self::of("asyncapi"))
    }

    /// Whether a route may answer this.
    pub fn answer(&self, method: &str, path: &str, status: u16, body: &Value) -> Result<(), String> {
        let path = path.replace('/', "~1");
        self.holds(&format!("/paths/{path}/{method}/responses/{status}/content/application~1json/schema"), body)
    }

    /// Whether a route may be sent this.
    pub fn request(&self, method: &str, path: &str, body: &Value) -> Result<(), String> {
        let path = path.replace('/', "~1");
        self.holds(&format!("/paths/{path}/{method}/requestBody/content/application~1json/schema"), body)
    }

    /// Whether a topic may carry this record.
    pub fn record(&self, topic: &str, value: &Value, headers: &Value) -> Result<(), String> {
        let messages = format!("/channels/{topic}/messages");
        let known = self.document.pointer(&messages).and_then(Value::as_object);
        let known = known.ok_or_else(|| format!("there is no channel {topic}"))?;
        self.any(known.values(), |message| {
            self.holds(&format!("{message}/payload"), value)
                .and_then(|()| self.holds(&format!("{message}/headers"), headers))
        })
    }

    /// Whether the server may send this over a socket.
    pub fn socket(&self, message: &Value) -> Result<(), String> {
        let sent = self.document["operations"]["push-to-browser"]["messages"].as_array();
        let sent = sent.ok_or("nothing is sent over sockets")?;
        self.any(sent.iter(), |known| self.holds(&format!("{known}/payload"), message))
    }

    /// Holds if one of the messages does; else what keeps each from it.
    fn any<'a>(
        &self,
        messages: impl Iterator<Item = &'a Value>,
        holds: impl Fn(&str) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut reasons = Vec::new();
        for message in messages {
            let mut pointer = pointer_of(message)?;
            // A channel's message is itself a reference to a component.
            while let Some(next) = self.document.pointer(&pointer).filter(|message| message["$ref"].is_string()) {
                pointer = pointer_of(next)?;
            }
            match holds(&pointer) {
                Ok(()) => return Ok(()),
                Err(reason) => reasons.push(reason),
            }
        }
        Err(reasons.join("; "))
    }

    fn holds(&self, pointer: &str, value: &Value) -> Result<(), String> {
        let problems: Vec<String> = self
            .compiled(pointer)?
            .iter_errors(value)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(format!("{pointer}: {}", problems.join(", "))) }
    }

    fn compiled(&self, pointer: &str) -> Result<&'static Validator, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(pointer) {
            return Ok(validator);
        }
        if self.document.pointer(pointer).is_none() {
            return Err(format!("the interface has no {pointer}"));
        }
        // The document is the resource that references lead into, and the schema is one of them. A fragment is a part of
        // a URI, which takes no braces.
        let fragment = pointer.replace('{', "%7B").replace('}', "%7D");
        let mut schema = self.document.clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["$ref"] = json!(format!("#{fragment}"));
        let validator = jsonschema::options().should_validate_formats(true).build(&schema);
        let validator: &'static Validator = Box::leak(Box::new(validator.map_err(|error| error.to_string())?));
        compiled.insert(pointer.to_owned(), validator);
        Ok(validator)
    }
}

fn pointer_of(message: &Value) -> Result<String, String> {
    let reference = message["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map(str::to_owned).ok_or_else(|| format!("no reference: {message}"))
}
