"""The system calls that a run may make, through libseccomp. Whatever is not here fails with EPERM."""

import errno
import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyseccomp import SyscallFilter

_ALLOWED = """
access brk clock_getres clock_gettime clock_nanosleep close dup exit exit_group faccessat faccessat2 fstat fstatfs
futex getcpu getcwd getdents getdents64 getegid geteuid getgid getpid getppid getrandom getrlimit getrusage gettid
gettimeofday getuid lseek lstat madvise mremap munmap nanosleep newfstatat poll ppoll pread64 preadv
pselect6 read readlink readlinkat readv restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn
sched_getaffinity sched_yield select set_robust_list sigaltstack stat statx sysinfo time times uname write writev
"""
"""Reading, memory, time, and writing to what is open. No process, thread, socket, program, key or file is made."""

_NOT_BUILT_IN = ("clone3", "openat2")
"""They take their arguments in memory, where no filter sees them; told ENOSYS, libraries use the older call."""

_FCNTL = (fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_DUPFD_CLOEXEC)
"""Not F_SETOWN or F_SETSIG, by which the kernel sends signals in one's name."""

_IOCTL = (0x5401, 0x541B, 0x5451, 0x5450)
"""TCGETS, FIONREAD, FIOCLEX, FIONCLEX: what opening and reading a file asks for."""

_PROT_WRITE, _PROT_EXEC, _MAP_ANONYMOUS = 2, 4, 0x20
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_TMPFILE_BIT = 0o20000000


def call_filter() -> "SyscallFilter | None":
    """A filter that each child loads for itself, or None where libseccomp is missing."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError):  # not Linux, or libseccomp2 isn't installed
        return None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED.split():
        rules.add_rule(pyseccomp.ALLOW, name)
    for name in _NOT_BUILT_IN:
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
    _add_memory(rules)
    _add_reading(rules)
    return rules


def load(rules: "SyscallFilter") -> None:
    """Bind this process to the rules, for good; signals and limits only for itself."""
    import pyseccomp

    own = pyseccomp.Arg(0, pyseccomp.EQ, os.getpid())
    rules.add_rule(pyseccomp.ALLOW, "kill", own)
    rules.add_rule(pyseccomp.ALLOW, "tgkill", own)
    rules.add_rule(pyseccomp.ALLOW, "prlimit64", pyseccomp.Arg(0, pyseccomp.EQ, 0))
    rules.load()


def _add_memory(rules: "SyscallFilter") -> None:
    """Memory that is written is never run: code comes from files that are open for reading only."""
    from pyseccomp import ALLOW, MASKED_EQ, Arg

    rules.add_rule(ALLOW, "mprotect", Arg(2, MASKED_EQ, _PROT_EXEC, 0))
    rules.add_rule(ALLOW, "mmap", Arg(2, MASKED_EQ, _PROT_EXEC, 0))
    of_a_file = Arg(3, MASKED_EQ, _MAP_ANONYMOUS, 0)
    rules.add_rule(ALLOW, "mmap", Arg(2, MASKED_EQ, _PROT_EXEC | _PROT_WRITE, _PROT_EXEC), of_a_file)


def _add_reading(rules: "SyscallFilter") -> None:
    from pyseccomp import ALLOW, EQ, MASKED_EQ, Arg

    mask = _WRITING | _TMPFILE_BIT
    rules.add_rule(ALLOW, "openat", Arg(2, MASKED_EQ, mask, 0))
    rules.add_rule(ALLOW, "open", Arg(1, MASKED_EQ, mask, 0))
    for command in _FCNTL:
        rules.add_rule(ALLOW, "fcntl", Arg(1, EQ, command))
    for request in _IOCTL:
        rules.add_rule(ALLOW, "ioctl", Arg(1, EQ, request))
