"""The parent's handle on the zygote, and the children that wait ready in this process.

One zygote serves a process, from the first run to its end: a server starts it early, a command when it needs it. It is
replaced when it ends, and never shared with a process that was forked from this one.
"""

import array
import atexit
import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from Backtest.errors import SandboxBroken, SandboxLost, SandboxTooWeak
from Backtest.sandbox.policy import Policy
from Backtest.sandbox.surroundings import Surroundings

_PROJECT_ROOT = Path(__file__).resolve().parents[2]
_END_S = 5.0
_REPORT_BYTES = 16


@dataclass(frozen=True)
class ChildEnd:
    """How a child ended: its exit code, negative for a signal, and the CPU time it used."""

    exit_code: int
    cpu_s: float


class Child:
    """A child that was asked for: it may not be there yet. `job`, `result` and `log` are the parent's descriptors."""

    def __init__(self, zygote: "Zygote") -> None:
        self.zygote = zygote
        self._closed = False
        job, self.job = os.pipe()
        self.result, result = os.pipe()
        self.log, log = os.pipe()
        self._status, status = socket.socketpair()
        try:
            zygote.request((job, result, log, status.fileno()))
        except OSError as error:
            self.close()
            raise SandboxBroken(f"The isolated process could not start: {error}.") from error
        finally:
            for descriptor in (job, result, log):
                os.close(descriptor)
            status.close()

    def kill(self) -> None:
        """End it, now or as soon as it is there. Returns at once; may be called again, from any thread."""
        with contextlib.suppress(OSError):  # it has ended
            self._status.shutdown(socket.SHUT_WR)

    def end_within(self, timeout_s: float) -> ChildEnd | None:
        """How it ended, None when it has not ended in time. Raises SandboxLost when nobody is left to tell."""
        waiting = select.poll()  # select() takes no descriptor above 1023
        waiting.register(self._status, select.POLLIN)
        if not waiting.poll(timeout_s * 1000):
            return None
        with contextlib.suppress(ConnectionResetError):
            report = self._status.recv(_REPORT_BYTES)
            if len(report) == _REPORT_BYTES:
                exit_code, cpu_s = array.array("d", report)
                return ChildEnd(int(exit_code), cpu_s)
        raise SandboxLost("The process that holds the sandbox ended during the run; it is started anew: try again.")

    def is_lost_within(self, timeout_s: float) -> bool:
        """Wait for its end; whether its zygote is gone too."""
        try:
            self.end_within(timeout_s)
        except SandboxLost:
            return True
        return False

    def close(self) -> None:
        """Let go of it; without a job it ends by itself. May be called again."""
        if self._closed:
            return
        self._closed = True
        for descriptor in (self.job, self.result, self.log):
            os.close(descriptor)
        self._status.close()


class Zygote:
    """A zygote that was started; it loads its libraries while requests wait in its socket."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._group = surroundings.group()
        self._control, theirs = socket.socketpair()
        expected = surroundings.expectation(self._group).to_argument()
        python = [sys.executable, "-P", "-s", "-m", "Backtest.sandbox.zygote", str(theirs.fileno()), expected]
        try:
            command = surroundings.command(python, self._group)
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no user's text in the command
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )
        except OSError as error:
            self._give_up()
            raise SandboxBroken(f"The isolated process could not start: {error}.") from error
        except SandboxTooWeak:
            self._give_up()
            raise
        finally:
            theirs.close()

    def _give_up(self) -> None:
        self._control.close()
        self._group.remove()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def request(self, descriptors: tuple[int, int, int, int]) -> None:
        socket.send_fds(self._control, [b"f"], descriptors)

    def stop(self) -> str:
        """End it and all its children; what it said last."""
        self._control.close()
        try:
            _, said = self._process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, said = self._process.communicate()
        self._group.remove()
        return said.decode("utf-8", "replace")

    def forget(self) -> None:
        """In a process that was forked from its owner: close what was inherited, and leave it alone."""
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process.returncode = 0  # it is not this process's child: nothing to wait for


class Pool:
    """Children of one zygote, some of them waiting ready."""

    def __init__(self) -> None:
        self.policy = Policy()
        self.expected_layers: frozenset[str] = frozenset()
        """What the self-test saw holding: no run may have less."""
        self.refuted_layers: frozenset[str] = frozenset()
        """What the self-test got through: it counts for nothing."""
        self.ready_children = 2
        self.surroundings = Surroundings()
        """What stands around the next zygote that is started."""
        self._lock = threading.Lock()
        self._zygote: Zygote | None = None
        self._ready: deque[Child] = deque()

    def start(self, ready_children: int | None = None) -> None:
        """Make children ready, from now on as many where that is said. Returns at once; it takes a second or two."""
        with self._lock:
            if ready_children is not None:
                self.ready_children = ready_children
            self._fill()

    def expect(self, layers: Collection[str]) -> None:
        """Raises SandboxTooWeak or SandboxBroken unless a run with these layers may be given a user's code."""
        self.policy.expect(frozenset(layers) - self.refuted_layers)
        lacking = self.expected_layers.difference(layers)
        if lacking:
            raise SandboxBroken(f"This run would lack what the self-test saw holding: {', '.join(sorted(lacking))}.")

    def take(self) -> Child:
        """A child for one job; `refill`, when that is done, lets another one wait in its place."""
        with self._lock:
            if not self._ready or not self._zygote_lives():
                self._fill()
            return self._ready.popleft()

    def refill(self) -> None:
        """Let as many wait again as are to; not at once after `take`, where it would slow the job down."""
        with self._lock, contextlib.suppress(SandboxBroken, SandboxTooWeak):  # the next run meets it too, and says it
            if self._zygote_lives():
                self._fill()

    def replace(self, child: Child) -> tuple[Child, str]:
        """Another child for one that is gone, and what its zygote said if that ended."""
        zygote_is_gone = child.is_lost_within(_END_S)
        with self._lock:
            said = self._end() if zygote_is_gone and child.zygote is self._zygote else ""
            self._fill()
            return self._ready.popleft(), said

    def stop(self) -> None:
        """End the zygote and all children; the next run starts another one."""
        with self._lock:
            self._end()

    @property
    def zygote_pid(self) -> int | None:
        """The process that holds the sandbox, where one is started."""
        return None if self._zygote is None else self._zygote.pid

    def forget(self) -> None:
        """In a forked process: nothing of this is its own."""
        self._lock = threading.Lock()
        while self._ready:
            self._ready.popleft().close()
        if self._zygote is not None:
            self._zygote.forget()
            self._zygote = None

    def _fill(self) -> None:
        if self._zygote is not None and not self._zygote.is_alive():
            self._end()
        if self._zygote is None:
            self._zygote = Zygote(self.surroundings)
        while len(self._ready) < self.ready_children:
            self._ready.append(Child(self._zygote))

    def _zygote_lives(self) -> bool:
        return self._zygote is not None and self._zygote.is_alive()

    def _end(self) -> str:
        while self._ready:
            self._ready.popleft().close()
        zygote, self._zygote = self._zygote, None
        return "" if zygote is None else zygote.stop()


def _environment() -> dict[str, str]:
    """All that the zygote sees of this process; hash seed and threads are fixed so that a run can be repeated."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": "/nonexistent",
        "PYTHONPATH": str(_PROJECT_ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


POOL = Pool()
"""This process's own."""

os.register_at_fork(after_in_child=POOL.forget)
atexit.register(POOL.stop)
