"""What each function costs before its first event: from process start to asking for one, and the memory until then.

usage: init.py CONNECTION_JSON FOLDER RUNS     (prints one JSON document)

FOLDER has the zips as they are deployed. Each run starts one process with the variables of the deployed function and
ends it when it asks the Runtime API for its first event; memory is the process's peak (VmHWM).
"""

import http.server
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))
from aws import client  # noqa: E402
from cold_start import peak, variables_of  # noqa: E402


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A process that is ended cuts its connection."""


class FirstEvent(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked_at = time.perf_counter()
        self.server.asked.set()
        self.server.over.wait(30)

    def log_message(self, *_):
        pass


def run(executable, variables):
    server = Server(("127.0.0.1", 0), FirstEvent)
    server.asked, server.over = threading.Event(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {**variables, "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"}
    began = time.perf_counter()
    process = subprocess.Popen([executable], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        if not server.asked.wait(30):
            process.kill()
            sys.exit(f"{executable} did not start: {process.stderr.read().decode()[-2000:]}")
        return (server.asked_at - began) * 1000, peak(process.pid)
    finally:
        process.kill()
        process.communicate()
        server.over.set()
        server.shutdown()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        connection = json.load(file)
    functions = client(connection, "lambda")
    pages = functions.get_paginator("list_functions").paginate()
    deployed = sorted(each["FunctionName"] for page in pages for each in page["Functions"])
    report = {}
    for zipped in sorted(pathlib.Path(sys.argv[2]).glob("*.zip")):
        name = next(name for name in deployed if name.startswith(f"onboard-ai-{zipped.stem}-"))
        variables = variables_of(functions, connection, name)
        with tempfile.TemporaryDirectory() as unpacked, zipfile.ZipFile(zipped) as package:
            executable = package.extract("bootstrap", unpacked)
            os.chmod(executable, 0o755)
            # The first one reads the file from disk.
            measured = [run(executable, variables) for _ in range(int(sys.argv[3]) + 1)][1:]
            report[zipped.stem] = {
                "size_mb": round(os.path.getsize(executable) / 1e6, 1),
                "init_p50_ms": round(statistics.median(ms for ms, _ in measured), 1),
                "peak_mb": round(statistics.median(mb for _, mb in measured), 1),
            }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
