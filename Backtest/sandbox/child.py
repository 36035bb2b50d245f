"""The child's side: load the libraries, lock up, say so, take one job, answer it, and end.

Run as `python -m Backtest.sandbox.child JOB_DESCRIPTOR RESULT_DESCRIPTOR`. The parent sends its settings, then the
job, as frames on the first; the child answers with two frames on the second: the layers that hold, and the outcome.
"""

import importlib
import math
import os
import signal
import sys

from Backtest.sandbox import confinement, plotless
from Backtest.sandbox.job import Limits
from Backtest.sandbox.protocol import MAX_JOB_BYTES, from_json, job_from_payloads, read_frame, to_json, write_frame

ALARM_GRACE_S = 5
"""How long a child outlives its wall clock when no parent is left to stop it."""

PRELOADED = ("backtesting.test", "bisect", "calendar", "decimal", "fractions", "heapq", "statistics", "talib")
"""What a strategy may import and nothing else loads: once locked up, the files may be out of reach."""


def main(job_descriptor: int, result_descriptor: int) -> None:
    settings = from_json(read_frame(job_descriptor, MAX_JOB_BYTES) or b"null")
    limits = Limits(**settings["limits"])
    layers = ("process", "clean_environment", *confinement.leave_the_network())
    plotless.install()
    from Backtest.sandbox.execution import execute  # not before the plots are stood in for

    for name in PRELOADED:
        importlib.import_module(name)
    sys.dont_write_bytecode = True  # a limit on file sizes would leave half a cached module behind
    layers += confinement.give_up_privileges(settings["home"])
    layers += confinement.limit_resources(limits)
    write_frame(result_descriptor, to_json({"layers": layers}))

    header = read_frame(job_descriptor, MAX_JOB_BYTES)
    if header is None:  # nobody needs this child any more
        return
    job = job_from_payloads(header, read_frame(job_descriptor, MAX_JOB_BYTES) or b"")
    os.close(job_descriptor)
    streams = (sys.stdout, sys.stderr)
    signal.alarm(math.ceil(limits.wall_s) + ALARM_GRACE_S)
    payload = execute(job, limits)
    for stream in streams:
        stream.flush()
    write_frame(result_descriptor, payload)
    os._exit(0)  # nothing that the strategy registered for the end of the process runs


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
