"""Serves ministack's application with uvicorn, whose HTTP parser is compiled: Hypercorn, which ministack brings, takes
longer to read a request and write its answer than ministack takes to work on it, and all of it happens on one thread."""
import asyncio
import contextvars
import copy
import os
import resource
import signal
import sys
import types

import uvicorn

from ministack.services import apigateway, dynamodb

# As ministack sets it for Hypercorn; our gateway forgets an idle connection before.
KEEP_ALIVE_SECONDS = 75
# Who still waits for messages of a queue when the end is asked for is answered no more after this.
GRACE_SECONDS = 3


def count_requests(saver, inner):
    async def counted(scope, receive, send):
        saver.loop = asyncio.get_running_loop()
        await inner(scope, receive, send)
        if scope["type"] != "lifespan" and not scope.get("path", "").startswith("/_ministack/"):
            saver.changed.set()

    return counted


def allow_connections():
    """The soft limit of 1,024 descriptors is reached by the connections and pipes of a hundred functions."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def copied(value):
    """As copy.deepcopy() does, for what JSON can say; the general way takes five times as long."""
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()} if type(value) is dict else copy.deepcopy(value)
    if isinstance(value, list):
        return [copied(part) for part in value]
    return value if isinstance(value, (str, int, float, bytes, type(None))) else copy.deepcopy(value)


def copy_items_quickly():
    """Each update of an item copies it four times, which is most of what a transaction takes."""
    dynamodb.copy = types.SimpleNamespace(deepcopy=copied)


class Closing(asyncio.Event):
    """A socket's event of being closed; whoever waits for something to send on it knows it by its context."""

    of_this_socket = contextvars.ContextVar("closing")

    def __init__(self):
        super().__init__()
        self.of_this_socket.set(self)


async def sent_or_closed(sent, timeout):
    """In the place of asyncio.wait_for(): each open socket would look twice a second whether there is something to send,
    and a closed one would be noticed half a second late."""
    sending, closed = asyncio.ensure_future(sent), asyncio.ensure_future(Closing.of_this_socket.get().wait())
    try:
        await asyncio.wait({sending, closed}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            return sending.result()
        raise asyncio.TimeoutError
    finally:
        sending.cancel()
        closed.cancel()


def wake_sockets():
    apigateway.asyncio = types.SimpleNamespace(**{**vars(asyncio), "Event": Closing, "wait_for": sent_or_closed})


def serve(application, saver):
    """Returns, by SystemExit, when SIGTERM has come and what was asked until then is answered."""
    allow_connections()
    copy_items_quickly()
    wake_sockets()
    # uvicorn sends itself the signal again when it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # The application names the date itself, and no AWS endpoint names a server. What it says of its requests is enough.
    uvicorn.run(
        count_requests(saver, application), host=os.environ["BIND_HOST"], port=int(os.environ["GATEWAY_PORT"]),
        loop="asyncio", http="httptools", ws="wsproto", ws_ping_interval=None, lifespan="on", proxy_headers=False,
        access_log=False, log_config=None, server_header=False, date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=GRACE_SECONDS)
