"""What a load left behind, read with boto3 and confluent-kafka: every table, every record, every message and mail.

usage: load.py CONNECTION_JSON VERB [ARGUMENT...]     (prints one JSON document)
"""

import base64
import glob
import json
import os
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from urllib.parse import quote

from boto3.dynamodb.types import TypeDeserializer

from aws import client, log_events, login

TABLES = {
    "users": "users-local",
    "applications": "applications-local",
    "kycResults": "kyc-results-local",
    "recommendations": "policy-recommendations-local",
    "audit": "audit-logs-local",
    "errors": "workflow-errors-local",
    "outbox": "outbox-local",
    "markers": "processed-events-local",
}
SNS_TOPICS = ["onboard-ai-alerts-local", "onboard-ai-compliance-local"]
KAFKA_TOPICS = [
    "user-info-submitted", "documents-processed", "kyc-verified", "policy-recommended", "workflow-completed",
    "workflow-errors",
]


def listen(connection, name, topic=""):
    """A queue that gets everything that both SNS topics, or one of them, say from now on; prints its address."""
    sqs, sns = client(connection, "sqs"), client(connection, "sns")
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]}
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    for name in [name for name in SNS_TOPICS if topic in name]:
        sns.subscribe(TopicArn=f"arn:aws:sns:us-east-1:123456789012:{name}", Protocol="sqs", Endpoint=arn,
                      Attributes={"RawMessageDelivery": "true"})
    return url


def messages(connection, url):
    return [json.loads(body) for body in bodies(connection, url)]


def bodies(connection, url):
    """What the queue holds, as it was said."""
    sqs, found = client(connection, "sqs"), []
    while True:
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
        if not batch:
            return found
        found += [message["Body"] for message in batch]
        sqs.delete_message_batch(QueueUrl=url, Entries=[
            {"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]} for at, message in enumerate(batch)])


def rows(connection, table):
    read = TypeDeserializer().deserialize
    pages = client(connection, "dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [{name: read(value) for name, value in item.items()} for page in pages for item in page["Items"]]


def consumed(connection, topic):
    """Every message of the topic in the order of its partitions' offsets."""
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({**login(connection, "operator"), "group.id": "test-reader", "enable.auto.commit": False,
                         "enable.partition.eof": False})
    found = []
    for partition in consumer.list_topics(topic, 10).topics[topic].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), 10)
        if high == low:
            continue
        consumer.assign([TopicPartition(topic, partition, low)])
        deadline, read = time.time() + 60, low
        while read < high:
            if time.time() > deadline:
                raise TimeoutError(f"{topic}/{partition} was read up to {read} of {high} within a minute")
            batch = [message for message in consumer.consume(500, 1) if not message.error()]
            found += batch
            read = batch[-1].offset() + 1 if batch else read
    consumer.close()
    return found


def text(content):
    return (content or b"").decode(errors="replace")


def raw(connection, topic):
    """Every record of the topic as one text: key, headers, value."""
    return [f"{text(message.key())} {[(name, text(held)) for name, held in message.headers() or []]} {text(message.value())}"
            for message in consumed(connection, topic)]


def records(connection, topic):
    """Every record of the topic."""
    found = []
    for message in consumed(connection, topic):
        try:
            value = json.loads(message.value())
        except ValueError:
            value = None
        headers = {name: text(content) for name, content in message.headers() or []}
        found.append({"partition": message.partition(), "offset": message.offset(), "headers": headers,
                      "key": text(message.key()), "value": value})
    return found


def mails(connection):
    """What SES took. There is no call for that in AWS; this is the emulator's own page."""
    with urllib.request.urlopen(connection["endpoint"] + "/_ministack/ses/messages") as answer:
        by_account = json.load(answer)["messages"]
        return [mail for mails in by_account.values() for mail in mails]


def handled(connection):
    """What the consumers logged of each record that they were given and could read."""
    found = []
    for line in lines(connection, "/aws/lambda/onboard-ai-consumer-"):
        try:
            said = json.loads(line["text"])
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("message") == "record" and "eventId" in said:
            found.append({"eventId": said["eventId"], "handled": said["handled"]})
    return found


def facts(connection, alerts, compliance):
    with ThreadPoolExecutor(4) as pool:
        tables = {name: pool.submit(rows, connection, table) for name, table in TABLES.items()}
        topics = {topic: pool.submit(records, connection, topic) for topic in KAFKA_TOPICS}
        found = {name: table.result() for name, table in tables.items()}
        found["records"] = {topic: read.result() for topic, read in topics.items()}
    found["messages"] = {"alerts": messages(connection, alerts), "compliance": messages(connection, compliance)}
    found["mails"] = mails(connection)
    found["handled"] = handled(connection)
    return found


def refusals(connection):
    """How often each trace's refusal is among the stored errors."""
    counts = {}
    for row in rows(connection, "workflow-errors-local"):
        counts[row["traceId"]] = counts.get(row["traceId"], 0) + 1
    return counts


def lines(connection, prefix="/aws/lambda/"):
    """What functions wrote into their log groups, as it is, with the group of each line."""
    logs = client(connection, "logs")
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    found = []
    for group in [group["logGroupName"] for page in pages for group in page["logGroups"]]:
        found += [{"group": group, "text": event["message"].rstrip("\n")} for event in log_events(logs, group)]
    return found


def failures(connection, trace):
    """Lines of panics, and of calls with such a trace id that were answered with our own fault."""
    return [line for line in lines(connection) if "panicked at" in line["text"] or (
        trace in line["text"] and ('"status":5' in line["text"] or '"level":"ERROR"' in line["text"]))]


def secrets(connection):
    """Every secret of the platform by a name for it."""
    manager, found = client(connection, "secretsmanager"), {}
    for secret in manager.list_secrets()["SecretList"]:
        text = manager.get_secret_value(SecretId=secret["ARN"])["SecretString"]
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = None
        text = parsed["password"] if isinstance(parsed, dict) and "password" in parsed else text
        found[secret["Name"]] = text
    found["secret access key"] = connection["credentials"]["secret_access_key"]
    return found


def spellings(text):
    """A text as it is, in lower case, escaped for a URL, and in base64 wherever it may begin in what was encoded."""
    plain = text.encode()
    coded = [base64.b64encode(b"\0" * shift + plain)[(0, 2, 3)[shift]:].decode().rstrip("=") for shift in range(3)]
    # The last letter of each may depend on what comes after.
    return {text.lower(), quote(text, safe="").lower()}, {code[:-1] for code in coded}


def everything(connection, queue):
    """Every text that is stored, logged, published or said anywhere, with its place."""
    dynamodb = client(connection, "dynamodb")
    for page in dynamodb.get_paginator("list_tables").paginate():
        for table in page["TableNames"]:
            for row in rows(connection, table):
                yield f"table {table}", json.dumps(row, default=plain, ensure_ascii=False)
    for line in lines(connection):
        yield f"log {line['group']}", line["text"]
    for path in glob.glob(os.path.join(os.path.dirname(sys.argv[1]), "logs", "*")):
        with open(path, encoding="utf-8", errors="replace") as file:
            yield f"file {os.path.basename(path)}", file.read()
    for topic in KAFKA_TOPICS:
        for record in raw(connection, topic):
            yield f"topic {topic}", record
    for body in bodies(connection, queue):
        yield "sns", body
    for mail in mails(connection):
        yield "mail", json.dumps(mail, ensure_ascii=False)
    for page in client(connection, "lambda").get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            yield f"variables {function['FunctionName']}", json.dumps(function.get("Environment", {}))
    s3 = client(connection, "s3")
    for bucket in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            if entry["Size"] < 100_000:
                held = s3.get_object(Bucket=bucket, Key=entry["Key"])
                text = held["Body"].read().decode(errors="replace")
                yield f"bucket {bucket}", f"{entry['Key']} {json.dumps(held['Metadata'])} {text}"


def search(connection, queue, canaries):
    """Where each of the named texts is found: place, name, and the words around it."""
    wanted = {name: spellings(text) for name, text in json.loads(canaries).items()}
    found = {}
    for place, text in everything(connection, queue):
        lower = text.lower()
        for name, (insensitive, exact) in wanted.items():
            hits = [lower.find(spelling) for spelling in insensitive] + [text.find(code) for code in exact]
            at = max(hits)
            if at >= 0:
                found.setdefault((place, name), text[max(0, at - 80):at + 120])
    return [{"place": place, "name": name, "around": around} for (place, name), around in found.items()]


def waiting(connection):
    """How much is still on its way: rows of the outbox, and markers that are not done."""
    pending = [row for row in rows(connection, "processed-events-local") if row["state"] != "DONE"]
    return {"outbox": len(rows(connection, "outbox-local")), "pending": len(pending),
            "audit": len(rows(connection, "audit-logs-local"))}


def plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set):
        return sorted(value)
    raise TypeError(type(value))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        connection = json.load(file)
    print(json.dumps(globals()[sys.argv[2]](connection, *sys.argv[3:]), default=plain))


if __name__ == "__main__":
    main()
