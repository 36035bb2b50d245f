"""What the child locks itself into. Each function returns the names of the layers that really hold.

The order matters: namespaces need rights and a single thread, so they come first; giving up rights and memory limits
would stop imports, so they come when everything is loaded.
"""

import ctypes
import math
import os
import resource
import sys

import numpy as np

from Backtest.sandbox.job import MEGABYTE, Limits

MEMORY_RESERVE_MB = 64
"""On top of the limit, for saying that it was reached."""

_CLONE_NEWIPC = 0x08000000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_CAP_DAC_READ_SEARCH = 2
_PR_SET_KEEPCAPS = 8
_PR_SET_NO_NEW_PRIVS = 38
_PR_GET_NO_NEW_PRIVS = 39
_CAPABILITY_VERSION_3 = 0x20080522
_NOBODY = 65534


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def leave_the_network() -> tuple[str, ...]:
    """A network of its own without interfaces, where this machine permits it; must run before any thread starts."""
    if not sys.platform.startswith("linux"):
        return ()
    flags = _CLONE_NEWNET | _CLONE_NEWIPC
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    return ("network_namespace", "ipc_namespace") if _libc().unshare(flags) == 0 else ()


def give_up_privileges(home: str) -> tuple[str, ...]:
    """No root, no capabilities, and none to be had from a setuid program; `home` is handed over to the new owner.

    Where Python itself lies in root's own directories, the right to read them is kept, and `no_capabilities` isn't
    among the layers: without it no module could be loaded any more.
    """
    layers: list[str] = []
    linux = sys.platform.startswith("linux")
    if linux:
        _libc().prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    if os.geteuid() != 0 or _become_nobody(home):
        layers.append("unprivileged_user")
    if linux:
        libc = _libc()
        kept = 0 if _libraries_are_readable() else 1 << _CAP_DAC_READ_SEARCH
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        low_and_high = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)  # effective, permitted, inheritable, twice
        if libc.capset(header, low_and_high) == 0 and kept == 0:
            layers.append("no_capabilities")
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1:
            layers.append("no_new_privileges")
    return tuple(layers)


def _become_nobody(home: str) -> bool:
    try:
        os.chown(home, _NOBODY, _NOBODY)
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError:  # a container that maps no such user: the layer is not reported
        return False
    return True


def _libraries_are_readable() -> bool:
    """Whether the present user, without capabilities, can read the standard library and the installed packages."""
    return os.access(os.__file__, os.R_OK) and os.access(np.__file__, os.R_OK)


def limit_resources(limits: Limits) -> tuple[str, ...]:
    """Limits of CPU, memory, files and processes, counted from now; they can't be raised again by the process."""
    layers: list[str] = []
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = math.ceil(used.ru_utime + used.ru_stime + limits.cpu_s)
    file_bytes = limits.file_mb * MEGABYTE
    wanted = [
        ("cpu_limit", resource.RLIMIT_CPU, cpu_s, cpu_s + 1),
        ("file_size_limit", resource.RLIMIT_FSIZE, file_bytes, file_bytes),
        ("open_files_limit", resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        ("no_core_dumps", resource.RLIMIT_CORE, 0, 0),
    ]
    address_space = _address_space_bytes()
    if address_space is not None:
        soft = address_space + limits.memory_mb * MEGABYTE
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


def _address_space_bytes() -> int | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[0])
    except OSError:
        return None
    return pages * resource.getpagesize()


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
