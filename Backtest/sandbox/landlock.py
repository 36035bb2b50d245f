"""Landlock: the kernel's own sandbox, which needs no rights. There is no maintained binding, so this is one.

https://docs.kernel.org/userspace-api/landlock.html; a ruleset is made once, and each child shuts itself in with it.
"""

import os
import struct
from collections.abc import Iterable

from Backtest.sandbox import kernel_calls

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_NET_BIND_AND_CONNECT_TCP = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_FILE_RIGHTS_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""By version of the interface: the basic rights, linking between directories, truncating, ioctl on devices."""


def version() -> int:
    """The kernel's version of the interface, 0 where there is none."""
    if not kernel_calls.LINUX:
        return 0
    try:
        return kernel_calls.syscall(
            "landlock", kernel_calls.SYS_LANDLOCK_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION
        )
    except OSError:  # ENOSYS: not built in; EOPNOTSUPP: switched off; EPERM: an outer filter refuses it
        return 0


def layers_of(abi: int) -> tuple[str, ...]:
    """What a ruleset of this version holds back."""
    since = {"landlock_files": 1, "landlock_tcp": 4, "landlock_signals_and_sockets": 6}
    return tuple(name for name, first in since.items() if abi >= first)


def ruleset(abi: int, readable: Iterable[str]) -> int:
    """The descriptor of a ruleset under which `readable`, and what lies beneath, may be read and nothing else done."""
    rights = sum(right for first, right in _FILE_RIGHTS_SINCE.items() if abi >= first)
    attributes = struct.pack("=Q", rights)
    if abi >= 4:
        attributes += struct.pack("=Q", _NET_BIND_AND_CONNECT_TCP)
    if abi >= 6:
        attributes += struct.pack("=Q", _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS)
    rules = kernel_calls.syscall("landlock", kernel_calls.SYS_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow_reading(rules, path)
    return rules


def shut_in(rules: int) -> None:
    """This process, for good; `no_new_privileges` must hold already."""
    kernel_calls.syscall("landlock", kernel_calls.SYS_LANDLOCK_RESTRICT_SELF, rules, 0)


def _allow_reading(rules: int, path: str) -> None:
    right = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", right, descriptor)
        kernel_calls.syscall("landlock", kernel_calls.SYS_LANDLOCK_ADD_RULE, rules, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)
