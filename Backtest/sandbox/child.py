"""A child of the zygote: lock up, say so, take one job, answer it, and end.

The parent sends its limits, then the job, as frames on one pipe; the child answers with two frames on another: the
layers that hold, and the outcome.
"""

import fcntl
import os
import signal
import sys
from dataclasses import replace
from typing import NoReturn

from Backtest.sandbox import confinement
from Backtest.sandbox.confinement import Walls
from Backtest.sandbox.execution import execute
from Backtest.sandbox.job import Limits
from Backtest.sandbox.protocol import MAX_JOB_BYTES, from_json, job_from_payloads, read_frame, to_json, write_frame
from Backtest.sandbox.rehearsal import rehearse

_JOB, _RESULT, _RULES = 3, 4, 5
_ABOVE_ALL = 64


def live(descriptors: tuple[int, int, int], walls: Walls, slot: int, address_space_bytes: int | None) -> NoReturn:
    """The whole life of a child whose `descriptors` are those of the job, the result and the log; it never returns."""
    exit_code = 1
    try:
        walls = _keep_only(descriptors, walls)
        layers = confinement.lock_up(walls, slot)
        rehearse()  # while it waits: the pages that a run writes to are then its own
        _take_one_job(layers, address_space_bytes)
        exit_code = 0
    except BaseException:  # noqa: BLE001 - said in the log; whatever it is, a child must not become a second zygote
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(exit_code)  # nothing that the strategy registered for the end of the process runs


def _keep_only(descriptors: tuple[int, int, int], walls: Walls) -> Walls:
    """Nothing stays open but the empty input, the log, the job, the result, and for a moment the Landlock rules."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    job, result, log = descriptors
    rules = walls.landlock_rules
    wanted = {1: log, 2: log, _JOB: job, _RESULT: result, **({} if rules is None else {_RULES: rules})}
    out_of_the_way = {at: fcntl.fcntl(descriptor, fcntl.F_DUPFD, _ABOVE_ALL) for at, descriptor in wanted.items()}
    for at, descriptor in out_of_the_way.items():
        os.dup2(descriptor, at)
    os.closerange(_RESULT + 1 if rules is None else _RULES + 1, os.sysconf("SC_OPEN_MAX"))
    return replace(walls, landlock_rules=None if rules is None else _RULES)


def _take_one_job(layers: tuple[str, ...], address_space_bytes: int | None) -> None:
    settings = read_frame(_JOB, MAX_JOB_BYTES)
    if settings is None:  # nobody needs this child any more
        return
    limits = Limits(**from_json(settings)["limits"])
    layers += confinement.limit_resources(limits, address_space_bytes)
    write_frame(_RESULT, to_json({"layers": layers}))
    header = read_frame(_JOB, MAX_JOB_BYTES)
    if header is None:
        return
    job = job_from_payloads(header, read_frame(_JOB, MAX_JOB_BYTES) or b"")
    os.close(_JOB)
    streams = (sys.stdout, sys.stderr)
    payload = execute(job, limits)
    for stream in streams:
        stream.flush()
    write_frame(_RESULT, payload)
    os.close(_RESULT)  # the parent need not wait until the memory of this process is given back
