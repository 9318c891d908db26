"""Starts ministack for one platform: functions answer at once, state is saved while it runs, its end takes the functions
along.

Argument: the folder with ministack and its dependencies. Settings come from the environment (see ministack.rs).
"""
import logging
import os
import signal
import sys
import threading
import time
from email.utils import parseaddr

os.umask(0o077)
os.environ.pop("GLIBC_TUNABLES", None)  # it is in force here, and is not for functions
sys.path.insert(0, sys.argv[1])
del sys.argv[1:]

import ministack.app as application  # noqa: E402
from ministack.core import iam_actions, persistence  # noqa: E402
from ministack.services import dynamodb, lambda_svc, ses, ses_v2, sns  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.append(FOLDER)

import permissions  # noqa: E402
import serving  # noqa: E402
import workers  # noqa: E402
from faults import Faults  # noqa: E402
from saving import Saver, as_of_last_save  # noqa: E402

GRACE_SECONDS = 8.0


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
    workers.answer_quickly()
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
    threading.Thread(target=saver.run, daemon=True).start()
    threading.Thread(target=end_with_input, daemon=True).start()
    try:
        serving.serve(permissions.remember_callers(application.app), saver)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            saver.save()
            open(saved, "w").close()
        finally:
            end_functions(signal.SIGTERM)


main()
