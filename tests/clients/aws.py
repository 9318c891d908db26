"""Another client than ours: boto3 and confluent-kafka against the platform on this computer.

usage: aws.py CONNECTION_JSON VERB [ARGUMENT...]     (prints one JSON document)
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, HTTPClientError


def client(connection, service):
    credentials = connection["credentials"]
    return boto3.client(
        service,
        endpoint_url=connection["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=credentials["access_key_id"],
        aws_secret_access_key=credentials["secret_access_key"],
        config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
    )


def login(connection, user):
    secrets = client(connection, "secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=f"AmazonMSK_onboard-ai-local-{user}")["SecretString"])
    brokers = client(connection, "kafka").get_bootstrap_brokers(ClusterArn=connection["cluster_arn"])
    return {
        "bootstrap.servers": brokers["BootstrapBrokerStringSaslScram"],
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": secret["username"],
        "sasl.password": secret["password"],
        "ssl.ca.location": connection["certificate_authority"],
    }


def topics(connection):
    kafka = client(connection, "kafka")
    listed = kafka.list_topics(ClusterArn=connection["cluster_arn"])["Topics"]
    return sorted(topic["TopicName"] for topic in listed)


def produce(connection, topic, key, *values):
    """Each value is text, or `@N` for N bytes."""
    from confluent_kafka import Producer

    producer = Producer({**login(connection, "producer"), "message.max.bytes": 2_000_000})
    for value in values:
        body = b"x" * int(value[1:]) if value.startswith("@") else value.encode()
        producer.produce(topic, body, key=key.encode())
    left = producer.flush(20)
    return {"left": left}


def consume(connection, topic, customer):
    """Every record of the topic whose key is the customer."""
    from confluent_kafka import Consumer, TopicPartition

    consumer = Consumer({**login(connection, "operator"), "group.id": "test-reader", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, 10).topics[topic].partitions
    found = []
    for partition in partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), 10)
        if high == low:
            continue
        consumer.assign([TopicPartition(topic, partition, low)])
        deadline = time.time() + 20
        while time.time() < deadline:
            message = consumer.poll(1)
            if message is None or message.error():
                continue
            if message.key() == customer.encode():
                headers = {name: (value or b"").decode() for name, value in message.headers() or []}
                found.append({"offset": message.offset(), "value": json.loads(message.value()), "headers": headers})
            if message.offset() >= high - 1:
                break
    consumer.close()
    return found


def invoke(connection, function, payload):
    answer = client(connection, "lambda").invoke(FunctionName=f"{function}:live", Payload=payload.encode())
    return {"executed": answer.get("ExecutedVersion"), "error": answer.get("FunctionError"),
            "payload": json.loads(answer["Payload"].read())}


def deny(connection, role_name_part, action):
    """Takes one action out of a role's inline policies; prints what to give to `restore`."""
    iam = client(connection, "iam")
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"] if role_name_part in role["RoleName"]]
    taken = []
    for role in roles:
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            changed = json.loads(json.dumps(document))
            for statement in changed["Statement"]:
                actions = statement["Action"]
                actions = [actions] if isinstance(actions, str) else actions
                statement["Action"] = [entry for entry in actions if entry != action]
            changed["Statement"] = [statement for statement in changed["Statement"] if statement["Action"]]
            if changed != document:
                iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(changed))
                taken.append({"role": role, "policy": policy, "document": document})
    return taken


def restore(connection, taken):
    iam = client(connection, "iam")
    for entry in json.loads(taken):
        iam.put_role_policy(RoleName=entry["role"], PolicyName=entry["policy"], PolicyDocument=json.dumps(entry["document"]))
    return {}


def item(connection, table, key):
    found = client(connection, "dynamodb").get_item(TableName=table, Key=json.loads(key), ConsistentRead=True)
    return found.get("Item")


def scan(connection, table):
    return client(connection, "dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]


def rotate(connection, secret):
    """Gives a secret a new version with a new random key, as a rotation would."""
    secrets = client(connection, "secretsmanager")
    random = secrets.get_random_password(PasswordLength=64, ExcludePunctuation=True)["RandomPassword"]
    answer = secrets.put_secret_value(SecretId=secret, SecretString=random)
    return {"version": answer["VersionId"]}


def rotate_login(connection, user):
    """Gives a broker's user a new password, as a rotation does: in the secret, and by its association on the cluster."""
    secrets = client(connection, "secretsmanager")
    secret = secrets.describe_secret(SecretId=f"AmazonMSK_onboard-ai-local-{user}")["ARN"]
    value = json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])
    value["password"] = secrets.get_random_password(PasswordLength=32, ExcludePunctuation=True)["RandomPassword"]
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(value))
    kafka = client(connection, "kafka")
    answer = kafka.batch_associate_scram_secret(ClusterArn=connection["cluster_arn"], SecretArnList=[secret])
    return {"refused": answer["UnprocessedScramSecrets"]}


def versions(connection, prefix):
    """The published versions of every function whose name begins so."""
    functions = client(connection, "lambda")
    names = [one["FunctionName"] for page in functions.get_paginator("list_functions").paginate()
             for one in page["Functions"] if one["FunctionName"].startswith(prefix)]
    return {name: [one["Version"] for one in functions.list_versions_by_function(FunctionName=name)["Versions"]
                   if one["Version"] != "$LATEST"] for name in names}


def make_network(connection):
    """A network with two subnets and a security group."""
    ec2 = client(connection, "ec2")
    network = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=network, CidrBlock=f"10.9.{number}.0/24")["Subnet"]["SubnetId"]
               for number in range(2)]
    group = ec2.create_security_group(GroupName="functions", Description="functions", VpcId=network)["GroupId"]
    return {"subnets": sorted(subnets), "security_groups": [group]}


def networks(connection, prefix):
    """The network that each function's live version is in, and the actions that its role allows on EC2."""
    functions, iam = client(connection, "lambda"), client(connection, "iam")
    found = []
    for page in functions.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            if not name.startswith(prefix):
                continue
            live = functions.get_function_configuration(FunctionName=name, Qualifier="live")
            network = live.get("VpcConfig") or {}
            role = live["Role"].rsplit("/", 1)[1]
            allowed = []
            for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
                version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
                document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
                allowed += [action for statement in document["Statement"] for action in statement["Action"]
                            if action.startswith("ec2:")]
            found.append({"function": name, "subnets": sorted(network.get("SubnetIds", [])),
                          "security_groups": sorted(network.get("SecurityGroupIds", [])), "allowed": sorted(allowed)})
    return sorted(found, key=lambda entry: entry["function"])


def change_mapping(connection, uuid, changes):
    client(connection, "lambda").update_event_source_mapping(UUID=uuid, **json.loads(changes))
    return {}


def log_events(logs, group):
    """Every event of a log group up to now, stream by stream: FilterLogEvents answers the first 10,000 of a group here and
    no token for more. Without an end, the end of a stream that is written to would be run after."""
    now = int(time.time() * 1000) + 1
    streams = logs.get_paginator("describe_log_streams").paginate(logGroupName=group)
    for stream in [stream["logStreamName"] for page in streams for stream in page["logStreams"]]:
        asked = {"logGroupName": group, "logStreamName": stream, "startFromHead": True, "endTime": now}
        while True:
            page = logs.get_log_events(**asked)
            yield from page["events"]
            if page["nextForwardToken"] == asked.get("nextToken"):
                break
            asked["nextToken"] = page["nextForwardToken"]


def logged(connection, function, message):
    """The function's log lines with this message, oldest first."""
    events = sorted(log_events(client(connection, "logs"), f"/aws/lambda/{function}"), key=lambda event: event["timestamp"])
    found = []
    for text in (line for event in events for line in event["message"].splitlines()):
        try:
            line = json.loads(text[max(text.find("{"), 0):])
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("message") == message:
            found.append(line)
    return found


def object(connection, bucket, key):
    return client(connection, "s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def object_versions(connection, bucket, key):
    """How many versions and delete markers there are."""
    listed = client(connection, "s3").list_object_versions(Bucket=bucket, Prefix=key)
    return {"versions": len(listed.get("Versions", [])), "markers": len(listed.get("DeleteMarkers", []))}


def time_to_live(connection, table):
    return client(connection, "dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]


def mappings(connection):
    return client(connection, "lambda").list_event_source_mappings()["EventSourceMappings"]


def objects(connection, bucket):
    return [entry["Key"] for entry in client(connection, "s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def create_bucket(connection, bucket):
    client(connection, "s3").create_bucket(Bucket=bucket)
    return {}


def put(connection, table, item_):
    client(connection, "dynamodb").put_item(TableName=table, Item=json.loads(item_))
    return {}


def variables(connection, function):
    """The variables that live traffic meets."""
    found = client(connection, "lambda").get_function_configuration(FunctionName=function, Qualifier="live")
    return found["Environment"]["Variables"]


def set_variable(connection, function, key, value):
    """Sets a variable as somebody else would, and leaves it to others to publish it."""
    lambda_ = client(connection, "lambda")
    found = lambda_.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": {**found, key: value}})
    lambda_.get_waiter("function_updated_v2").wait(FunctionName=function)
    return {}


def attempt(connection, service, operation, parameters, times="1"):
    """Calls an operation so often, each time once and without a retry; prints what came of each call."""
    credentials = connection["credentials"]
    options = Config(retries={"total_max_attempts": 1}, read_timeout=20, s3={"addressing_style": "path"})
    endpoint = connection["endpoint"]
    if service == "apigatewaymanagementapi":
        endpoint += "/_aws/execute-api/none/ws"
    caller = boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", config=options,
        aws_access_key_id=credentials["access_key_id"], aws_secret_access_key=credentials["secret_access_key"])
    ended = []
    for _ in range(int(times)):
        begun = time.monotonic()
        try:
            getattr(caller, operation)(**json.loads(parameters))
            outcome = {"status": 200}
        except ClientError as error:
            outcome = {"status": error.response["ResponseMetadata"]["HTTPStatusCode"],
                       "code": error.response["Error"]["Code"]}
        except (HTTPClientError, EndpointConnectionError) as error:
            outcome = {"status": 0, "code": type(error).__name__}
        ended.append({**outcome, "ms": round((time.monotonic() - begun) * 1000)})
    return ended


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        connection = json.load(file)
    answer = globals()[sys.argv[2]](connection, *sys.argv[3:])
    print(json.dumps(answer, default=str))


if __name__ == "__main__":
    main()
