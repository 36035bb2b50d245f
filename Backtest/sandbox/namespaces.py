"""A world of its own for the zygote and its children: no network, no other processes, and hardly any files."""

import os
import sys
import sysconfig
import zoneinfo
from pathlib import Path

from Backtest.sandbox import kernel_calls
from Backtest.sandbox.kernel_calls import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
)

_ALL = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNS
_MOUNT_POINTS = ("/mnt", "/srv", "/media", "/opt", "/tmp", "/var")  # noqa: S108 - only seen in a namespace of its own
_KEPT_FLAGS = (
    {
        os.ST_NOSUID: MS_NOSUID,
        os.ST_NODEV: MS_NODEV,
        os.ST_NOEXEC: 8,
        os.ST_NOATIME: kernel_calls.MS_NOATIME,
        os.ST_NODIRATIME: kernel_calls.MS_NODIRATIME,
        os.ST_RELATIME: kernel_calls.MS_RELATIME,
    }
    if kernel_calls.LINUX
    else {}
)


def enter() -> tuple[str, ...]:
    """Leave the network, the shared memory, the names and the mounts of this machine, where it permits it.

    The process must have one thread. Its *children* are in the new PID namespace, it isn't itself. Without root's
    rights they are had in a user namespace, where this user is the only one.
    """
    if not kernel_calls.LINUX:
        return ()
    user, group = os.geteuid(), os.getegid()
    for flags in (_ALL, _ALL | CLONE_NEWUSER):
        try:
            kernel_calls.unshare(flags)
        except OSError:  # no rights: try the other way, else there are no such layers
            continue
        if flags & CLONE_NEWUSER:
            Path("/proc/self/setgroups").write_text("deny", "ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
        return ("network_namespace", "ipc_namespace", "hostname_namespace", "pid_namespace")
    return ()


def library_paths() -> tuple[str, ...]:
    """What a run may read: the standard library, the installed packages and the time zones; nothing of the project."""
    named = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *sys.path, *zoneinfo.TZPATH]
    found = sorted({path for path in named if os.path.isdir(path)})
    return tuple(path for path in found if not any(path.startswith(f"{other}/") for other in found))


def see_only(paths: tuple[str, ...]) -> bool:
    """Make `paths`, read-only, all there is of the file system; False where this can't be had, and nothing changed."""
    base = next((p for p in _MOUNT_POINTS if os.path.isdir(p) and not any(_within(path, p) for path in paths)), None)
    if base is None:
        return False
    try:
        kernel_calls.mount("none", "/", None, MS_REC | MS_PRIVATE)
        kernel_calls.mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    except OSError:  # an outer sandbox, such as Docker's or AppArmor's, forbids it
        return False
    for path in paths:
        target = base + path
        os.makedirs(target)
        kernel_calls.mount(path, target, None, MS_BIND | MS_REC)
        kept = sum(flag for seen, flag in _KEPT_FLAGS.items() if os.statvfs(target).f_flag & seen)
        kernel_calls.mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept)
    old = f"{base}/old"
    os.mkdir(old)
    kernel_calls.pivot_root(base, old)
    os.chdir("/")
    kernel_calls.detach("/old")
    os.rmdir("/old")
    kernel_calls.mount("none", "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    return True


def _within(path: str, directory: str) -> bool:
    real = os.path.realpath(path)
    return f"{path}/".startswith(f"{directory}/") or f"{real}/".startswith(f"{os.path.realpath(directory)}/")
