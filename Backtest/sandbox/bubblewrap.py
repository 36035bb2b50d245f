"""An outer wall by setting: the zygote and all runs inside of bubblewrap, which has namespaces and a view of its own.

The walls of each run (`confinement.py`) go up inside of it as they would without.
"""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from Backtest.errors import Issue, SandboxTooWeak

_PROJECT_ROOT = Path(__file__).resolve().parents[2]
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_FOUND_IN = "/usr/local/bin:/usr/bin:/bin"
_CAPABILITIES_OF_THE_ZYGOTE = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN", "CAP_KILL")
"""From root only, to give each run a user of its own, to end it, and for namespaces: the run itself has none."""

_MOST_PROCESSES = 3
"""Bubblewrap's own, the zygote, and one that is just ending."""


def program(searched: str = _FOUND_IN) -> str:
    """Raises SandboxTooWeak where bubblewrap is not installed."""
    found = shutil.which("bwrap", path=searched)
    if found is None:
        message = "SANDBOX_OUTER_WALL is bubblewrap, which is not installed here."
        how = "Install it (Debian, Fedora: the package bubblewrap), or leave SANDBOX_OUTER_WALL out."
        raise SandboxTooWeak(message, [Issue("SANDBOX_OUTER_WALL", message, how)])
    return found


def around(command: list[str]) -> list[str]:
    """The command that runs `command`, Python with this package, inside; descriptors pass through."""
    return [program(), *_arguments(), "--", *command]


def _arguments() -> Iterator[str]:
    yield from ("--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-pid")
    yield from ("--die-with-parent", "--new-session", "--chdir", "/", "--cap-drop", "ALL")
    if os.geteuid() == 0:
        for capability in _CAPABILITIES_OF_THE_ZYGOTE:
            yield from ("--cap-add", capability)
    for path in _SYSTEM:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            yield from ("--ro-bind", path, path)
    yield from ("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")
    yield from ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/mnt")  # noqa: S108 - its own
    yield from ("--tmpfs", str(_PROJECT_ROOT))  # whatever of the project lies below what is bound: out of sight
    for path in _python():
        yield from ("--ro-bind", path, path)


def _python() -> Iterator[str]:
    named = [os.path.realpath(sys.base_prefix), os.path.realpath(sys.prefix), sys.base_prefix, sys.prefix]
    bound: list[str] = []
    for path in [*named, *_hops(sys.executable), str(_PROJECT_ROOT / "Backtest")]:
        seen = bound if _is_within(path, str(_PROJECT_ROOT)) else [*bound, "/usr", "/lib"]
        if not any(_is_within(path, other) for other in seen):
            bound.append(path)
            yield path


def _is_within(path: str, directory: str) -> bool:
    return f"{path}/".startswith(f"{directory}/")


def _hops(path: str) -> Iterator[str]:
    """A path and each one that it, as a link, leads to."""
    yield path
    while os.path.islink(path):
        path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        yield path


def holes() -> tuple[str, ...]:
    """Run inside, before any other wall is up: what can be reached that should not be."""
    found = []
    if [name for _, name in socket.if_nameindex() if name != "lo"]:
        found.append("the network")
    if os.path.exists("/etc/passwd") or os.path.exists(_PROJECT_ROOT / "manage.py"):
        found.append("files of the machine")
    if len([name for name in os.listdir("/proc") if name.isdigit()]) > _MOST_PROCESSES:
        found.append("other processes")
    for directory in ("/usr", sys.prefix, str(_PROJECT_ROOT / "Backtest")):
        if os.access(directory, os.W_OK):
            found.append(f"writing to {directory}")
    return tuple(found)
