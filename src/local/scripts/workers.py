"""How functions are run: what one wrote is in its log when it answers, and neither waits for the other."""
import collections
import gc
import os
import queue
import select
import selectors
import socket
import socketserver
import sys
import threading
import time
import types

from ministack.core import concurrency, lambda_runtime
from ministack.services import lambda_svc

# The thread that answers requests is asked this often to let others go on, such as one that hands an event over.
SWITCH_SECONDS = 0.001
# So many environments of one function are started at once; for another one an invocation first waits whether one of them
# gets free. Each start takes the processors as long as some invocations do: starting one for everybody who waits makes
# all wait longer, until nothing goes on.
FEW = 2 * (os.cpu_count() or 1)
PATIENCE_SECONDS = 0.25


class Output:
    """What a function's process writes. What it wrote before it answered lies in the pipe when the answer comes, so
    whoever wants it reads it then: there is nothing to wait for, and no line is left to the next invocation."""

    def __init__(self, stream, lines):
        self.stream, self.lines = stream, lines
        self.reading = threading.Lock()
        self.begun = b""
        os.set_blocking(stream.fileno(), False)

    def take(self):
        """Reads what is there; whether more can come."""
        with self.reading:
            while not self.stream.closed:
                try:
                    part = os.read(self.stream.fileno(), 65536)
                except BlockingIOError:
                    return True
                except OSError:
                    part = b""
                *whole, self.begun = (self.begun + part).split(b"\n")
                if not part and self.begun:
                    whole, self.begun = [self.begun], b""
                for line in whole:
                    self.keep(line.decode(errors="replace").rstrip("\r"))
                if not part:
                    self.stream.close()
            return False

    def keep(self, line):
        """A function that writes more than is kept loses what it wrote first; it never waits."""
        while True:
            try:
                return self.lines.put_nowait(line)
            except queue.Full:
                try:
                    self.lines.get_nowait()
                except queue.Empty:
                    pass

    def pump(self):
        """A pipe that nobody reads holds its writer up."""
        waiting = select.poll()
        waiting.register(self.stream.fileno(), select.POLLIN)
        while self.take():
            waiting.poll()


def read_what_was_written():
    worker = lambda_runtime.ProvidedWorker
    drain = worker._drain_stderr

    def pump(_, stream, lines):
        lines.output = Output(stream, lines)
        lines.output.pump()

    def drained(self, **_):
        output = getattr(self._stderr_queue, "output", None)
        if output:
            output.take()
        return drain(self)

    worker._pump_output, worker._drain_stderr_bounded, worker._drain_stderr = pump, drained, drained


def wait_for_events():
    """Each environment's thread would otherwise look ten times a second whether there is an event, and another one
    whether there is a connection: with a hundred of them that alone keeps a processor busy."""
    lambda_runtime.queue = types.SimpleNamespace(**{**vars(queue), "Queue": PatientQueue})
    socketserver.BaseServer.serve_forever, socketserver.BaseServer.shutdown = serve, shut_down


class PatientQueue(queue.Queue):
    """A queue whose reader comes back to look whether its environment still runs, but not often."""

    def get(self, block=True, timeout=None):
        return super().get(block, None if timeout is None else max(timeout, 2.0))


def serve(server, poll_interval=None):
    """As socketserver does, but woken by `shut_down` instead of looking twice or ten times a second."""
    ended = server.__dict__.setdefault("ended", threading.Event())
    heard, server.wake = socket.socketpair()
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(server, selectors.EVENT_READ)
            selector.register(heard, selectors.EVENT_READ)
            while not getattr(server, "over", False):
                ready = [key.fileobj for key, _ in selector.select()]
                if heard in ready:
                    return
                server._handle_request_noblock()
                server.service_actions()
    finally:
        heard.close()
        ended.set()


def shut_down(server):
    server.over = True
    wake = getattr(server, "wake", None)
    if wake:
        wake.close()
        server.ended.wait()


def share_environments():
    acquire, release = lambda_svc.acquire_worker, lambda_svc.release_worker
    freed = threading.Condition()

    def waits(key):
        with lambda_runtime._lock:
            entries = lambda_runtime._workers.get(key, [])
            return len(entries) >= FEW and all(worker.in_use for worker in entries)

    def acquired(name, config, code, qualifier="$LATEST", **more):
        key, until = lambda_runtime._worker_key(name, config, qualifier), time.monotonic() + PATIENCE_SECONDS
        with freed:
            while waits(key) and (left := until - time.monotonic()) > 0:
                freed.wait(left)
            return acquire(name, config, code, qualifier=qualifier, **more)

    def released(worker):
        release(worker)
        with freed:
            freed.notify_all()

    lambda_svc.acquire_worker, lambda_svc.release_worker = acquired, released


class Kept:
    """A thread that stays for another invocation: whoever starts one waits until it runs, and here that is who answers
    requests. Not a pool of concurrent.futures: that one waits for its threads at the end."""

    idle = collections.deque()

    def __init__(self, target):
        self.target = target

    def start(self):
        try:
            work = self.idle.pop()
        except IndexError:
            work = queue.SimpleQueue()
            threading.Thread(target=self.go_on, args=(work,), daemon=True).start()
        work.put(self.target)

    def go_on(self, work):
        while True:
            work.get()()
            self.idle.append(work)


def keep_threads():
    def thread(target, name, **more):
        return Kept(target) if name.endswith("-invoke") else threading.Thread(target=target, name=name, **more)

    concurrency.threading = types.SimpleNamespace(**{**vars(threading), "Thread": thread})


def collect_garbage():
    """While nobody waits: looking through all that is kept takes a tenth of a second. What is kept now is not looked at
    again."""
    gc.collect()
    gc.freeze()


def answer_quickly():
    # The Runtime API server leaves Nagle's algorithm on, which costs 40 ms an answer (local.md).
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    sys.setswitchinterval(SWITCH_SECONDS)
    # Python itself looks through everything some times a minute under load; like this it is some times an hour.
    gc.set_threshold(2000, 20, 500)
    read_what_was_written()
    wait_for_events()
    share_environments()
    keep_threads()
