"""What all runs of one zygote may use together, by control groups, where this user may make them.

A run's own limits are set by itself (`confinement.py`); these bound their sum, so that the kernel ends the largest run
and not the database when the machine is full. https://docs.kernel.org/admin-guide/cgroup-v2.html and cgroup-v1/.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
MOST_PROCESSES = 256
CPU_WEIGHT = 50
"""Half of what another group of processes has: the server answers before users' code goes on."""

MEMORY_OF_THE_ENGINE_MB = 512
"""What the zygote holds, with room to spare."""

_PREFIX = "algoagent-"
_REMOVE_S = 1.0
LAYERS = {
    "memory": "memory_limit_of_all_runs",
    "pids": "process_limit_of_all_runs",
    "cpu": "cpu_share_of_all_runs",
}
_SHARE_OF_MEMORY = 0.75


@dataclass(frozen=True)
class Hierarchy:
    """A tree of groups and the group in it that a new one is made in; `unified` is version 2 of the interface."""

    base: Path
    controllers: tuple[str, ...]
    unified: bool


@dataclass(frozen=True)
class Group:
    """One group in each hierarchy that counts, of one name; nobody is in it yet."""

    name: str
    directories: tuple[Path, ...]
    layers: tuple[str, ...]

    @property
    def joins(self) -> tuple[str, ...]:
        """The files which a process writes 0, or its number, to."""
        return tuple(str(directory / "cgroup.procs") for directory in self.directories)

    def is_entered(self, member_of: str) -> bool:
        """Whether a process with this /proc/PID/cgroup is in it, in each hierarchy."""
        return sum(line.endswith(f"/{self.name}") for line in member_of.splitlines()) == len(self.directories)

    def remove(self) -> None:
        """Take it away once its processes are gone; one that stays in use is left to the next sweep."""
        deadline = time.monotonic() + _REMOVE_S
        while not all([_removed(directory) for directory in self.directories]):  # noqa: C419 - each is tried
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)


NO_GROUP = Group("", (), ())


MEMORY_OF_A_TRIAL_MB = 48
TRIAL = """
import os
try:
    if os.fork() == 0:
        os._exit(0)
    os.wait()
except OSError as error:
    print(error, flush=True)
bytearray(b"x") * (256 << 20)
"""
"""Says what it met when it started a process, then takes more memory than the group of a trial may have."""


def make_group(delegated: Path | None, memory_mb: int, processes: int = MOST_PROCESSES) -> Group:
    """A group in `delegated`, or where the kernel lets this user make one; NO_GROUP where it doesn't.

    Raises OSError where `delegated` is said and none can be made in it.
    """
    name = f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    limits = {"memory": memory_mb * MEGABYTE, "pids": processes, "cpu": CPU_WEIGHT}
    made: list[Path] = []
    layers: list[str] = []
    for hierarchy in hierarchies(delegated):
        _sweep(hierarchy.base)
        try:
            _enable(hierarchy)
            directory = hierarchy.base / name
            directory.mkdir()
        except OSError:
            if delegated is not None:
                raise
            continue  # not writable for this user, or it has processes of its own: there is no such layer here
        made.append(directory)
        for controller in hierarchy.controllers:
            with contextlib.suppress(OSError):  # a controller that is not to be had: its layer is not reported
                _set(directory, controller, limits[controller], unified=hierarchy.unified)
                layers.append(LAYERS[controller])
    return Group(name, tuple(made), tuple(layers)) if made else NO_GROUP


def groups_made_by(pid: int) -> frozenset[Path]:
    """The directories of all groups on this machine that a process made and that are still there."""
    found = (path for hierarchy in hierarchies(None) for path in hierarchy.base.glob(f"{_PREFIX}{pid}-*"))
    return frozenset(found)


def memory_of_all_runs_mb(one_run_mb: int) -> int:
    """Three quarters of the machine's memory, and never less than one run may have beside the engine itself."""
    machine_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return max(int(machine_mb * _SHARE_OF_MEMORY), one_run_mb + MEMORY_OF_THE_ENGINE_MB)


def hierarchies(delegated: Path | None) -> Sequence[Hierarchy]:
    """Where groups could be made that bound memory, processes and CPU: in `delegated`, else beside or below us."""
    if delegated is not None:
        return [Hierarchy(delegated, _unified_controllers(delegated), True)]
    mounts = dict(_mounts(Path("/proc/self/mountinfo").read_text("utf-8")))
    return list(_found(Path("/proc/self/cgroup").read_text("utf-8"), mounts))


def _found(member_of: str, mounts: Mapping[str, tuple[str, Path]]) -> Iterator[Hierarchy]:
    for line in member_of.splitlines():
        _, names, path = line.split(":", 2)
        for controller in names.split(","):
            if controller in LAYERS and controller in mounts:
                yield Hierarchy(_directory(path, *mounts[controller]), (controller,), False)
        if not names and "" in mounts:
            own = _directory(path, *mounts[""])
            base = own.parent if _is_delegated(own.parent) else own
            controllers = _unified_controllers(base)
            if "memory" in controllers:
                yield Hierarchy(base, controllers, True)


def _mounts(mountinfo: str) -> Iterator[tuple[str, tuple[str, Path]]]:
    """By controller, "" for the unified hierarchy: the group that is mounted, and where."""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        root, point = before.split(" ")[3:5]
        if kind == "cgroup2":
            yield "", (root, Path(point))
        elif kind == "cgroup":
            for controller in options.split(","):
                if controller in LAYERS:
                    yield controller, (root, Path(point))


def _directory(path: str, root: str, point: Path) -> Path:
    inside = path.removeprefix(root) if root != "/" and f"{path}/".startswith(f"{root}/") else path
    return point / inside.lstrip("/")


def _is_delegated(directory: Path) -> bool:
    """Whether systemd has given this group to the service (Delegate=, with DelegateSubgroup= for its processes)."""
    try:
        return os.getxattr(directory, "user.delegate") == b"1"
    except OSError:
        return False


def _unified_controllers(base: Path) -> tuple[str, ...]:
    try:
        there = (base / "cgroup.controllers").read_text("ascii").split()
    except OSError:
        return ()
    return tuple(controller for controller in LAYERS if controller in there)


def _enable(hierarchy: Hierarchy) -> None:
    """In the unified hierarchy a group's controllers must be switched on from above, where no process may be."""
    if hierarchy.unified and hierarchy.controllers:
        wanted = " ".join(f"+{controller}" for controller in hierarchy.controllers)
        (hierarchy.base / "cgroup.subtree_control").write_text(wanted, "ascii")


def _set(directory: Path, controller: str, value: int, *, unified: bool) -> None:
    files = {
        ("memory", True): "memory.max",
        ("memory", False): "memory.limit_in_bytes",
        ("pids", True): "pids.max",
        ("pids", False): "pids.max",
        ("cpu", True): "cpu.weight",
        ("cpu", False): "cpu.shares",
    }
    if controller == "cpu" and not unified:
        value = value * 1024 // 100  # shares count from 1024, weights from 100
    (directory / files[controller, unified]).write_text(str(value), "ascii")
    if controller == "memory":
        no_swap = "memory.swap.max" if unified else "memory.memsw.limit_in_bytes"
        with contextlib.suppress(OSError):  # a kernel that does not count swap
            (directory / no_swap).write_text("0" if unified else str(value), "ascii")


def _sweep(base: Path) -> None:
    """Groups of servers that were killed: empty ones whose maker is gone."""
    with contextlib.suppress(OSError):
        for directory in base.glob(f"{_PREFIX}*"):
            maker = directory.name.removeprefix(_PREFIX).partition("-")[0]
            if not Path("/proc", maker).exists():
                _removed(directory)


def _removed(directory: Path) -> bool:
    try:
        directory.rmdir()
    except FileNotFoundError:
        return True
    except OSError:  # a process is still in it
        return False
    return True
