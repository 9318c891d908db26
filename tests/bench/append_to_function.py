"""How long a record waits between being appended and its function being invoked, with a batching window of 0.

usage: append_to_function.py CONNECTION_JSON COUNT     (prints one JSON document, milliseconds)

A probe function (a Python `bootstrap`) writes the time of each invocation into a file; records carry no load. The role
and the secret are those of the platform's own consumer. Everything that was made is removed again.
"""

import base64
import io
import json
import os
import sys
import tempfile
import time
import uuid
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))
from aws import client, login  # noqa: E402

BOOTSTRAP = """#!/usr/bin/env python3
import json, os, time, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(api + "next") as answer:
        now, request, event = time.time_ns(), answer.headers["Lambda-Runtime-Aws-Request-Id"], answer.read()
    with open(os.environ["PROBE_FILE"], "a") as file:
        file.write(json.dumps({"at": now, "event": json.loads(event)}) + "\\n")
    urllib.request.urlopen(urllib.request.Request(api + request + "/response", data=b"{}")).read()
"""


def percentile(values, part):
    return round(sorted(values)[min(len(values) - 1, int(len(values) * part))], 1)


def main():
    from confluent_kafka import Producer

    with open(sys.argv[1], encoding="utf-8") as file:
        connection = json.load(file)
    count = int(sys.argv[2])
    name = f"bench-{uuid.uuid4().hex[:8]}"
    functions, kafka = client(connection, "lambda"), client(connection, "kafka")
    roles = client(connection, "iam").list_roles()["Roles"]
    role = next(role["Arn"] for role in roles if "-ConsumerUserInfoSubmittedRole-" in role["RoleName"])
    secret = client(connection, "secretsmanager").describe_secret(SecretId="AmazonMSK_onboard-ai-local-consumer")["ARN"]
    seen = os.path.join(tempfile.mkdtemp(), "seen")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        file.writestr(entry, BOOTSTRAP)
    mapping = None
    try:
        kafka.create_topic(ClusterArn=connection["cluster_arn"], TopicName=name, PartitionCount=3, ReplicationFactor=1)
        functions.create_function(
            FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role, Timeout=30,
            Code={"ZipFile": archive.getvalue()}, Environment={"Variables": {"PROBE_FILE": seen}},
        )
        mapping = functions.create_event_source_mapping(
            FunctionName=name, EventSourceArn=connection["cluster_arn"], Topics=[name], StartingPosition="TRIM_HORIZON",
            SourceAccessConfigurations=[{"Type": "SASL_SCRAM_512_AUTH", "URI": secret}], MaximumBatchingWindowInSeconds=0,
            AmazonManagedKafkaEventSourceConfig={"ConsumerGroupId": name},
        )["UUID"]
        while functions.get_event_source_mapping(UUID=mapping)["State"] != "Enabled":
            time.sleep(0.1)
        producer, appended = Producer({**login(connection, "producer"), "linger.ms": 0}), {}
        for index in range(-20, count):
            # The first twenty warm the function and the connections.
            def delivered(_error, _message, index=index):
                appended[index] = time.time_ns()
            producer.produce(name, json.dumps({"index": index}).encode(), key=str(index % 20).encode(), callback=delivered)
            producer.flush()
            time.sleep(0.03)
        deadline = time.time() + 30
        invoked = {}
        while len(invoked) < count + 20 and time.time() < deadline:
            time.sleep(0.2)
            with open(seen, encoding="utf-8") as file:
                lines = [json.loads(line) for line in file]
            for line in lines:
                for records in line["event"]["records"].values():
                    for record in records:
                        invoked[json.loads(base64.b64decode(record["value"]))["index"]] = line["at"]
        waits = [(invoked[index] - appended[index]) / 1e6 for index in range(count) if index in invoked]
        print(json.dumps({
            "records": count, "invoked": len(waits), "p50_ms": percentile(waits, 0.5), "p95_ms": percentile(waits, 0.95),
            "p99_ms": percentile(waits, 0.99), "max_ms": round(max(waits), 1),
        }))
    finally:
        if mapping:
            functions.delete_event_source_mapping(UUID=mapping)
        functions.delete_function(FunctionName=name)
        kafka.delete_topic(ClusterArn=connection["cluster_arn"], TopicName=name)


if __name__ == "__main__":
    main()
