"""Ways out of the sandbox, by family, with the scan off: as root, inside of bubblewrap, as an ordinary user, and where
namespaces are refused.

Nothing here is mocked: a server with secrets, sockets and files runs each attempt of escapes.py, and what it sees of
them afterwards counts as well as what they say of themselves.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.escape_driver import attempt_names

pytestmark = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and os.uname().machine == "x86_64"),
    reason="the numbers of the system calls are those of Linux on x86_64",
)

DRIVER = Path(__file__).with_name("escape_driver.py")
HOUSES = (
    "present",
    *(["bubblewrap"] if shutil.which("bwrap") else []),
    *(["ordinary"] if os.geteuid() == 0 else []),
    "no_namespaces",
)


def report_of(house):
    ran = subprocess.run([sys.executable, str(DRIVER), house], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture(scope="module")
def reports():
    """Of each house, all that the driver told."""
    return {house: report_of(house) for house in HOUSES}


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("attempt", attempt_names())
def test_it_is_stopped(reports, house, attempt):
    told = next(line for line in reports[house] if line.get("attempt") == attempt)
    assert told["said"].startswith("STOPPED"), told


@pytest.mark.parametrize("house", HOUSES)
def test_the_server_saw_nothing_of_it(reports, house):
    seen = reports[house][-1]
    assert (seen["visits"], seen["changed_files"]) == ([], [])
    assert (seen["user"] == 0) == (house in ("present", "bubblewrap") and os.geteuid() == 0)


@pytest.mark.parametrize("house", HOUSES)
def test_another_users_run_went_on_all_the_while(reports, house):
    assert reports[house][-2] == {"the_sibling_ended": []}


@pytest.mark.parametrize("house", HOUSES)
def test_each_attempt_met_the_same_layers(reports, house):
    layers = {tuple(line["layers"]) for line in reports[house][:-2]}
    assert len(layers) == 1
    (held,) = layers
    assert {"landlock_files", "system_call_filter", "no_capabilities", "memory_limit"} <= set(held)
    assert ("network_namespace" in held) == (house != "no_namespaces")


def test_outside_of_the_sandbox_they_get_through():
    """Else they would prove nothing; those apart that would end the test, or that this kernel has no part for."""
    told = [line for line in report_of("outside") if "attempt" in line]
    stopped = {line["attempt"]: line["said"] + line["error"] for line in told if "ESCAPED" not in line["said"]}
    expected = len(told) - len(stopped)
    assert expected > (80 if os.geteuid() == 0 else 50), stopped
