"""`sandbox_selftest`: which walls hold on this machine."""

import json
from collections.abc import Callable

from tests.commands.conftest import Printed

Manage = Callable[..., Printed]


def test_each_attempt_is_told_with_what_stopped_it(manage: Manage) -> None:
    printed = manage("sandbox_selftest")
    assert printed.status == 0
    assert "✓ open a network socket: PermissionError" in printed.stdout
    assert "✗" not in printed.stdout.partition("Protection")[0]


def test_programs_get_one_object(manage: Manage) -> None:
    printed = manage("sandbox_selftest", "--json", SANDBOX_REQUIRE="network,filesystem,syscalls")
    told = json.loads(printed.stdout)
    assert printed.status == 0
    assert (told["ok"], told["refuted"]) == (True, [])
    assert told["required"] == ["filesystem", "network", "syscalls"]
    assert all(told["protects"][name] for name in told["required"])
    assert set(told["how_to_reach"]) == {name for name, held in told["protects"].items() if not held}
    assert all(attempt["held"] and attempt["layers"] for attempt in told["attempts"])
