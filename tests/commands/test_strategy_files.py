"""`scan_code` and `sandbox_run`: strategy files of a user's own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Printed

Manage = Callable[..., Printed]

HONEST = """\
from backtesting import Strategy
from backtesting.test import SMA


class Cross(Strategy):
    def init(self):
        self.fast = self.I(SMA, self.data.Close, 10)
        self.slow = self.I(SMA, self.data.Close, 30)

    def next(self):
        if self.fast[-1] > self.slow[-1] and not self.position:
            self.buy()
        elif self.fast[-1] < self.slow[-1]:
            self.position.close()
"""
DANGEROUS = HONEST.replace("    def next(self):\n", "    def next(self):\n        eval('1')\n")
BROKEN = HONEST.replace("    def next(self):\n", "    def next(self):\n        1 / 0\n")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, source in (("honest", HONEST), ("dangerous", DANGEROUS), ("broken", BROKEN)):
        (tmp_path / f"{name}.py").write_text(source)
    return tmp_path


@pytest.mark.usefixtures("files")
def test_a_scan_answers_a_line_for_each_file(manage: Manage) -> None:
    printed = manage("scan_code", "honest.py", "dangerous.py", "--json")
    honest, dangerous = (json.loads(line) for line in printed.stdout.splitlines())
    assert honest == {"file": "honest.py", "ok": True, "findings": []}
    assert (dangerous["file"], dangerous["ok"]) == ("dangerous.py", False)
    assert [(f["line"], f["rule"]) for f in dangerous["findings"]] == [(11, "builtin")]
    assert printed.status == 1


@pytest.mark.usefixtures("files")
def test_a_clean_scan_has_exit_status_0(manage: Manage) -> None:
    assert manage("scan_code", "honest.py").status == 0


def test_the_rules_of_the_scan_are_listed_with_examples(manage: Manage) -> None:
    rules = [json.loads(line) for line in manage("scan_code", "--rules", "--json").stdout.splitlines()]
    assert {"rule", "title", "why", "instead", "refused", "accepted"} == set(rules[0])
    assert "builtin" in {rule["rule"] for rule in rules}


def test_a_scan_of_no_file_says_what_to_do(manage: Manage) -> None:
    printed = manage("scan_code")
    assert printed.status == 1
    assert "--rules" in printed.stderr


@pytest.mark.usefixtures("files")
def test_an_honest_file_is_run_isolated_and_measured_as_self_reported(manage: Manage) -> None:
    printed = manage("sandbox_run", "honest.py", "--symbol", "GOOG", "--json")
    assert printed.status == 0
    assert printed.answer["status"] == "completed"
    assert printed.answer["self_reported"] is True
    assert printed.answer["metrics"]["total_trades"] == len(printed.answer["trades"]) > 10
    assert "process" in printed.answer["layers"]
    assert printed.answer["look_ahead"]["state"] == "none_found"
    assert printed.answer["look_ahead"]["cuts"] > 15


@pytest.mark.usefixtures("files")
def test_a_file_that_looks_ahead_is_told_by_its_bar_and_line(manage: Manage) -> None:
    leak = Path(__file__).parents[1] / "proof" / "leaks" / "shift_minus_one.py"
    look_ahead = manage("sandbox_run", str(leak), "--symbol", "GOOG", "--json").answer["look_ahead"]
    assert (look_ahead["state"], look_ahead["line"] > 1) == ("found", True)
    assert look_ahead["time"] in look_ahead["sentence"]
    skipped = manage("sandbox_run", str(leak), "--symbol", "GOOG", "--json", "--no-look-ahead")
    assert skipped.answer["look_ahead"] is None


@pytest.mark.usefixtures("files")
def test_a_dangerous_file_is_refused_and_never_run(manage: Manage) -> None:
    printed = manage("sandbox_run", "dangerous.py", "--symbol", "GOOG", "--json")
    assert (printed.status, printed.answer["status"], printed.answer["layers"]) == (1, "refused", [])


@pytest.mark.usefixtures("files")
def test_a_file_that_raises_is_answered_with_its_line(manage: Manage) -> None:
    printed = manage("sandbox_run", "broken.py", "--symbol", "GOOG", "--json")
    assert (printed.status, printed.answer["status"], printed.answer["error_line"]) == (1, "failed", 11)
    assert "ZeroDivisionError" in printed.answer["error"]


@pytest.mark.usefixtures("files")
def test_the_scan_is_skipped_only_while_debug_is_on(manage: Manage) -> None:
    arguments = ("sandbox_run", "dangerous.py", "--symbol", "GOOG", "--no-scan", "--json")
    assert manage(*arguments).answer["status"] == "completed"
    refused = manage(*arguments, DEBUG="false", SECRET_KEY="x" * 50)
    assert refused.status == 1
    assert "--no-scan works only while DEBUG is on" in refused.stderr


def test_a_missing_file_is_said_in_words(manage: Manage) -> None:
    printed = manage("scan_code", "missing.py")
    assert printed.status == 1
    assert "missing.py can't be read" in printed.stderr
