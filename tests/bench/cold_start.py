"""From process start to the first answered request, first publish included: our function beside the same work in Node.

usage: cold_start.py CONNECTION_JSON ZIP NODE_SCRIPT RUNS     (prints one JSON document)

ZIP is our function as it is deployed; it is unpacked as Lambda does before it runs.

Each run starts one process with the variables that the deployed function has, hands it one request over a Runtime API
of our own, and measures until its answer; memory is the process's peak (VmHWM). Both sides run in turns.
"""

import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))
from aws import client  # noqa: E402


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.server.handed_out:
            self.server.over.wait(30)
            return
        self.server.handed_out = True
        self.answer(200, self.server.event, {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 15000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:bench:live",
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
            "Content-Type": "application/json",
        })

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) \
            if "chunked" not in self.headers.get("Transfer-Encoding", "") else self.chunks()
        self.server.answered_at = time.perf_counter()
        self.server.answered = (self.path, body)
        self.answer(202, b"{}", {})
        self.server.over.set()

    def chunks(self):
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def request():
    body = {"email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "dateOfBirth": "1990-12-10",
            "phoneNumber": "+442071838750"}
    return json.dumps({
        "version": "2.0", "routeKey": "POST /api/user/submit", "rawPath": "/api/user/submit", "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/api/user/submit"}},
        "body": json.dumps(body), "isBase64Encoded": False,
    }).encode()


def peak(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def run(command, variables):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    server.event, server.handed_out, server.over, server.answered = request(), False, threading.Event(), None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {**variables, "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        if not server.over.wait(30):
            process.kill()
            sys.exit(f"{command} did not answer: {process.stderr.read().decode()[-2000:]}")
        path, body = server.answered
        answer = json.loads(body)
        if not path.endswith("/response") or answer.get("statusCode") != 201:
            sys.exit(f"{command} answered {path} {body[:500]}")
        return (server.answered_at - began) * 1000, peak(process.pid)
    finally:
        process.kill()
        process.wait()
        server.shutdown()


def variables_of(functions, connection, name):
    found = functions.get_function_configuration(FunctionName=name, Qualifier="live")
    credentials = connection["credentials"]
    return {
        **found["Environment"]["Variables"], "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": connection["endpoint"], "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_LOG_GROUP_NAME": "bench", "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        "AWS_ACCESS_KEY_ID": credentials["access_key_id"], "AWS_SECRET_ACCESS_KEY": credentials["secret_access_key"],
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        connection = json.load(file)
    unpacked, script, runs = tempfile.TemporaryDirectory(), sys.argv[3], int(sys.argv[4])
    with zipfile.ZipFile(sys.argv[2]) as deployed:
        bootstrap = deployed.extract("bootstrap", unpacked.name)
    os.chmod(bootstrap, 0o755)
    variables = variables_of(client(connection, "lambda"), connection, "onboard-ai-submit-user-info-local")
    sides = {"rust": [bootstrap], "node": ["node", script]}
    measured = {side: [] for side in sides}
    for round_ in range(runs + 1):
        for side, command in sides.items():
            result = run(command, variables)
            if round_:  # the first one reads the files from disk
                measured[side].append(result)
    report = {"runs": runs}
    for side, results in measured.items():
        report[side] = {"p50_ms": round(statistics.median(ms for ms, _ in results), 1),
                        "max_ms": round(max(ms for ms, _ in results), 1),
                        "peak_mb": round(statistics.median(mb for _, mb in results), 1)}
    report["times_faster"] = round(report["node"]["p50_ms"] / report["rust"]["p50_ms"], 2)
    report["times_smaller"] = round(report["node"]["peak_mb"] / report["rust"]["peak_mb"], 2)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
