"""Asks pip's own resolver, once for each line of standard input: `{"arguments", "markers"}` in, its exit code out."""

import contextlib
import io
import json
import sys

from pip._internal.cli.main import main
from pip._vendor.packaging import markers

answers = sys.stdout
own_environment = markers.default_environment
for line in sys.stdin:
    question = json.loads(line)
    # pip reads markers for the Python that it runs on, whatever it is asked to install for.
    markers.default_environment = lambda: {**own_environment(), **question["markers"]}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main(question["arguments"])
        except SystemExit as end:
            code = end.code
    answers.write(f"{code}\n")
    answers.flush()
