"""From root to a user without rights, and into a container that refuses namespaces: where else the sandbox must hold."""

import errno
import os
import stat
import sys
import tempfile
from pathlib import Path

from Backtest.sandbox import kernel_calls as kernel

ROOT = Path(__file__).resolve().parents[2]
ORDINARY_USER = 61_234


def become_ordinary() -> None:
    """From root only: in a mount namespace where the interpreter and the project can be read by everybody."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    for path in sorted({sys.base_prefix, sys.prefix, str(ROOT)}):
        _let_everybody_reach(path)
    os.setgroups([])
    os.setresgid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER)
    os.setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER)
    os.environ["HOME"] = "/nonexistent"


def refuse_namespaces() -> None:
    """As Docker's own filter does, for this process and all that it starts."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in ("unshare", "setns", "mount", "pivot_root"):
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    rules.load()


def _let_everybody_reach(path: str) -> None:
    closed = [part for part in reversed(Path(path).parents) if not part.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return
    held = tempfile.mkdtemp(dir="/mnt")
    kernel.mount(path, held, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.mount("tmpfs", str(closed[0]), "tmpfs", 0, "mode=755")
    os.makedirs(path)
    kernel.mount(held, path, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.detach(held)
    os.rmdir(held)
