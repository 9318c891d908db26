"""What IAM asks of a function's role in AWS and ministack does not: the key of an encrypted secret or topic, the right to
list where an object is missing, Lambda's own calls with the role (logs, streams), and the resource in a denial's text."""
import contextvars
import functools
import json
import time

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, kms, lambda_svc, s3, secretsmanager, sns

# What a call on something encrypted with a key of one's own needs of that key besides. Sources: AWS Secrets Manager User
# Guide, "Secret encryption and decryption"; Amazon SNS Developer Guide, "Managing encryption keys and costs".
BY_KEY = {
    "secretsmanager:GetSecretValue": ("secretsmanager", ["kms:Decrypt"]),
    "secretsmanager:PutSecretValue": ("secretsmanager", ["kms:GenerateDataKey", "kms:Decrypt"]),
    "sns:Publish": ("sns", ["kms:GenerateDataKey", "kms:Decrypt"]),
    "sns:PublishBatch": ("sns", ["kms:GenerateDataKey", "kms:Decrypt"]),
}

# What reading a stream needs. Source: Amazon DynamoDB Developer Guide, "IAM policy to allow an AWS Lambda function to
# access DynamoDB stream records".
OF_STREAMS = ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords", "dynamodb:ListStreams"]
STREAM_REFUSED = ("Cannot access stream {}. Please ensure the role can perform the GetRecords, GetShardIterator, "
                  "DescribeStream, and ListStreams Actions on your stream in IAM.")
# As the gateway says it of Kafka mappings (sources/poller.rs).
DENIED = "PROBLEM: The function's execution role is not allowed to call "
IDLE = "No records processed"
LOOK_AGAIN_SECONDS = 0.25

# Action and resource that were denied last, and whether a key was the reason.
denied_last = contextvars.ContextVar("denied_last", default=None)
# Principals that were looked up in this request, by access key and account.
callers = contextvars.ContextVar("callers", default=())


def key_of(action, resource):
    """The ARN of the key that a secret or topic is encrypted with, unless that is the service's own."""
    if action.startswith("secretsmanager:"):
        _, secret = secretsmanager._resolve(resource)
        key = (secret or {}).get("KmsKeyId")
    else:
        topic = sns._topic_by_arn_any_scope(resource)
        key = ((topic or {}).get("attributes") or {}).get("KmsMasterKeyId")
    if not key or "alias/aws/" in key:
        return None
    known = kms._resolve_key(key)
    return known["Arn"] if known else None


def is_missing(resource):
    """Whether an object that is to be read is not there."""
    bucket, _, key = resource.removeprefix("arn:aws:s3:::").partition("/")
    known = s3._buckets.get(bucket)
    return known is not None and bool(key) and key not in known["objects"]


def ask_for_more():
    """Callers with the right to a secret or topic need a right to its key, by the role and by the key's policy. And who
    may not list a bucket does not hear that an object is missing (Amazon S3 API Reference, "GetObject", Permissions)."""
    enforce = iam_evaluator.enforce

    def enforced(access_key_id, action, service, region, resource_arn="*", service_context=None):
        denied_last.set(None)
        denied = enforce(access_key_id, action, service, region, resource_arn, service_context)
        if denied:
            denied_last.set((action, resource_arn, False))
            return denied
        if action == "s3:GetObject" and is_missing(resource_arn):
            bucket = resource_arn.partition("/")[0]
            denied = enforce(access_key_id, "s3:ListBucket", "s3", region, bucket, service_context)
            if denied:
                denied_last.set(("s3:ListBucket", bucket, False))
            return denied
        via, needs = BY_KEY.get(action, (None, []))
        key = key_of(action, resource_arn) if needs else None
        for need in needs if key else []:
            context = {"kms:ViaService": f"{via}.{region}.amazonaws.com"}
            denied = enforce(access_key_id, need, "kms", region, key, context)
            if denied:
                denied_last.set((need, key, True))
                return denied
        return None

    iam_evaluator.enforce = enforced


def name_the_resource():
    """Denials say on which resource (IAM User Guide, "Access denied error messages"), and how the service tells of a
    denied key: Secrets Manager without the action, SNS as KMSAccessDenied (API Reference, "Publish", errors)."""
    respond = iam_actions.access_denied_response

    def responded(service, action, principal, request_id, *, error_code="", message="", explicit_deny=False, **more):
        last = denied_last.get()
        if last is None or error_code or message or more.get("resource_policy_arn"):
            return respond(service, action, principal, request_id, error_code=error_code, message=message,
                           explicit_deny=explicit_deny, **more)
        denied, resource, by_key = last
        quoted = f'"{resource}"' if service == "s3" else resource
        message = iam_actions.identity_denial_message(denied, principal, quoted, explicit_deny)
        if by_key and service == "sns":
            answer = respond(service, denied, principal, request_id, error_code="KMSAccessDenied", message=message, **more)
            return (400, *answer[1:])
        if by_key and service == "secretsmanager":
            answer = respond(service, denied, principal, request_id, message="Access to KMS is not allowed", **more)
            return (400, *answer[1:])
        return respond(service, denied, principal, request_id, message=message, explicit_deny=explicit_deny, **more)

    iam_actions.access_denied_response = responded


def is_denied(function, action, resource):
    """Whether the role of a function's configuration is denied an action that Lambda takes with it."""
    arn = function.get("Role", "")
    account, role = arn.split(":")[4] if arn.count(":") >= 5 else get_account_id(), arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{role}/{function.get('FunctionName')}"
    context = iam_evaluator.EvalContext(
        principal_arn=session, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=get_region())
    policies = iam_evaluator._gather_role_policies(role, account)
    return iam_evaluator.evaluate(context, policies).decision != "Allow"


def write_logs_by_the_role():
    """Lambda writes a function's logs with its role; what that is not allowed to is lost, and the function goes on.
    Source: AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"."""
    emit = lambda_svc._emit_lambda_logs

    def emitted(function, request_id, *arguments, **more):
        config = function.get("config") or function
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
        of_group = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}"
        # The stream is named by the call that is kept from being made; no policy here tells streams apart.
        stream = f"{of_group}:log-stream:{config.get('Version', '$LATEST')}-{request_id}"
        if group not in cloudwatch_logs._log_groups and is_denied(config, "logs:CreateLogGroup", of_group):
            return
        if is_denied(config, "logs:CreateLogStream", stream):
            return
        if is_denied(config, "logs:PutLogEvents", stream):
            names = {"logGroupName": group, "logStreamName": stream.rpartition(":")[2]}
            cloudwatch_logs._create_log_stream(names)
            return
        emit(function, request_id, *arguments, **more)

    lambda_svc._emit_lambda_logs = emitted


def denied_of_stream(mapping_or_request):
    """The first action that the role of a mapping's function is denied on its DynamoDB stream."""
    stream = mapping_or_request.get("EventSourceArn", "")
    if not stream.startswith("arn:aws:dynamodb:"):
        return None
    name, qualifier = mapping_or_request.get("FunctionName", ""), mapping_or_request.get("Qualifier")
    if "Qualifier" not in mapping_or_request:
        name, qualifier, error = lambda_svc._resolve_existing_esm_function(name)
        if error:
            return None
    _, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    return next((action for action in OF_STREAMS if config and is_denied(config, action, stream)), None)


def read_streams_by_the_role():
    """Lambda reads a stream with the function's role: without it no mapping is made, and one that is there stops."""
    create, poll = lambda_svc._create_esm, lambda_svc._poll_dynamodb_streams
    looked = {"at": 0.0}

    def created(request):
        if denied_of_stream(request):
            message = STREAM_REFUSED.format(request["EventSourceArn"])
            body = {"__type": "InvalidParameterValueException", "Type": "User", "message": message}
            headers = {"Content-Type": "application/json", "x-amzn-errortype": "InvalidParameterValueException"}
            return 400, headers, json.dumps(body).encode()
        return create(request)

    def polled():
        now = time.time()
        if now - looked["at"] >= LOOK_AGAIN_SECONDS:
            looked["at"] = now
            for account, region, mapping in lambda_svc._iter_all_esms():
                look(mapping, account, region, now)
        return poll()

    def look(mapping, account, region, now):
        tokens = (lambda_svc._request_account_id.set(account), lambda_svc._request_region.set(region))
        try:
            action = denied_of_stream(mapping)
        finally:
            lambda_svc._request_account_id.reset(tokens[0])
            lambda_svc._request_region.reset(tokens[1])
        was_denied = str(mapping.get("LastProcessingResult", "")).startswith(DENIED)
        if action:
            mapping["LastProcessingResult"] = f"{DENIED}{action} on {mapping['EventSourceArn']}"
            lambda_svc._esm_backoff_until[mapping["UUID"]] = now + 4 * LOOK_AGAIN_SECONDS
        elif was_denied:
            mapping["LastProcessingResult"] = IDLE
            lambda_svc._esm_backoff_until.pop(mapping["UUID"], None)

    lambda_svc._create_esm, lambda_svc._poll_dynamodb_streams = created, polled


def look_callers_up_once():
    """Each request would otherwise gather its caller's policies once to name him and once for every item that it is
    about."""
    resolve = iam_evaluator.resolve_principal

    def resolved(access_key, account, credential=None):
        known = callers.get()
        if not known:
            return resolve(access_key, account, credential)
        found = known[0].get((access_key, account))
        if found is None:
            found = resolve(access_key, account, credential)
            if not isinstance(found, iam_evaluator.AuthError):
                known[0][access_key, account] = found
        return found

    iam_evaluator.resolve_principal = resolved


def remember_callers(application):
    """The application, as one in which a request's caller is known until it is answered. What goes on after that, as a
    stack's changes do, has the request's context too, and asks anew."""
    async def remembering(scope, receive, send):
        known = [{}] if scope["type"] == "http" else []
        callers.set(known)
        try:
            await application(scope, receive, send)
        finally:
            known.clear()

    return remembering


def decide_quickly():
    """Each call would otherwise parse its caller's policies three times, and then compare itself anew with each of their
    patterns, mostly as the call before it."""
    parse = iam_evaluator.parse_policy_document
    once = functools.lru_cache(maxsize=1024)(parse)
    iam_evaluator.parse_policy_document = lambda policy: once(policy) if isinstance(policy, str) else parse(policy)
    for match in ("fnmatch_iam", "fnmatch_iam_cs"):
        setattr(iam_evaluator, match, functools.lru_cache(maxsize=4096)(getattr(iam_evaluator, match)))


def enforce_all():
    decide_quickly()
    look_callers_up_once()
    ask_for_more()
    name_the_resource()
    write_logs_by_the_role()
    read_streams_by_the_role()
