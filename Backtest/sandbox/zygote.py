"""The process that children are forked from: it holds the loaded libraries, one thread, no secret and no job.

Run as `python -m Backtest.sandbox.zygote CONTROL_DESCRIPTOR EXPECTATION PID`: what is to stand around it, and the
number of its outermost process as seen from outside. On the control socket comes one byte for each child that is
wanted, with four descriptors: its job, its result, its log, and a socket for its status. Half-closing that socket ends
the child; how it ended is then written there. When the control socket ends, so do the zygote and its children.
"""

import array
import contextlib
import gc
import importlib
import os
import resource
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from Backtest.sandbox import kernel_calls, namespaces, plotless
from Backtest.sandbox.surroundings import Expectation

if TYPE_CHECKING:
    from Backtest.sandbox.confinement import Walls

PRELOADED = (
    "backtesting.test bisect calendar cmath copy dataclasses decimal enum fractions functools hashlib heapq json "
    "logging numpy.fft numpy.lib.stride_tricks numpy.linalg numpy.polynomial numpy.random numpy.typing pprint "
    "statistics string struct talib talib.abstract textwrap typing warnings zoneinfo"
).split()
"""What a strategy may import and nothing else loads: no child then spends its time on it."""


@dataclass(frozen=True)
class Fork:
    """A living child: its own number among those that live, and where its end is reported."""

    slot: int
    status: socket.socket


def main(control: int, expectation: Expectation, outer_pid: int) -> None:
    os.umask(0o022)
    around = expectation.layers() + namespaces.enter()
    if "pid_namespace" in around:
        _go_on_as_first_of_the_namespace(control)
    _load_engine()
    project = str(Path(__file__).resolve().parents[2])
    sys.path[:] = [path for path in sys.path if os.path.realpath(path) != project]  # what a run needs of it is loaded
    libraries = namespaces.library_paths()
    own_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if "pid_namespace" in around else None
    statm = os.open("/proc/self/statm", os.O_RDONLY) if kernel_calls.LINUX else None
    from Backtest.sandbox import landlock, syscalls
    from Backtest.sandbox.confinement import Walls

    call_filter = syscalls.call_filter()
    if "pid_namespace" in around and namespaces.see_only(libraries):
        around += ("mount_namespace",)
    version = landlock.version()
    walls = Walls(outer_pid, around, version, landlock.ruleset(version, libraries) if version else None, call_filter)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=control) as requests:
        Zygote(requests, walls, own_namespace, statm).serve()


def _go_on_as_first_of_the_namespace(control: int) -> None:
    """Returns in a child, with whose end all its processes are ended by the kernel; this process waits for it."""
    pid = os.fork()
    if pid:
        os.close(control)
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel_calls.die_with_the_parent(signal.SIGKILL)


def _load_engine() -> None:
    """All imports that a run may cause, by a run."""
    sys.dont_write_bytecode = True
    plotless.install()
    from Backtest.sandbox import child  # noqa: F401 - before the project goes out of sight
    from Backtest.sandbox.rehearsal import rehearse

    for name in PRELOADED:
        importlib.import_module(name)
    rehearse()


class Zygote:
    """Forks on request, ends on request, and reports each end."""

    def __init__(self, requests: socket.socket, walls: "Walls", own_namespace: int | None, statm: int | None) -> None:
        self._requests = requests
        self._walls = walls
        self._own_namespace = own_namespace
        self._statm = statm
        self._forks: dict[int, Fork] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Until the control socket ends."""
        woken, waking = os.pipe()
        os.set_blocking(waking, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(waking)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._requests, selectors.EVENT_READ)
        self._selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._requests:
                    if not self._take_request():
                        self._end_all()
                        return
                elif key.fileobj == woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(woken, 4096)
                elif key.data in self._forks:  # the parent half-closed its end, or is gone
                    self._selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)
            self._reap()

    def _take_request(self) -> bool:
        request, descriptors, _, _ = socket.recv_fds(self._requests, 1, 4)
        if not request:
            return False
        job, result, log, status = descriptors
        self._fork((job, result, log), socket.socket(fileno=status))
        for descriptor in (job, result, log):
            os.close(descriptor)
        return True

    def _fork(self, descriptors: tuple[int, int, int], status: socket.socket) -> None:
        from Backtest.sandbox import child

        taken = {fork.slot for fork in self._forks.values()}
        slot = next(number for number in range(len(taken) + 1) if number not in taken)
        address_space_bytes = self._address_space_bytes()
        if self._own_namespace is not None:
            kernel_calls.unshare(kernel_calls.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            child.live(descriptors, self._walls, slot, address_space_bytes)
        if self._own_namespace is not None:
            kernel_calls.setns(self._own_namespace, kernel_calls.CLONE_NEWPID)
        self._forks[pid] = Fork(slot, status)
        self._selector.register(status, selectors.EVENT_READ, pid)

    def _reap(self) -> None:
        while self._forks:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            self._report(self._forks.pop(pid), status, usage)

    def _report(self, fork: Fork, status: int, usage: resource.struct_rusage) -> None:
        report = array.array("d", [os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime])
        with contextlib.suppress(KeyError):  # it was taken out when its end was wanted
            self._selector.unregister(fork.status)
        with fork.status, contextlib.suppress(OSError):  # a parent that is gone needs no report
            fork.status.send(report.tobytes())

    def _end_all(self) -> None:
        for pid in self._forks:
            os.kill(pid, signal.SIGKILL)
        for _ in self._forks:
            os.wait()

    def _address_space_bytes(self) -> int | None:
        if self._statm is None:
            return None
        return int(os.pread(self._statm, 200, 0).split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    main(int(sys.argv[1]), Expectation.from_argument(sys.argv[2]), int(sys.argv[3]))
