//! `--explain-aws`: what is asked of the brokers, as commands of Kafka's own tools (its `bin/`).

use super::Position;
use crate::aws::shell_word as word;
use crate::context::Context;

/// Kafka's tools take their login from a file. It is made of the secret that the command before it reads, so that no
/// password stands in a command.
const LOGIN: &str = r#"import json, sys; login = json.load(sys.stdin); print("org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%(username)s\" password=\"%(password)s\";" % login)"#;

/// Shows that the committed offsets of a group were read.
pub fn group(context: &Context, bootstrap: &str, group: &str) {
    let arguments = format!("--command-config client.properties --describe --group {}", word(group));
    explain(context, "kafka-consumer-groups.sh", bootstrap, &arguments);
}

/// Shows that the record at a place was read.
pub fn record(context: &Context, bootstrap: &str, position: &Position) {
    let Position { topic, partition, offset } = position;
    let place = format!("--topic {} --partition {partition} --offset {offset} --max-messages 1", word(topic));
    explain(context, "kafka-console-consumer.sh", bootstrap, &format!("--consumer.config client.properties {place}"));
}

fn explain(context: &Context, tool: &str, bootstrap: &str, arguments: &str) {
    let authority = context.settings.environment.certificate_authority().unwrap_or("probe");
    context.aws.explain_kafka(|| properties(authority));
    context.aws.explain_kafka(|| format!("{tool} --bootstrap-server {} {arguments}", word(bootstrap)));
}

fn properties(certificate_authority: &str) -> String {
    let mut lines = vec!["security.protocol=SASL_SSL".to_owned(), "sasl.mechanism=SCRAM-SHA-512".to_owned()];
    if certificate_authority != "probe" {
        lines.push("ssl.truststore.type=PEM".to_owned());
        lines.push(format!("ssl.truststore.location={certificate_authority}"));
    }
    let lines: Vec<String> = lines.iter().map(|line| word(line)).collect();
    let login = format!("\"sasl.jaas.config=$(printf %s \"$SECRET_VALUE\" | python3 -c {})\"", word(LOGIN));
    format!("(umask 077; printf '%s\\n' {} {login} > client.properties)", lines.join(" "))
}
