"""Asks pip's own resolver, once for each line of standard input: `[...arguments]` in, its exit code out."""

import contextlib
import io
import json
import sys

from pip._internal.cli.main import main

answers = sys.stdout
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main(json.loads(line))
        except SystemExit as end:
            code = end.code
    answers.write(f"{code}\n")
    answers.flush()
