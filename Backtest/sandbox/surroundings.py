"""What stands around a zygote and all of its runs: a group of their own, and an outer wall. By setting."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from Backtest.errors import Issue, SandboxTooWeak
from Backtest.sandbox import bubblewrap, cgroups
from Backtest.sandbox.cgroups import NO_GROUP, Group

OUTER_WALLS = ("none", "bubblewrap")

_JOIN = 'for group do case $group in --) shift; break;; esac; echo 0 >"$group"; shift; done; exec "$@" "$$"'
"""The shell puts itself into the groups, so that what it becomes never was outside of them, and says its number."""

_TRIAL_S = 20


@dataclass(frozen=True)
class Surroundings:
    """`outer_wall`: one of OUTER_WALLS. `cgroup`: "auto" where the kernel permits one, "off", or the absolute path of a
    delegated group. `memory_of_all_runs_mb`: what all runs of a process may hold together, with the engine; None: three
    quarters of the machine's. `memory_of_a_run_mb` is what the largest run may hold."""

    outer_wall: str = "none"
    cgroup: str = "auto"
    memory_of_all_runs_mb: int | None = None
    memory_of_a_run_mb: int = 2048

    def group(self) -> Group:
        """A new group for one zygote. Raises SandboxTooWeak where a named place takes none."""
        memory_mb = self.memory_of_all_runs_mb or cgroups.memory_of_all_runs_mb(self.memory_of_a_run_mb)
        return self._group(memory_mb, cgroups.MOST_PROCESSES)

    def try_group(self) -> dict[str, str | None]:
        """By layer, what a process met that took more than a small group may, made as that of the runs is."""
        group = self._group(cgroups.MEMORY_OF_A_TRIAL_MB, 1)
        try:
            trial = [sys.executable, "-I", "-S", "-c", cgroups.TRIAL]
            command = [*_joined(group), *trial]
            ended = subprocess.run(command, capture_output=True, text=True, timeout=_TRIAL_S, check=False)  # noqa: S603
        finally:
            group.remove()
        return {
            cgroups.LAYERS["pids"]: ended.stdout.strip() or None,
            cgroups.LAYERS["memory"]: "killed" if ended.returncode == -signal.SIGKILL else None,
        }

    def _group(self, memory_mb: int, processes: int) -> Group:
        if self.cgroup == "off" or not sys.platform.startswith("linux"):
            return NO_GROUP
        try:
            return cgroups.make_group(None if self.cgroup == "auto" else Path(self.cgroup), memory_mb, processes)
        except OSError as error:
            message = f"No group of processes can be made in SANDBOX_CGROUP, {self.cgroup}: {error.strerror}."
            how = (
                "Name a group of the unified hierarchy that this user may write to and that holds no process itself "
                "(systemd: Delegate=memory pids cpu and DelegateSubgroup=server), or leave SANDBOX_CGROUP out."
            )
            raise SandboxTooWeak(message, [Issue("SANDBOX_CGROUP", message, how)]) from error

    def command(self, python_command: list[str], group: Group) -> list[str]:
        """`python_command`, with the number of its outermost process as the last argument."""
        inner = bubblewrap.around(python_command) if self.outer_wall == "bubblewrap" else python_command
        return [*_joined(group), *inner]

    def expectation(self, group: Group) -> "Expectation":
        return Expectation(self.outer_wall, group, group_required=self.cgroup not in ("auto", "off"))


def _joined(group: Group) -> list[str]:
    """What is to be put before a command to have it run in the group."""
    return ["/bin/sh", "-c", _JOIN, "sandbox", *group.joins, "--"]


@dataclass(frozen=True)
class Expectation:
    """What the zygote is told stands around it, which it looks at for itself."""

    outer_wall: str
    group: Group
    group_required: bool

    def to_argument(self) -> str:
        directories = [str(directory) for directory in self.group.directories]
        group = {"name": self.group.name, "directories": directories, "layers": self.group.layers}
        return json.dumps({"outer_wall": self.outer_wall, "group": group, "group_required": self.group_required})

    @classmethod
    def from_argument(cls, argument: str) -> Self:
        said = json.loads(argument)
        name, directories, layers = (said["group"][field] for field in ("name", "directories", "layers"))
        group = Group(name, tuple(Path(directory) for directory in directories), tuple(layers))
        return cls(said["outer_wall"], group, group_required=said["group_required"])

    def layers(self) -> tuple[str, ...]:
        """Those that hold, seen from inside. Raises RuntimeError for an outer wall with a hole, and without the group
        that a setting names."""
        held: tuple[str, ...] = ()
        if self.group.directories and self.group.is_entered(Path("/proc/self/cgroup").read_text("utf-8")):
            held += self.group.layers
        elif self.group_required:
            raise RuntimeError(f"the process could not be put into a group in {self.group.directories[0].parent}")
        if self.outer_wall == "bubblewrap":
            holes = bubblewrap.holes()
            if holes:
                raise RuntimeError(f"bubblewrap leaves open: {', '.join(holes)}")
            held += ("bubblewrap",)
        return held
