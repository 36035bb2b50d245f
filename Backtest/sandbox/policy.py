"""How strong the sandbox must be before a user's code may run in it. Set once for the process, by its main program."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from Backtest.errors import Issue, SandboxTooWeak


@dataclass(frozen=True)
class Protection:
    """What is protected, by which layers (any one of them does), and how to come by one of them."""

    name: str
    layers: frozenset[str]
    how: str


PROTECTIONS = (
    Protection(
        "network",
        frozenset({"network_namespace", "system_call_filter", "bubblewrap"}),
        "allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, and on Ubuntu "
        "kernel.apparmor_restrict_unprivileged_userns=0), or install libseccomp2",
    ),
    Protection(
        "filesystem",
        frozenset({"landlock_files", "mount_namespace", "bubblewrap"}),
        "use a kernel from 5.13 on with Landlock (`landlock` among the lsm= of its command line), or allow "
        "unprivileged user namespaces",
    ),
    Protection(
        "syscalls",
        frozenset({"system_call_filter"}),
        "install libseccomp2 (Debian: apt-get install libseccomp2) on Linux",
    ),
    Protection(
        "memory",
        frozenset({"memory_limit_of_all_runs"}),
        "let the server make control groups: systemd's Delegate=memory pids cpu with DelegateSubgroup=server, or name "
        "a group of the unified hierarchy that its user may write to in SANDBOX_CGROUP",
    ),
)
REQUIRED_IN_PRODUCTION = ("network", "filesystem", "syscalls")
PROTECTION_NAMES = tuple(protection.name for protection in PROTECTIONS)


@dataclass(frozen=True)
class Policy:
    """The protections without which nothing of a user's runs."""

    require: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = sorted(self.require - set(PROTECTION_NAMES))
        if unknown:
            raise ValueError(f"no such protection: {', '.join(unknown)}")

    def expect(self, layers: Collection[str]) -> None:
        """Raises SandboxTooWeak, with how to mend it, unless `layers` reach what is required."""
        missing = [p for p in PROTECTIONS if p.name in self.require and not p.layers.intersection(layers)]
        if missing:
            names = ", ".join(protection.name for protection in missing)
            message = f"The sandbox of this machine does not protect: {names}. SANDBOX_REQUIRE asks for it."
            issues = [Issue("SANDBOX_REQUIRE", f"no layer protects: {p.name}", f"{p.how}.") for p in missing]
            raise SandboxTooWeak(message, issues)


def protected_by(layers: Iterable[str]) -> dict[str, bool]:
    """Of each protection, whether one of these layers gives it."""
    held = frozenset(layers)
    return {protection.name: bool(protection.layers & held) for protection in PROTECTIONS}
