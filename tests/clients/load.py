"""What a load left behind, read with boto3 and confluent-kafka: every table, every record, every message and mail.

usage: load.py CONNECTION_JSON VERB [ARGUMENT...]     (prints one JSON document)
"""

import json
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from boto3.dynamodb.types import TypeDeserializer

from aws import client, login

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


def listen(connection, name):
    """A queue that gets everything that both SNS topics say from now on; prints its address."""
    sqs, sns = client(connection, "sqs"), client(connection, "sns")
    arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]}
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    for topic in SNS_TOPICS:
        sns.subscribe(TopicArn=f"arn:aws:sns:us-east-1:123456789012:{topic}", Protocol="sqs", Endpoint=arn,
                      Attributes={"RawMessageDelivery": "true"})
    return url


def messages(connection, url):
    sqs, found = client(connection, "sqs"), []
    while True:
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
        if not batch:
            return found
        found += [json.loads(message["Body"]) for message in batch]
        sqs.delete_message_batch(QueueUrl=url, Entries=[
            {"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]} for at, message in enumerate(batch)])


def rows(connection, table):
    plain = TypeDeserializer().deserialize
    pages = client(connection, "dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [{name: plain(value) for name, value in item.items()} for page in pages for item in page["Items"]]


def records(connection, topic):
    """Every record of the topic in the order of its partitions' offsets."""
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({**login(connection, "operator"), "group.id": "test-reader", "enable.auto.commit": False,
                         "enable.partition.eof": False})
    found = []
    for partition in consumer.list_topics(topic, 10).topics[topic].partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), 10)
        if high == low:
            continue
        consumer.assign([TopicPartition(topic, partition, low)])
        deadline = time.time() + 60
        while time.time() < deadline:
            batch = consumer.consume(500, 1)
            for message in batch:
                if message.error():
                    continue
                try:
                    value = json.loads(message.value())
                except ValueError:
                    value = None
                found.append({"partition": partition, "offset": message.offset(),
                              "key": (message.key() or b"").decode(), "value": value})
            if batch and batch[-1].offset() >= high - 1:
                break
    consumer.close()
    return found


def mails(connection):
    """What SES took. There is no call for that in AWS; this is the emulator's own page."""
    with urllib.request.urlopen(connection["endpoint"] + "/_ministack/ses/messages") as answer:
        by_account = json.load(answer)["messages"]
        return [mail for mails in by_account.values() for mail in mails]


def facts(connection, queue):
    with ThreadPoolExecutor(4) as pool:
        tables = {name: pool.submit(rows, connection, table) for name, table in TABLES.items()}
        topics = {topic: pool.submit(records, connection, topic) for topic in KAFKA_TOPICS}
        found = {name: table.result() for name, table in tables.items()}
        found["records"] = {topic: read.result() for topic, read in topics.items()}
    found["messages"] = messages(connection, queue)
    found["mails"] = mails(connection)
    return found


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
