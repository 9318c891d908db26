//! The schemas that both documents refer to.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// Collects schemas under `#/components/schemas`.
pub struct Schemas(SchemaGenerator);

impl Schemas {
    /// None yet. `OpenAPI` 3.1 and `AsyncAPI` 3 both take JSON Schema 2020-12.
    pub fn new() -> Self {
        let settings =
            SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
        Self(settings.into_generator())
    }

    /// A reference to the schema of a type.
    pub fn of<Type: JsonSchema>(&mut self) -> Value {
        Schema::into(self.0.subschema_for::<Type>())
    }

    /// All schemas by name.
    pub fn collected(mut self) -> Value {
        Value::Object(self.0.take_definitions(true))
    }
}
