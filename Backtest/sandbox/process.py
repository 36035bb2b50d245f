"""The parent's side of the sandbox: it starts the child, keeps the clock, and believes nothing that comes back."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from Backtest.errors import Issue, SandboxBroken
from Backtest.sandbox.answer import Answer, answer_from_payload
from Backtest.sandbox.job import MEGABYTE, Limits, SandboxJob, SandboxOutcome
from Backtest.sandbox.pipes import ParentPipes
from Backtest.sandbox.protocol import ChildJob, ProtocolBreach, frame, from_json, job_frames, to_json

START_UP_S = 60.0
"""How long a child may load its libraries: generous, since a slow machine is no fault of the strategy."""

_EXIT_GRACE_S = 1.0
_MAX_HELLO_BYTES = 4096
_PROJECT_ROOT = Path(__file__).resolve().parents[2]


def run_strategy_source(job: SandboxJob, limits: Limits | None = None) -> SandboxOutcome:
    """Run strategy code in a child of its own; raises SandboxBroken when the child can't start."""
    with SandboxProcess(limits or Limits()) as process:
        return process.run(job)


class SandboxProcess:
    """A child that loads its libraries while the parent does other work, and takes one job.

        with SandboxProcess(Limits()) as process:
            ...                       # read a text, fetch bars
            outcome = process.run(job)

    Leaving the block ends the child and everything it started, and removes its directory.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._has_run = False
        self._cpu_s = 0.0
        self._ending = threading.Lock()

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="sandbox-")
        job_read, job_write = os.pipe()
        result_read, result_write = os.pipe()
        log_read, log_write = os.pipe()
        command = ["-P", "-s", "-m", "Backtest.sandbox.child", str(job_read), str(result_write)]
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own module, no user's text in the command
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=log_write,
                stderr=log_write,
                pass_fds=(job_read, result_write),
                cwd=self._home,
                env=_environment(self._home),
                start_new_session=True,
            )
        except OSError as error:
            for descriptor in (job_write, result_read, log_read):
                os.close(descriptor)
            shutil.rmtree(self._home, ignore_errors=True)
            raise SandboxBroken(f"The isolated process could not start: {error}.") from error
        finally:
            for descriptor in (job_read, result_write, log_write):
                os.close(descriptor)
        self._pipes = ParentPipes(job_write, result_read, log_read, self._limits.log_kb * 1024)
        self._pipes.send(frame(to_json({"limits": asdict(self._limits), "home": self._home})))
        self._pipes.pump(0)  # the child can set to work before anybody waits for it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._pipes.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def run(self, job: SandboxJob) -> SandboxOutcome:
        """Hand over the one job of this process and wait for its end, `wall_s` and a moment at most."""
        if self._has_run:
            raise SandboxBroken("A sandbox process takes one job: start another one for the next.")
        self._has_run = True
        layers = self._layers_of_ready_child()
        bars = job.bars.bars
        child_job = ChildJob(job.code, job.class_name, bars.frame, job.bars.first_bar, bars.timeframe, job.account)
        for part in job_frames(child_job):
            self._pipes.send(part)
        answer = self._answer(job)
        self._end()
        self._pipes.drain_log()
        hit = [] if answer.limit is None else [answer.limit]
        if self._pipes.log.dropped_bytes:
            hit.append("log_kb")
        return SandboxOutcome(
            status=answer.status,
            result=answer.result,
            class_name=answer.class_name,
            error=answer.error,
            error_line=answer.error_line,
            logs=self._pipes.log.text(),
            layers=layers,
            limits_hit=tuple(hit),
        )

    def stop(self) -> None:
        """End the child from another thread, at any time inside the block; who waits for it is told that it ended."""
        with self._ending:
            if self._child.returncode is None:
                os.killpg(self._child.pid, signal.SIGKILL)

    def _layers_of_ready_child(self) -> tuple[str, ...]:
        try:
            hello = self._pipes.receive(time.monotonic() + START_UP_S, _MAX_HELLO_BYTES, last=False)
            if hello is not None:
                return tuple(from_json(hello)["layers"])
        except TimeoutError:
            reason = f"it was not ready after {START_UP_S:.0f} s"
        else:
            reason = "it ended before it was ready"
        self._end()
        self._pipes.drain_log()
        said = self._pipes.log.text()[-2000:] or "It said nothing."
        issue = Issue("sandbox", said, "Check that its Python has the project's packages.")
        raise SandboxBroken(f"The isolated process could not start: {reason}.", [issue])

    def _answer(self, job: SandboxJob) -> Answer:
        deadline = time.monotonic() + self._limits.wall_s
        breach: str | None = None
        try:
            payload = self._pipes.receive(deadline, self._limits.result_mb * MEGABYTE, last=True)
            if payload is not None:
                return answer_from_payload(payload, job.bars)
        except TimeoutError:
            return Answer("timeout", error=f"The run was stopped after {self._limits.wall_s:g} s.", limit="wall_s")
        except ProtocolBreach as error:
            breach = str(error)
        return self._answer_of_exit(breach)

    def _answer_of_exit(self, breach: str | None) -> Answer:
        """What a child without a valid answer came to, as its exit tells it."""
        code = self._exit_code_within(_EXIT_GRACE_S)
        used_up = self._cpu_s >= self._limits.cpu_s
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and used_up):
            return Answer("timeout", error=f"The run used up its {self._limits.cpu_s:g} s of CPU.", limit="cpu_s")
        if code == -signal.SIGKILL:
            return Answer("killed", error="The system killed the run: it ran out of memory.", limit="memory_mb")
        if code is not None and code < 0:
            return Answer("failed", error=f"The run crashed ({signal.Signals(-code).name}).")
        if breach is not None:
            return Answer("failed", error=f"The run broke the protocol of the sandbox: {breach}.")
        if code is None:
            return Answer("failed", error="The run closed its way to answer.")
        return Answer("failed", error=f"The run ended its process (exit code {code}) before it was done.")

    def _exit_code_within(self, timeout_s: float) -> int | None:
        """The exit code of a child that ends by itself in time (negative: a signal), else None."""
        deadline = time.monotonic() + timeout_s
        while os.waitid(os.P_PID, self._child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() >= deadline:
                return None
            self._pipes.pump(0.01)
        self._end()
        return self._child.returncode

    def _end(self) -> None:
        """Kill the child and all it started (a zombie still holds its group's number), and take note of its use."""
        with self._ending:
            if self._child.returncode is not None:
                return
            os.killpg(self._child.pid, signal.SIGKILL)
            _, status, usage = os.wait4(self._child.pid, 0)
            self._child.returncode = os.waitstatus_to_exitcode(status)
            self._cpu_s = usage.ru_utime + usage.ru_stime


def _environment(home: str) -> dict[str, str]:
    """All that the child sees of this process; hash seed and threads are fixed so that a run can be repeated."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": home,
        "TMPDIR": home,
        "PYTHONPATH": str(_PROJECT_ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
