"""Tries to get out, one attempt for each kind of wall, and prints what came of each as JSON.

The self-test runs this file's text as a strategy is run. It uses nothing but the standard library.
"""

import contextlib
import ctypes
import errno
import json
import os
import socket
from collections.abc import Callable

_CALLS = {"x86_64": {"ptrace": 101, "memfd_create": 319, "keyctl": 250, "unshare": 272}}
_CALLS["aarch64"] = {"ptrace": 117, "memfd_create": 279, "keyctl": 219, "unshare": 97}
_IO_URING_SETUP = 425
_MUCH = 1 << 40


def open_a_network_socket() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as talker:
        talker.connect(("127.0.0.1", 9))
        talker.send(b"x")


def read_the_passwords() -> None:
    with open("/etc/passwd", encoding="utf-8") as file:
        file.read(1)


def read_other_processes() -> None:
    with open(f"/proc/{os.getppid()}/environ", "rb") as file:
        file.read(1)


def write_a_file() -> None:
    for directory in ("/tmp", "/var/tmp", "/dev/shm", "."):  # noqa: S108 - it is to fail
        with contextlib.suppress(FileNotFoundError):
            path = f"{directory}/algoagent-self-test"
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            os.unlink(path)
            return
    raise FileNotFoundError("no place to write")


def start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def run_a_program() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - it is to fail


def signal_others() -> None:
    os.kill(-1, 0)


def become_root() -> None:
    os.setuid(0)


def take_more_memory() -> None:
    bytearray(_MUCH)


def use_inherited_descriptors() -> None:
    for descriptor in range(5, 4096):
        with contextlib.suppress(OSError):
            os.fstat(descriptor)
            return
    raise OSError(errno.EBADF, "none is open")


def make_odd_system_calls() -> None:
    numbers = _CALLS.get(os.uname().machine, {}).values()
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (*numbers, _IO_URING_SETUP):
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 4)
        if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            return
    raise PermissionError(errno.EPERM, "all refused")


ATTEMPTS: tuple[Callable[[], None], ...] = (
    open_a_network_socket,
    read_the_passwords,
    read_other_processes,
    write_a_file,
    start_a_process,
    run_a_program,
    signal_others,
    become_root,
    take_more_memory,
    use_inherited_descriptors,
    make_odd_system_calls,
)


def outcome_of(attempt: Callable[[], None]) -> str | None:
    """What stopped the attempt, None when nothing did."""
    try:
        attempt()
    except (OSError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
    return None


if __name__ == "strategy":
    print(json.dumps({attempt.__name__: outcome_of(attempt) for attempt in ATTEMPTS}), flush=True)  # noqa: T201
