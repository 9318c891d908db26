"""Faults that were asked for (`local fault`) where only ministack can make them: in a function's process, in a resource."""
import json
import logging
import os
import threading
import time
import urllib.request

from ministack.core import lambda_runtime
from ministack.services.cloudformation import stacks

log = logging.getLogger("onboardctl")


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
        return cls.ask(asked, occasion)

    @classmethod
    def ask(cls, asked, occasion):
        headers = {asked["header"]: asked["token"], "Content-Type": "application/json"}
        request = urllib.request.Request(asked["url"], json.dumps(occasion).encode(), headers)
        try:
            with cls.OPENER.open(request, timeout=cls.PATIENCE_SECONDS) as answer:
                strike = json.load(answer)
        except Exception:
            log.exception("the gateway cannot be asked for faults")
            return None
        return {**strike, "asked": asked} if strike.get("fault") else None

    @classmethod
    def kill_functions(cls):
        """A struck function's process ends a while after it was handed its event."""
        invoke = lambda_runtime.ProvidedWorker.invoke

        def invoked(worker, event, request_id, **more):
            strike = cls.strikes({"occasion": "invocation", "function": worker.func_name})
            if strike:
                threading.Thread(target=cls.strike_down, args=(worker, request_id, strike), daemon=True).start()
            return invoke(worker, event, request_id, **more)

        lambda_runtime.ProvidedWorker.invoke = invoked

    @classmethod
    def strike_down(cls, worker, request_id, strike):
        """Who has answered before it is time is not killed, and the gateway does not count that as a strike."""
        if not cls.kill(worker, request_id, strike["after_ms"] / 1000):
            cls.ask(strike["asked"], {"occasion": "missed", "fault": strike["fault"], "function": worker.func_name})

    @staticmethod
    def kill(worker, request_id, after_seconds):
        def under_way():
            return worker._current_request_id == request_id

        deadline = time.monotonic() + 20
        while not (under_way() and worker._pending.empty()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.0005)
        time.sleep(after_seconds)
        process = worker._proc
        if process is None or not under_way():
            return False
        process.kill()
        return True

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
