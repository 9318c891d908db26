// The first step of a customer in Node 20 with kafkajs and AWS SDK v3, as someone would write it who knows both: clients
// made once, everything connected before the first request, one transaction, one publish. It is compared with our
// submit-user-info function in one run (cold_start.py) and is part of nothing else.
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const packages = createRequire(process.env.BENCH_PACKAGES ?? new URL("./", import.meta.url).pathname);
const { DynamoDBClient, DeleteItemCommand, TransactWriteItemsCommand } = packages("@aws-sdk/client-dynamodb");
const { SecretsManagerClient, DescribeSecretCommand, GetSecretValueCommand } = packages("@aws-sdk/client-secrets-manager");
const { Kafka, logLevel } = packages("kafkajs");

const env = process.env;
const secrets = new SecretsManagerClient({});
const dynamodb = new DynamoDBClient({});
const [session, sessionVersions, login] = await Promise.all([
  secrets.send(new GetSecretValueCommand({ SecretId: env.SESSION_SECRET_ID })),
  secrets.send(new DescribeSecretCommand({ SecretId: env.SESSION_SECRET_ID })),
  secrets.send(new GetSecretValueCommand({ SecretId: env.KAFKA_SECRET_ID })),
]);
const { username, password } = JSON.parse(login.SecretString);
const kafka = new Kafka({
  brokers: env.KAFKA_BOOTSTRAP.split(","), logLevel: logLevel.NOTHING,
  ssl: env.KAFKA_CA === "probe" ? true : { ca: [readFileSync(env.KAFKA_CA)] },
  sasl: { mechanism: "scram-sha-512", username, password },
});
const producer = kafka.producer({ maxInFlightRequests: 1, allowAutoTopicCreation: false });
await producer.connect();

function token(customer) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const kid = Object.entries(sessionVersions.VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT"))[0];
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: "HS256", typ: "JWT", kid })}.${part({ sub: customer, iat: now, exp: now + 7200 })}`;
  return `${text}.${createHmac("sha256", session.SecretString).update(text).digest("base64url")}`;
}

async function handle(event) {
  const info = JSON.parse(event.body);
  const customer = randomUUID();
  const now = new Date().toISOString();
  const envelope = JSON.stringify({
    eventId: randomUUID(), eventType: "USER_INFO_SUBMITTED", version: "1.0", timestamp: now, customerId: customer,
    sequence: 1, source: "submit-user-info", traceId: "1-5759e988-bd862e3fe1be46a994272793", data: { resubmitted: false },
  });
  const key = { customerId: { S: customer }, sequence: { N: "1" } };
  await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [
    { Put: { TableName: env.USERS_TABLE, ConditionExpression: "attribute_not_exists(customerId)", Item: {
      customerId: { S: customer }, email: { S: info.email }, firstName: { S: info.firstName },
      lastName: { S: info.lastName }, dateOfBirth: { S: info.dateOfBirth }, phoneNumber: { S: info.phoneNumber },
      state: { S: "USER_INFO_SUBMITTED" }, sequence: { N: "1" }, createdAt: { S: now }, updatedAt: { S: now } } } },
    { Put: { TableName: env.OUTBOX_TABLE, Item: { ...key, state: { S: "fresh" }, topic: { S: "user-info-submitted" },
      recordKey: { S: customer }, eventId: { S: JSON.parse(envelope).eventId }, envelope: { S: envelope },
      createdAt: { N: String(Date.now()) } } } },
  ] }));
  await producer.send({ topic: `${env.TOPIC_PREFIX ?? ""}user-info-submitted`, acks: -1,
    messages: [{ key: customer, value: envelope }] });
  await dynamodb.send(new DeleteItemCommand({ TableName: env.OUTBOX_TABLE, Key: key }));
  return { statusCode: 201, headers: { "content-type": "application/json" },
    body: JSON.stringify({ customerId: customer, sessionToken: token(customer) }) };
}

const api = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
for (;;) {
  const next = await fetch(`${api}next`);
  const answer = await handle(await next.json());
  await fetch(`${api}${next.headers.get("lambda-runtime-aws-request-id")}/response`,
    { method: "POST", body: JSON.stringify(answer) });
}
