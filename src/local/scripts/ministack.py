"""Starts ministack for one platform: fast Runtime API, state saved while it runs, an end that takes the functions along.

Argument: the folder with ministack and its dependencies. Settings come from the environment (see ministack.rs).
"""
import asyncio
import concurrent.futures
import hashlib
import json
import logging
import os
import signal
import socketserver
import sys
import threading
import time
import urllib.request
import uuid
from email.utils import parseaddr

os.umask(0o077)
sys.path.insert(0, sys.argv[1])
del sys.argv[1:]

# The Runtime API server leaves Nagle's algorithm on, which costs 40 ms an answer (local.md).
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

import ministack.app as application  # noqa: E402
from ministack.core import iam_actions, lambda_runtime, persistence  # noqa: E402
from ministack.services import dynamodb, lambda_svc, ses, ses_v2, sns  # noqa: E402
from ministack.services.cloudformation import provisioners, stacks  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(FOLDER)

import permissions  # noqa: E402

log = logging.getLogger("onboardctl")
SAVE_EVERY_SECONDS = 1.0
GRACE_SECONDS = 8.0
AS_OF = os.path.join(FOLDER, "as-of.json")


def answer_without_waiting_for_stderr():
    """first_line_wait, idle_confirm, hard_cap in seconds: an invocation otherwise waits up to 50 ms for a first line."""
    for kind in (lambda_runtime.Worker, lambda_runtime.ProvidedWorker):
        drain = vars(kind).get("_drain_stderr_bounded")
        if drain is not None:
            drain.__defaults__ = (0.002, 0.001, 0.050)


def keep_what_templates_say_of_tables():
    """CloudFormation here forgets a table's time to live and its point-in-time recovery."""
    table = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    create = table["create"]

    def create_whole(logical_id, properties, stack_name):
        made = create(logical_id, properties, stack_name)
        expiry = properties.get("TimeToLiveSpecification")
        if expiry:
            dynamodb._update_ttl({"TableName": made[0], "TimeToLiveSpecification": expiry})
        recovery = properties.get("PointInTimeRecoverySpecification")
        if recovery:
            dynamodb._update_continuous_backups(
                {"TableName": made[0], "PointInTimeRecoverySpecification": recovery})
        return made

    table["create"] = create_whole


def keep_the_keys_of_topics():
    """CloudFormation here forgets which key a topic is encrypted with."""
    topic = provisioners._RESOURCE_HANDLERS["AWS::SNS::Topic"]
    create, update = topic["create"], topic["update"]

    def keep(arn, properties):
        attributes = sns._topics[arn]["attributes"]
        attributes.pop("KmsMasterKeyId", None)
        if properties.get("KmsMasterKeyId"):
            attributes["KmsMasterKeyId"] = properties["KmsMasterKeyId"]

    def created(logical_id, properties, stack):
        made = create(logical_id, properties, stack)
        keep(made[0], properties)
        return made

    def updated(physical_id, before, after, *more, **named):
        made = update(physical_id, before, after, *more, **named)
        keep(made[0] if isinstance(made, tuple) else physical_id, after)
        return made

    topic["create"], topic["update"] = created, updated


def name_the_identity_that_mail_is_sent_from():
    """A v2 SendEmail is authorized on the sender's identity (Service Authorization Reference, "Amazon SES v2"); here
    it would be asked for on every resource, and no role with one identity could send."""
    resource = iam_actions._ses_v2_resource_arn

    def with_sender(method, path, body, region, account):
        if method == "POST" and path.rstrip("/").endswith("/v2/email/outbound-emails"):
            sender = parseaddr(iam_actions._safe_json_field(body, "FromEmailAddress") or "")[1]
            known = sender in ses._identities or sender in ses_v2._identities
            identity = sender if known else sender.rpartition("@")[2]
            if identity:
                return f"arn:aws:ses:{region}:{account}:identity/{identity}"
        return resource(method, path, body, region, account)

    iam_actions._ses_v2_resource_arn = with_sender


def tell_no_addresses():
    """A mail's recipient is personal data, and this log is kept."""
    for name in ("ses", "ses-v2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def forget_places_in_streams():
    """The records of DynamoDB streams are kept in memory only, but how far a mapping has read them is saved. After a
    start that place lies beyond the end, and nothing would be handed over until as many records have come again."""
    restore = lambda_svc._restore_esm_positions

    def restored(store, positions):
        if store is not lambda_svc._dynamodb_stream_positions:
            restore(store, positions)

    lambda_svc._restore_esm_positions = restored


def tables_as_they_are(stores):
    """dynamodb.get_state() without its copies, which take long enough for a transaction to come in between."""
    tables = persistence.AccountRegionScopedDict()
    for key, table in dynamodb._tables.all_items():
        tables.set_scoped(*key, {name: part for name, part in table.items() if name != dynamodb._INDEX_MEMBERS})
    return {"tables": tables, **{store: getattr(dynamodb, "_" + store) for store in stores}}


def as_of_last_save():
    try:
        with open(AS_OF) as file:
            return json.load(file)["asOfMs"]
    except FileNotFoundError:
        return None


def replace_file(path, text):
    with open(path + ".saving", "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".saving", path)


class Faults:
    """Asks the gateway whether a fault (`local fault`) strikes. A file says where, and with which token: the gateway
    writes it while a fault could strike here, so that otherwise nothing is asked."""

    FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults.json")
    PATIENCE_SECONDS = 2.0
    OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @classmethod
    def strikes(cls, occasion):
        """The answer when one strikes, else nothing: a gateway that does not answer makes no fault of its own."""
        try:
            with open(cls.FILE) as file:
                asked = json.load(file)
        except (OSError, ValueError):
            return None
        headers = {asked["header"]: asked["token"], "Content-Type": "application/json"}
        request = urllib.request.Request(asked["url"], json.dumps(occasion).encode(), headers)
        try:
            with cls.OPENER.open(request, timeout=cls.PATIENCE_SECONDS) as answer:
                strike = json.load(answer)
        except Exception:
            log.exception("the gateway cannot be asked for faults")
            return None
        return strike if strike.get("fault") else None

    @classmethod
    def kill_functions(cls):
        """A struck function's process ends a while after it was handed its event."""
        invoke = lambda_runtime.ProvidedWorker.invoke

        def invoked(worker, event, request_id, **more):
            strike = cls.strikes({"occasion": "invocation", "function": worker.func_name})
            if strike:
                arguments = (worker, request_id, strike["after_ms"] / 1000)
                threading.Thread(target=cls.kill, args=arguments, daemon=True).start()
            return invoke(worker, event, request_id, **more)

        lambda_runtime.ProvidedWorker.invoke = invoked

    @staticmethod
    def kill(worker, request_id, after_seconds):
        def under_way():
            return worker._current_request_id == request_id

        deadline = time.monotonic() + 20
        while not (under_way() and worker._pending.empty()):
            if time.monotonic() > deadline:
                return
            time.sleep(0.0005)
        time.sleep(after_seconds)
        process = worker._proc
        if process is not None and under_way():
            process.kill()

    @classmethod
    def fail_resources(cls):
        """A struck resource cannot be made or changed; what is only looked at again in an update is left alone."""
        provision, update = stacks._provision_keeping_seed, stacks._update_keeping_seed

        def stumble(kind, logical_id):
            strike = cls.strikes({"occasion": "resource", "logical_id": logical_id})
            if strike:
                raise RuntimeError(f'Resource handler returned message: "fault {strike["fault"]} was asked for" '
                                   f"({kind}, HandlerErrorCode: InternalFailure)")

        def provisioned(kind, logical_id, *more):
            stumble(kind, logical_id)
            return provision(kind, logical_id, *more)

        def updated(kind, physical_id, before, after, stack, logical_id, *more):
            if before != after:
                stumble(kind, logical_id)
            return update(kind, physical_id, before, after, stack, logical_id, *more)

        stacks._provision_keeping_seed, stacks._update_keeping_seed = provisioned, updated


class Saver:
    """Writes the state of each service that changed, atomically, soon after a request. ministack itself saves at its
    end only, so without this a kill would lose everything since the start.

    AS_OF tells when the last whole save began: everything that happened before it is saved (saved.rs)."""

    def __init__(self, as_of):
        self.process = str(uuid.uuid4())
        self.as_of = as_of
        self.loop = None
        self.stores = [store for store in dynamodb.get_state() if store != "tables"]
        self.complained = set()
        self.changed = threading.Event()
        self.saving = threading.Lock()
        self.written = {}
        self.blobs, self.seen = {}, {}
        self.write_blob, self.read_blob = lambda_svc._write_code_blob, lambda_svc._read_code_blob
        lambda_svc._write_code_blob, lambda_svc._read_code_blob = self.code_blob, self.read_code_blob

    def read_code_blob(self, digest):
        code = self.read_blob(digest)
        if code is not None:
            self.blobs[id(code)] = (code, digest, os.path.join(lambda_svc.CODE_BLOB_DIR, digest + ".zip"))
        return code

    def code_blob(self, code):
        """Function code is large and never changes: hash it once, not at every save, and not what was just read."""
        known = self.blobs.get(id(code))
        if known is None or known[0] is not code or not os.path.exists(known[2]):
            digest = self.write_blob(code)
            known = (code, digest, os.path.join(lambda_svc.CODE_BLOB_DIR, digest + ".zip"))
        self.seen[id(code)] = known
        return known[1]

    def save(self):
        with self.saving:
            began = time.time_ns() // 1_000_000
            self.changed.clear()
            self.seen = {}
            failed = [name for name, state in application._build_persistence_save_dict().items()
                      if not self.save_one(name, state)]
            self.blobs = self.seen
            if failed:
                self.changed.set()
            else:
                self.as_of = began
                self.note()

    def note(self):
        replace_file(AS_OF, json.dumps({"process": self.process, "asOfMs": self.as_of}))

    def save_one(self, name, get_state):
        for _ in range(5):
            try:
                if name == "dynamodb":
                    text = self.between_requests(lambda: self.text(name, tables_as_they_are(self.stores)))
                else:
                    text = self.text(name, get_state())
                break
            except RuntimeError:  # changed while it was being read
                time.sleep(0.01)
            except Exception:  # it never can be: said once, and no reason to hold up the others
                if name not in self.complained:
                    self.complained.add(name)
                    log.exception("the state of %s cannot be saved", name)
                return True
        else:
            return False
        if text is None:
            return True
        digest = hashlib.sha256(text.encode()).digest()
        if self.written.get(name) != digest:
            replace_file(os.path.join(persistence.STATE_DIR, name + ".json"), text)
            self.written[name] = digest
        return True

    def text(self, name, state):
        if state is None:
            return None
        return json.dumps({"__ministack_format__": persistence._state_format_version(name), "payload": state},
                          default=persistence._json_default)

    def between_requests(self, work):
        """On the thread that answers requests, none of which is half done then: a transaction is saved whole or not at
        all, and so are an effect and its marker."""
        async def on_loop():
            return work()

        if self.loop is None or not self.loop.is_running():
            return work()
        saved = asyncio.run_coroutine_threadsafe(on_loop(), self.loop)
        while self.loop.is_running():
            try:
                return saved.result(timeout=0.5)
            except concurrent.futures.TimeoutError:
                if saved.done():
                    raise
        return work()

    def run(self):
        while True:
            self.changed.wait()
            time.sleep(SAVE_EVERY_SECONDS)
            try:
                self.save()
            except Exception:
                log.exception("the state cannot be saved")
                self.changed.set()


def count_requests(saver, inner):
    async def counted(scope, receive, send):
        saver.loop = asyncio.get_running_loop()
        await inner(scope, receive, send)
        if scope["type"] != "lifespan" and not scope.get("path", "").startswith("/_ministack/"):
            saver.changed.set()

    return counted


def end_with_input():
    """Standard input closes when the supervisor ends, however it ends: then save and end too."""
    while os.read(0, 4096):  # not sys.stdin: a thread inside it would abort Python at its end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    end_functions(signal.SIGKILL)


def end_functions(signal_number):
    """Function processes share our process group, of which we are the leader."""
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal_number)


def main():
    answer_without_waiting_for_stderr()
    keep_what_templates_say_of_tables()
    keep_the_keys_of_topics()
    name_the_identity_that_mail_is_sent_from()
    forget_places_in_streams()
    tell_no_addresses()
    permissions.enforce_all()
    Faults.kill_functions()
    Faults.fail_resources()
    os.makedirs(persistence.STATE_DIR, exist_ok=True)
    # Its absence tells that an end was not orderly.
    saved = os.path.join(FOLDER, "saved")
    if os.path.exists(saved):
        os.remove(saved)
    saver = Saver(as_of_last_save())
    saver.note()
    application.app = count_requests(saver, application.app)
    threading.Thread(target=saver.run, daemon=True).start()
    threading.Thread(target=end_with_input, daemon=True).start()
    try:
        application.main()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        saver.save()
        open(saved, "w").close()
        end_functions(signal.SIGTERM)


main()
