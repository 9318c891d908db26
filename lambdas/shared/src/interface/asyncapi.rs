//! Topics and socket messages as an `AsyncAPI` 3 document.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::events::{
    DocumentsProcessed, Envelope, EventType, KycVerified, PolicyRecommended, UserInfoSubmitted, VERSION,
    WorkflowCompleted, WorkflowError, header_names,
};

/// What the server answers a ping with.
#[derive(Serialize, JsonSchema)]
struct Pong {
    /// `pong`.
    #[schemars(extend("const" = "pong"))]
    r#type: String,
    /// When, RFC 3339.
    #[schemars(extend("format" = "date-time"))]
    at: String,
}

/// What the server answers a message with that it does not know.
#[derive(Serialize, JsonSchema)]
struct Refused {
    /// `error`.
    #[schemars(extend("const" = "error"))]
    r#type: String,
    /// Why.
    error: RefusedError,
}

#[derive(Serialize, JsonSchema)]
struct RefusedError {
    /// `UNKNOWN_ACTION`.
    #[schemars(extend("const" = "UNKNOWN_ACTION"))]
    code: String,
    /// The same for a person.
    message: String,
}

/// What a browser sends on opening and from time to time.
#[derive(Serialize, JsonSchema)]
struct Ping {
    /// `ping`.
    #[schemars(extend("const" = "ping"))]
    action: String,
}

/// The document.
pub fn asyncapi() -> Value {
    let mut schemas = Schemas::new();
    let envelope = schemas.of::<Envelope>();
    let (mut channels, mut operations, mut messages) = (Map::new(), Map::new(), Map::new());
    for event_type in EventType::ALL {
        let (topic, name) = (event_type.topic(), event_type.as_str());
        messages.insert(name.into(), record(event_type, &envelope, &data(event_type, &mut schemas)));
        let message = json!({ "$ref": format!("#/components/messages/{name}") });
        channels.insert(
            topic.into(),
            json!({ "address": topic, "servers": [{ "$ref": "#/servers/kafka" }], "messages": { name: message } }),
        );
        let channel = json!({ "$ref": format!("#/channels/{topic}") });
        operations.insert(format!("publish-{topic}"), json!({ "action": "send", "channel": channel.clone() }));
        operations.insert(format!("consume-{topic}"), json!({ "action": "receive", "channel": channel }));
    }
    messages.insert("push".into(), push());
    messages.insert("pong".into(), json!({ "payload": schemas.of::<Pong>() }));
    messages.insert("refused".into(), json!({ "payload": schemas.of::<Refused>() }));
    messages.insert("ping".into(), json!({ "payload": schemas.of::<Ping>() }));
    let socket: Map<String, Value> = ["push", "pong", "refused", "ping"]
        .map(|name| (name.to_owned(), json!({ "$ref": format!("#/components/messages/{name}") })))
        .into_iter()
        .collect();
    let mut channel = json!({ "address": "/ws", "servers": [{ "$ref": "#/servers/site" }], "messages": socket });
    channel["bindings"] = json!({ "ws": handshake() });
    channels.insert("socket".into(), channel);
    let of_socket = |action: &str, names: &[&str]| {
        let messages: Vec<Value> =
            names.iter().map(|name| json!({ "$ref": format!("#/channels/socket/messages/{name}") })).collect();
        json!({ "action": action, "channel": { "$ref": "#/channels/socket" }, "messages": messages })
    };
    operations.insert("push-to-browser".into(), of_socket("send", &["push", "pong", "refused"]));
    operations.insert("hear-browser".into(), of_socket("receive", &["ping"]));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "OnboardAI events",
            "version": "1.0.0",
            "description": "Records are keyed by customer. A record may appear twice, always with the same eventId.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": { "host": "{bootstrap}", "protocol": "kafka-secure", "variables": { "bootstrap": {} } },
            "site": { "host": "{site}", "protocol": "wss", "variables": { "site": {} } },
        },
        "channels": channels,
        "operations": operations,
        "components": { "schemas": schemas.collected(), "messages": messages },
    })
}

fn data(event_type: EventType, schemas: &mut Schemas) -> Value {
    match event_type {
        EventType::UserInfoSubmitted => schemas.of::<UserInfoSubmitted>(),
        EventType::DocumentsProcessed => schemas.of::<DocumentsProcessed>(),
        EventType::KycVerified => schemas.of::<KycVerified>(),
        EventType::PolicyRecommended => schemas.of::<PolicyRecommended>(),
        EventType::WorkflowCompleted => schemas.of::<WorkflowCompleted>(),
        EventType::WorkflowError => schemas.of::<WorkflowError>(),
    }
}

/// A record of a topic: the envelope with this event type and its data.
fn record(event_type: EventType, envelope: &Value, data: &Value) -> Value {
    let mut needed = json!({ "eventType": { "const": event_type.as_str() }, "data": data });
    let mut required = vec!["data"];
    if event_type != EventType::WorkflowError {
        required.extend(["customerId", "sequence"]);
        needed["customerId"] = json!({ "type": "string" });
        needed["sequence"] = json!({ "type": "integer" });
        if event_type != EventType::UserInfoSubmitted {
            required.push("applicationId");
            needed["applicationId"] = json!({ "type": "string" });
        }
    }
    json!({
        "headers": headers(event_type),
        "payload": {
            "allOf": [
                envelope,
                { "type": "object", "required": required, "properties": needed },
            ],
        },
        "bindings": { "kafka": { "key": { "type": "string", "description": key(event_type) }, "bindingVersion": "0.5.0" } },
    })
}

/// What a record is keyed by.
fn key(event_type: EventType) -> &'static str {
    if event_type == EventType::WorkflowError {
        "The customer's id; where no customer is known, the function and the event's id, joined by `#`. A dead letter's is \
         the origin: topic, partition and offset of the record, joined by `#`"
    } else {
        "The customer's id"
    }
}

/// The headers repeat the envelope's first fields.
fn headers(event_type: EventType) -> Value {
    let properties = [
        (header_names::EVENT_TYPE, json!({ "type": "string", "const": event_type.as_str() })),
        (header_names::SOURCE, json!({ "type": "string" })),
        (header_names::VERSION, json!({ "type": "string", "const": VERSION })),
        (header_names::EVENT_ID, json!({ "type": "string", "format": "uuid" })),
        (header_names::TRACE_ID, json!({ "type": "string" })),
    ];
    let names = properties.each_ref().map(|(name, _)| *name);
    let properties: Map<String, Value> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "required": names, "properties": properties })
}

/// How a socket is opened: by a ticket, which stands in the query because a browser can't send headers there.
fn handshake() -> Value {
    let ticket = json!({
        "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$",
        "description": "From `POST /api/ws/ticket`; it opens one socket, within a minute",
    });
    let query = json!({ "type": "object", "required": ["ticket"], "properties": { "ticket": ticket } });
    json!({ "method": "GET", "query": query, "bindingVersion": "0.1.0" })
}

/// What a browser is pushed: any event's record in a frame.
fn push() -> Value {
    let events: Vec<Value> = EventType::ALL
        .iter()
        .map(|event| json!({ "$ref": format!("#/components/messages/{}/payload", event.as_str()) }))
        .collect();
    json!({
        "payload": {
            "type": "object",
            "required": ["type", "event"],
            "properties": { "type": { "const": "event" }, "event": { "oneOf": events } },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = asyncapi();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn every_topic_is_a_channel() {
        let document = asyncapi();
        for event_type in EventType::ALL {
            assert!(document["channels"][event_type.topic()].is_object(), "{event_type}");
        }
    }
}
