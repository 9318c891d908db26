"""The aws CLI from PyPI, asked in one process.

usage: cli.py check < SCRIPT    each command of a script is parsed and validated and nothing is sent; prints how many
                                there were, and those that the CLI refuses with its words
       cli.py paths             the request paths of the services whose API is REST
"""

import contextlib
import io
import json
import pathlib
import re
import shlex
import sys
import types

import awscli.clidriver


def commands(script):
    for line in map(str.strip, script):
        found = re.search(r"(?<![\w-])aws (?!\w+ wait)[a-z0-9]+ [a-z0-9-]+ .*", line)
        if found and not line.startswith("#"):
            text = re.sub(r'\)"$', "", found.group())
            yield re.sub(r'"\$[A-Z_]+"', "value", text)


def check():
    driver = awscli.clidriver.create_clidriver()
    answer = (types.SimpleNamespace(status_code=200, headers={}), {})
    # Called once the parameters are validated, in place of the request.
    driver.session.register("before-call", lambda **_: answer)
    found, refused = sorted(set(commands(sys.stdin))), []
    for command in found:
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            try:
                code = driver.main(shlex.split(command)[1:])
            except SystemExit as end:
                code = end.code
        if code:
            refused.append({"command": command, "said": said.getvalue().strip()[-600:]})
    return {"checked": len(found), "refused": refused}


def paths():
    data = pathlib.Path(awscli.clidriver.__file__).parent / "botocore" / "data"
    found = {}
    for service, folder in {"Lambda": "lambda", "Kafka": "kafka", "S3": "s3"}.items():
        model = json.loads((sorted((data / folder).iterdir())[-1] / "service-2.json").read_text())
        for name, operation in model["operations"].items():
            found[f"{service}:{name}"] = operation["http"]["requestUri"]
    return found


print(json.dumps({"check": check, "paths": paths}[sys.argv[1]]()))
