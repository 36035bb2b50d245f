"""Whether the sandbox of this machine holds: attempts to escape, made in a run like any other."""

import json
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from Backtest.errors import Issue, SandboxBroken
from Backtest.sandbox.policy import PROTECTIONS, protected_by
from Backtest.sandbox.pool import POOL

if TYPE_CHECKING:
    from Backtest.data.bars import Window

_ATTEMPTS_FILE = Path(__file__).with_name("escape_attempts.py")

STOPPED_BY = {
    "open_a_network_socket": ("network_namespace", "system_call_filter"),
    "read_the_passwords": ("mount_namespace", "landlock_files"),
    "read_other_processes": ("mount_namespace", "landlock_files", "pid_namespace"),
    "write_a_file": ("mount_namespace", "landlock_files", "system_call_filter"),
    "start_a_process": ("no_processes", "system_call_filter"),
    "run_a_program": ("landlock_files", "system_call_filter"),
    "signal_others": ("system_call_filter", "landlock_signals_and_sockets", "pid_namespace"),
    "become_root": ("no_capabilities", "system_call_filter"),
    "take_more_memory": ("memory_limit",),
    "use_inherited_descriptors": ("closed_descriptors",),
    "make_odd_system_calls": ("system_call_filter",),
}
"""Each attempt, and the layers every one of which would stop it alone."""

IN_A_GROUP = {
    "take_more_memory_than_all_runs_may": "memory_limit_of_all_runs",
    "start_more_processes_than_all_runs_may": "process_limit_of_all_runs",
}
"""What is tried by a process of our own in a small group, where runs stand in one: no run could come to it."""


@dataclass(frozen=True)
class Attempt:
    """`stopped_by_error` is what the attempt met, None when it got through."""

    name: str
    layers: tuple[str, ...]
    stopped_by_error: str | None

    @property
    def held(self) -> bool:
        return self.stopped_by_error is not None


@dataclass(frozen=True)
class SelfTest:
    """`layers` are those that a run has and no attempt refuted, `refuted` those that should have stopped one."""

    attempts: tuple[Attempt, ...]
    layers: tuple[str, ...]
    refuted: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def protects(self) -> dict[str, bool]:
        return protected_by(self.layers)

    @property
    def ok(self) -> bool:
        """No layer is refuted, and what is required is protected."""
        return not self.refuted and all(self.protects[name] for name in self.required)

    def how_to_reach(self) -> dict[str, str]:
        """For each protection that is missing, how to come by it."""
        return {p.name: p.how for p in PROTECTIONS if not self.protects[p.name]}


_lock = threading.Lock()
_last: SelfTest | None = None


def last_self_test() -> SelfTest | None:
    """What the last test of this process found, None before it ended."""
    return _last


def self_test() -> SelfTest:
    """Try it now; from then on no run of this process may have fewer layers. Raises SandboxBroken."""
    global _last
    from Backtest.account import Account
    from Backtest.sandbox.job import Limits, SandboxJob
    from Backtest.sandbox.process import SandboxProcess

    with _lock:
        job = SandboxJob(_ATTEMPTS_FILE.read_text("utf-8"), _two_bars(), Account())
        with SandboxProcess(Limits(memory_mb=256)) as process:
            outcome = process.try_out(job)
        try:
            said = json.loads(outcome.logs)
            attempts = tuple(Attempt(name, layers, said[name]) for name, layers in STOPPED_BY.items())
            attempts += _attempts_in_a_group(outcome.layers)
        except (ValueError, KeyError, TypeError):
            issue = Issue("sandbox", (outcome.error or "") + outcome.logs[-500:])
            raise SandboxBroken("The self-test of the sandbox gave no answer.", [issue]) from None
        refuted = {layer for one in attempts if not one.held for layer in one.layers if layer in outcome.layers}
        layers = tuple(layer for layer in outcome.layers if layer not in refuted)
        _last = SelfTest(attempts, layers, tuple(sorted(refuted)), tuple(sorted(POOL.policy.require)))
        POOL.expected_layers, POOL.refuted_layers = frozenset(layers), frozenset(refuted)
        return _last


def _attempts_in_a_group(layers: Collection[str]) -> tuple[Attempt, ...]:
    held = [(name, layer) for name, layer in IN_A_GROUP.items() if layer in layers]
    if not held:
        return ()
    met = POOL.surroundings.try_group()
    return tuple(Attempt(name, (layer,), met[layer]) for name, layer in held)


def _two_bars() -> "Window":
    import pandas as pd

    from Backtest.data.bars import Bars

    columns = {name: [1.0, 1.0] for name in ("Open", "High", "Low", "Close", "Volume")}
    frame = pd.DataFrame(columns, index=pd.date_range("2020-01-01", periods=2, name="Time"))
    return Bars.from_frame(frame, symbol="SELFTEST", source="self-test", zone="UTC").window(None, None)
