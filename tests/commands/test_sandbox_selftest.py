"""`sandbox_selftest`: which walls hold on this machine."""

import json
from collections.abc import Callable

from tests.commands.conftest import Printed

Manage = Callable[..., Printed]


def test_each_attempt_is_told_with_what_stopped_it(manage: Manage) -> None:
    printed = manage("sandbox_selftest")
    assert printed.status == 0
    assert "✓ open a network socket: PermissionError" in printed.stdout
    assert "✗" not in printed.stdout


def test_programs_get_one_object(manage: Manage) -> None:
    printed = manage("sandbox_selftest", "--json", SANDBOX_REQUIRE="network,filesystem,syscalls")
    told = json.loads(printed.stdout)
    assert printed.status == 0
    assert (told["ok"], told["refuted"], told["how_to_reach"]) == (True, [], {})
    assert told["required"] == ["filesystem", "network", "syscalls"]
    assert told["protects"] == {"network": True, "filesystem": True, "syscalls": True}
    assert all(attempt["held"] and attempt["layers"] for attempt in told["attempts"])
