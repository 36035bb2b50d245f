"""The parent's side of the sandbox: it starts the child, keeps the clock, and believes nothing that comes back."""

import secrets
import signal
import threading
import time
from dataclasses import asdict
from types import TracebackType
from typing import Self

from Backtest.errors import Issue, SandboxBroken, SandboxLost
from Backtest.sandbox.answer import Answer, answer_from_payload
from Backtest.sandbox.job import MEGABYTE, Limits, SandboxJob, SandboxOutcome
from Backtest.sandbox.pipes import ParentPipes
from Backtest.sandbox.pool import POOL, Child, ChildEnd
from Backtest.sandbox.protocol import ChildJob, ProtocolBreach, frame, from_json, job_frames, to_json

START_UP_S = 60.0
"""How long the libraries may take to load: generous, since a slow machine is no fault of the strategy."""

_EXIT_GRACE_S = 1.0
_MAX_HELLO_BYTES = 4096
_JOB_ID_BYTES = 16


def run_strategy_source(job: SandboxJob, limits: Limits | None = None) -> SandboxOutcome:
    """Run strategy code in a child of its own.

    Raises SandboxBroken when none can be had, and SandboxTooWeak when it would be held less than is required.
    """
    with SandboxProcess(limits or Limits()) as process:
        return process.run(job)


class SandboxProcess:
    """A child that stands ready, or gets ready while the parent does other work, and takes one job.

        with SandboxProcess(Limits()) as process:
            ...                       # read a text, fetch bars
            outcome = process.run(job)

    Leaving the block ends the child.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._has_run = False
        self._end: ChildEnd | None = None
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        self._connect(POOL.take())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.kill()
        self._pipes.close()
        self._child.close()
        POOL.refill()

    def _connect(self, child: Child) -> None:
        self._child = child
        self._pipes = ParentPipes(child.job, child.result, child.log, self._limits.log_kb * 1024)
        self._pipes.send(frame(to_json({"limits": asdict(self._limits)})))
        self._pipes.pump(0)  # the child can set to work before anybody waits for it

    def run(self, job: SandboxJob) -> SandboxOutcome:
        """Hand over the one job of this process and wait for its end, `wall_s` and a moment at most.

        Raises SandboxTooWeak, before any code is handed over, when this machine protects less than is required.
        """
        return self._run(job, expect_policy=True)

    def try_out(self, job: SandboxJob) -> SandboxOutcome:
        """As `run`, with code of our own that finds out how strong the sandbox is."""
        return self._run(job, expect_policy=False)

    def _run(self, job: SandboxJob, *, expect_policy: bool) -> SandboxOutcome:
        if self._has_run:
            raise SandboxBroken("A sandbox process takes one job: start another one for the next.")
        self._has_run = True
        try:
            layers, answer = self._take_turn(job, expect_policy=expect_policy)
        except SandboxLost:
            if self._stopped.is_set():
                raise
            self._renew()
            layers, answer = self._take_turn(job, expect_policy=expect_policy)
        self._child.kill()
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

    def _take_turn(self, job: SandboxJob, *, expect_policy: bool) -> tuple[tuple[str, ...], Answer]:
        layers = self._layers_of_ready_child()
        if expect_policy:
            POOL.expect(layers)
        bars = job.bars.bars
        job_id = secrets.token_hex(_JOB_ID_BYTES)
        child_job = ChildJob(
            job.code,
            job.class_name,
            bars.frame,
            job.bars.first_bar,
            bars.timeframe,
            job.account,
            job_id,
            job.record_decisions,
            job.measure,
        )
        for part in job_frames(child_job):
            self._pipes.send(part)
        return layers, self._answer(job, job_id)

    def _renew(self) -> str:
        """Go on with another child; what the zygote of the last one said if it ended."""
        child = self._child
        self._pipes.close()
        try:
            replacement, said = POOL.replace(child)
        finally:
            child.close()
        self._connect(replacement)
        return said

    def stop(self) -> None:
        """End the child from another thread, at any time inside the block; who waits for it is told that it ended."""
        self._stopped.set()
        self._child.kill()

    def _layers_of_ready_child(self) -> tuple[str, ...]:
        layers = self._hello()
        if layers is None and not self._stopped.is_set():  # its zygote may have ended meanwhile: one more try
            self._pipes.drain_log()
            child_said = self._pipes.log.text()
            zygote_said = self._renew()
            layers = self._hello()
            if layers is None:
                self._pipes.drain_log()
                said = (self._pipes.log.text() or zygote_said or child_said)[-2000:] or "It said nothing."
                raise SandboxBroken(
                    "The isolated process could not start: it ended before it was ready.",
                    [Issue("sandbox", said, "Check that its Python has the project's packages.")],
                )
        if layers is None:
            raise SandboxBroken("The isolated process was stopped before its job.")
        return layers

    def _hello(self) -> tuple[str, ...] | None:
        """The layers that hold, as the child says before it has any code; None when it ended before."""
        try:
            hello = self._pipes.receive(time.monotonic() + START_UP_S, _MAX_HELLO_BYTES, last=False)
        except TimeoutError:
            message = f"The isolated process could not start: it was not ready after {START_UP_S:.0f} s."
            raise SandboxBroken(message) from None
        return None if hello is None else tuple(from_json(hello)["layers"])

    def _answer(self, job: SandboxJob, job_id: str) -> Answer:
        deadline = time.monotonic() + self._limits.wall_s
        breach: str | None = None
        try:
            payload = self._pipes.receive(deadline, self._limits.result_mb * MEGABYTE, last=True)
            if payload is not None:
                return answer_from_payload(payload, job.bars, job_id, measured=job.measure)
        except TimeoutError:
            return Answer("timeout", error=f"The run was stopped after {self._limits.wall_s:g} s.", limit="wall_s")
        except ProtocolBreach as error:
            breach = str(error)
        return self._answer_of_exit(breach)

    def _answer_of_exit(self, breach: str | None) -> Answer:
        """What a child without a valid answer came to, as its exit tells it."""
        end = self._end_within(_EXIT_GRACE_S)
        code = None if end is None else end.exit_code
        # The limit counts the ticks of a clock, the report what was really used: on a busy machine they differ.
        used_up = end is not None and end.cpu_s > self._limits.cpu_s / 2
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

    def _end_within(self, timeout_s: float) -> ChildEnd | None:
        """The end of a child that ends by itself in time, else None."""
        deadline = time.monotonic() + timeout_s
        while self._end is None and time.monotonic() < deadline:
            self._pipes.pump(0)
            self._end = self._child.end_within(0.01)
        return self._end
