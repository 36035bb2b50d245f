"""What a child locks itself into, for good, before it is given any code.

The zygote finds out once what this machine permits (`Walls`); each child then puts up all of it, and
ends if one wall can't be had, so that a run never has less than was said.
"""

import math
import os
import resource
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from Backtest.sandbox import kernel_calls, landlock, syscalls
from Backtest.sandbox.job import MEGABYTE, Limits

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter

MEMORY_RESERVE_MB = 64
"""On top of the limit, for saying that it was reached."""

FIRST_USER_ID = 0x7000_0000
"""The ids from here to 2**31 belong to nobody by systemd's and Debian's tables: one for each run that goes on."""

SLOTS = 64
"""Runs at once of one zygote, each with a user id of its own."""

MAX_PID = 1 << 22


@dataclass(frozen=True)
class Walls:
    """What this machine permits; `zygote_pid`, as seen from outside, makes the user ids of its children its own."""

    zygote_pid: int
    around_zygote: tuple[str, ...]
    landlock_version: int
    landlock_rules: int | None
    call_filter: "SyscallFilter | None"


def lock_up(walls: Walls, slot: int) -> tuple[str, ...]:
    """All that needs no numbers of the job; the names of the layers that hold. Raises OSError when one can't be had."""
    layers = ["process", "clean_environment", "closed_descriptors", *walls.around_zygote]
    if "pid_namespace" in walls.around_zygote:
        kernel_calls.unshare(kernel_calls.CLONE_NEWIPC)  # not even that of its siblings
    if _is_unprivileged(walls, slot):
        layers.append("unprivileged_user")
    if kernel_calls.LINUX:
        kernel_calls.drop_capabilities()
        kernel_calls.forgo_new_privileges()
        kernel_calls.hide_memory()
        kernel_calls.die_with_the_parent(signal.SIGKILL)
        layers += ["no_capabilities", "no_new_privileges", "ends_with_its_server"]
    if walls.landlock_rules is not None:
        landlock.shut_in(walls.landlock_rules)
        os.close(walls.landlock_rules)
        layers += landlock.layers_of(walls.landlock_version)
    if walls.call_filter is not None:
        syscalls.load(walls.call_filter)
        layers.append("system_call_filter")
    return tuple(layers)


def _is_unprivileged(walls: Walls, slot: int) -> bool:
    if os.geteuid() != 0:
        return True
    user = FIRST_USER_ID + walls.zygote_pid % MAX_PID * SLOTS + slot % SLOTS
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:  # a container that maps no such user: the layer is not reported
        return False
    return True


def limit_resources(limits: Limits, address_space_bytes: int | None) -> tuple[str, ...]:
    """Limits of CPU, memory, files and processes, counted from now; they can't be raised again by the process.

    `address_space_bytes` is what it holds already, None where that isn't known.
    """
    cpu_s = math.ceil(limits.cpu_s)
    wanted = [
        ("cpu_limit", resource.RLIMIT_CPU, cpu_s, cpu_s),
        ("no_file_growth", resource.RLIMIT_FSIZE, 0, 0),
        ("open_files_limit", resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        ("no_core_dumps", resource.RLIMIT_CORE, 0, 0),
    ]
    if address_space_bytes is not None:
        soft = address_space_bytes + limits.memory_mb * MEGABYTE
        wanted.append(("memory_limit", resource.RLIMIT_AS, soft, soft + MEMORY_RESERVE_MB * MEGABYTE))
    layers = [name for name, kind, soft, hard in wanted if _set_limit(kind, soft, hard)]
    _set_limit(resource.RLIMIT_NPROC, 0, 0)
    if not _can_fork():
        layers.append("no_processes")
    return tuple(layers)


def use_the_memory_reserve() -> None:
    """Lift the memory limit to its hard bound, so that a report can be written after it was reached."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    _set_limit(resource.RLIMIT_AS, hard, hard)


def _set_limit(kind: int, soft: int, hard: int) -> bool:
    try:
        _, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(kind, (soft, hard))
    except (OSError, ValueError):  # not to be had here: the layer is not reported
        return False
    return True


def _can_fork() -> bool:
    """Tried, not assumed: root is exempt from the limit on processes."""
    try:
        pid = os.fork()
    except OSError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True
