"""Saves ministack's state while it runs: ministack itself saves at its end only, so that a kill would lose everything.

A save is written by a fork. It begins between two requests and sees the one moment it was begun in, however long it
writes: a transaction is saved whole or not at all, and so are an effect and its marker. Nobody waits for it but its
beginning, some milliseconds; writing takes longer with all that is kept, and in this process would hold up every answer."""
import concurrent.futures
import copy
import hashlib
import json
import logging
import os
import select
import signal
import threading
import time
import traceback
import uuid

import ministack.app as application
import orjson
from ministack.core import persistence
from ministack.services import dynamodb, lambda_svc

import workers

log = logging.getLogger("onboardctl")
FOLDER = os.path.dirname(os.path.abspath(__file__))
AS_OF = os.path.join(FOLDER, "as-of.json")
EVERY_SECONDS = 1.0
IDLE_SECONDS = 10.0
# A fork has only the thread that made it: a lock that another one held then is never released in it.
STUCK_AFTER_SECONDS = 30.0
AS_JSON_DOES = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def as_of_last_save():
    try:
        with open(AS_OF) as file:
            return json.load(file)["asOfMs"]
    except FileNotFoundError:
        return None


def write_beside(path, text):
    with open(path + ".saving", "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def take_place(path):
    os.replace(path + ".saving", path)


def as_they_are():
    """Services copy what they give away to be saved. In a fork nothing changes any more, so that nothing needs to be
    copied, which takes longer than writing."""
    copy.deepcopy = lambda value, memo=None: value
    dynamodb.copy = copy  # serving.py gives it a faster one


def as_text(name, state):
    """As ministack would write it, in a fifth of the time."""
    saved = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
    try:
        return orjson.dumps(saved, default=persistence._json_default, option=AS_JSON_DOES)
    except TypeError:  # such as a number of more than 64 bits
        return json.dumps(saved, default=persistence._json_default).encode()


class CodeBlobs:
    """Function code is large and never changes: it is hashed once, not at every save, and not what was just read."""

    def __init__(self):
        self.known, self.seen = {}, {}
        self.write, self.read = lambda_svc._write_code_blob, lambda_svc._read_code_blob
        lambda_svc._write_code_blob, lambda_svc._read_code_blob = self.written, self.was_read

    @staticmethod
    def path(digest):
        return os.path.join(lambda_svc.CODE_BLOB_DIR, digest + ".zip")

    def was_read(self, digest):
        code = self.read(digest)
        if code is not None:
            self.known[id(code)] = (code, digest)
        return code

    def written(self, code):
        known = self.known.get(id(code))
        if known is None or known[0] is not code or not os.path.exists(self.path(known[1])):
            known = (code, self.write(code))
        self.seen[id(code)] = known
        return known[1]

    def write_new(self):
        """Before a fork: what only the fork has hashed would be hashed again by the next one."""
        self.seen = {}
        for function in list(lambda_svc._functions._data.values()):
            for version in [function, *list(function.get("versions", {}).values())]:
                if isinstance(version.get("code_zip"), bytes):
                    self.written(version["code_zip"])
        self.known = self.seen


class Saver:
    """Writes the state of each service that changed, atomically, soon after a request.

    AS_OF tells when the last whole save began: everything that happened before it is saved (saved.rs)."""

    def __init__(self, as_of):
        self.process = str(uuid.uuid4())
        self.as_of = as_of
        self.loop = None
        self.blobs = CodeBlobs()
        self.complained = set()
        self.changed = threading.Event()
        self.saving = threading.Lock()
        self.written = {}

    def run(self):
        while True:
            if not self.changed.wait(timeout=IDLE_SECONDS):
                workers.collect_garbage()
                self.changed.wait()
            time.sleep(EVERY_SECONDS)
            try:
                self.save()
            except Exception:
                log.exception("the state cannot be saved")
                self.changed.set()

    def save(self):
        with self.saving:
            self.blobs.write_new()
            self.changed.clear()
            began, process, told = self.between_requests(self.fork)
            try:
                lines = self.listen(process, told)
            finally:
                os.close(told)
            for line in lines:
                self.take(**line)
            self.as_of = began
            self.note()

    def note(self):
        write_beside(AS_OF, orjson.dumps({"process": self.process, "asOfMs": self.as_of}))
        take_place(AS_OF)

    def fork(self):
        """When it was, the process that writes the state of that moment, and where it tells what it wrote."""
        began = time.time_ns() // 1_000_000
        told, tell = os.pipe()
        # A program that is being written cannot be started while another process has it open (ETXTBSY).
        with lambda_svc._provided_code_lock:
            process = os.fork()
        if process:
            os.close(tell)
            return began, process, told
        status = 1
        try:
            # Ports and pipes are its parent's: they must not stay open beyond a parent that is killed meanwhile.
            os.dup2(tell, 3)
            os.closerange(4, min(os.sysconf("SC_OPEN_MAX"), 65536))
            os.nice(10)
            as_they_are()
            for name, get_state in application._build_persistence_save_dict().items():
                os.write(3, json.dumps(self.write(name, get_state)).encode() + b"\n")
            status = 0
        finally:
            os._exit(status)

    def write(self, name, get_state):
        """In the fork: writes a service's state beside what is saved, unless it is that."""
        try:
            state = get_state()
            text = None if state is None else as_text(name, state)
        except Exception:
            return {"name": name, "problem": traceback.format_exc()}
        if text is None:
            return {"name": name}
        digest = hashlib.sha256(text).hexdigest()
        if digest != self.written.get(name):
            write_beside(self.path(name), text)
        return {"name": name, "digest": digest}

    def take(self, name, digest=None, problem=None):
        if problem and name not in self.complained:  # it never can be: said once, and no reason to hold up the others
            self.complained.add(name)
            log.error("the state of %s cannot be saved: %s", name, problem)
        if digest and digest != self.written.get(name):
            take_place(self.path(name))
            self.written[name] = digest

    @staticmethod
    def path(name):
        return os.path.join(persistence.STATE_DIR, name + ".json")

    @staticmethod
    def listen(process, told):
        """What the fork told, once it has ended well. Only then does anything take the place of what was saved."""
        text, until = b"", time.monotonic() + STUCK_AFTER_SECONDS
        waiting = select.poll()  # select() takes no descriptor from 1024 on, and under load there are more
        waiting.register(told, select.POLLIN)
        while waiting.poll(max(0.0, until - time.monotonic()) * 1000):
            part = os.read(told, 65536)
            if not part:
                break
            text += part
        else:
            os.kill(process, signal.SIGKILL)
        status = os.waitpid(process, 0)[1]
        if status != 0:
            raise RuntimeError(f"the process that saves ended with {os.waitstatus_to_exitcode(status)}")
        return [json.loads(line) for line in text.splitlines()]

    def between_requests(self, work):
        """On the thread that answers requests, none of which is half done then; and once, however that thread ends."""
        done, taken = concurrent.futures.Future(), threading.Lock()

        def take():
            if taken.acquire(blocking=False):
                try:
                    done.set_result(work())
                except BaseException as problem:
                    done.set_exception(problem)

        if self.loop is not None and self.loop.is_running():
            self.loop.call_soon_threadsafe(take)
            while self.loop.is_running():
                try:
                    return done.result(timeout=0.5)
                except concurrent.futures.TimeoutError:
                    if done.done():
                        raise
        take()
        return done.result()
