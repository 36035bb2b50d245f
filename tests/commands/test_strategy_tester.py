"""The interactive tester: what is said becomes stored strategies and runs, and its answers say what happened."""

import json
import os
import pty
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Printed
from tests.commands.test_backtest import IDEA

Manage = Callable[..., Printed]
SPOKEN = "Buy when RSI(14) drops below 30, sell when it rises above 70"


@pytest.fixture
def talk(manage: Manage, account: str) -> Callable[..., Printed]:
    """Says these lines to the tester and gives what it printed."""

    def say(*lines: str, **settings: str) -> Printed:
        return manage("strategy_tester", given="".join(f"{line}\n" for line in lines), **settings)

    return say


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(tmp_path / "db.sqlite3") as connection:
        return connection.execute(query).fetchall()


def test_a_sentence_is_understood_run_and_stored(talk: Callable[..., Printed], tmp_path: Path) -> None:
    printed = talk(IDEA)
    assert printed.status == 0, printed.stderr
    assert "Enter long at the next open when RSI(14) crosses below 30." in printed.stdout
    assert "24 closed trades" in printed.stdout  # as the README's sample of the same idea
    assert rows(tmp_path, "SELECT status, version FROM strategy_api_strategy") == [("valid", 1)]
    assert rows(tmp_path, "SELECT status, symbol FROM backtest_api_backtestrun") == [("completed", "GOOG")]


def test_numbered_steps_are_one_strategy(talk: Callable[..., Printed], tmp_path: Path) -> None:
    talk("1. Buy when RSI(14) drops below 30", "2. Sell when it rises above 70", "3. 5% stop loss", "")
    assert rows(tmp_path, "SELECT status FROM strategy_api_strategy") == [("valid",)]


def test_the_next_sentence_changes_the_strategy_and_runs_it_again(talk: Callable[..., Printed], tmp_path: Path) -> None:
    printed = talk(SPOKEN, "add a 5% stop loss")
    assert "New: Stop out 5 % from the entry price." in printed.stdout
    assert rows(tmp_path, "SELECT version FROM strategy_api_strategy") == [(2,)]
    assert rows(tmp_path, "SELECT count(*) FROM backtest_api_backtestrun") == [(2,)]


def test_a_question_is_asked_and_its_answer_completes_the_strategy(
    talk: Callable[..., Printed], tmp_path: Path
) -> None:
    printed = talk("Buy when the 20-day EMA crosses above the 50-day EMA.", "1")
    assert "When is the long position closed?" in printed.stdout
    assert rows(tmp_path, "SELECT status FROM strategy_api_strategy") == [("valid",)]


def test_what_can_t_be_read_is_named_and_nothing_is_run(talk: Callable[..., Printed], tmp_path: Path) -> None:
    printed = talk("Buy when the news about Google is good, sell when RSI(14) is above 70")
    assert "Nothing was run" in printed.stdout
    assert "unsupported" in printed.stdout
    assert rows(tmp_path, "SELECT count(*) FROM backtest_api_backtestrun") == [(0,)]


def test_a_missing_stop_is_advised_against_with_the_sentence_that_adds_one(talk: Callable[..., Printed]) -> None:
    assert "say: add a 5% stop loss" in talk(SPOKEN).stdout


def test_a_session_is_exported_as_json(talk: Callable[..., Printed], tmp_path: Path) -> None:
    printed = talk(IDEA, "/save My RSI", "/export session.json")
    assert "written to session.json" in printed.stdout
    session = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert session["strategy"]["name"] == "My RSI"
    assert session["conversation"][0]["message"] == IDEA
    assert len(session["backtest"]["trades"]) == session["backtest"]["metrics"]["total_trades"] == 24


def test_a_strategy_is_taken_up_again_in_another_session(talk: Callable[..., Printed]) -> None:
    talk(IDEA, "/save My RSI")
    printed = talk("/list", "/open 1", "/code")
    assert "My RSI" in printed.stdout
    assert "class Rsi14(Strategy)" in printed.stdout


def test_a_misspelt_command_is_answered_with_the_nearest_one(talk: Callable[..., Printed]) -> None:
    assert "did you mean /code?" in talk("/cod").stdout


@pytest.mark.parametrize("command", ["/run", "/code", "/trades", "/export", "/explain", "/open", "/save x"])
def test_a_command_that_has_nothing_to_work_on_says_so(talk: Callable[..., Printed], command: str) -> None:
    printed = talk(command)
    assert "✗" in printed.stdout
    assert "Traceback" not in printed.stderr


def test_an_unknown_user_is_refused(manage: Manage, account: str) -> None:
    printed = manage("strategy_tester", "--user", "nobody", given="")
    assert printed.status == 1
    assert "there is no account 'nobody'" in printed.stderr


def test_without_an_account_it_says_how_to_make_one(manage: Manage, empty_database: Path) -> None:
    printed = manage("strategy_tester", given="", DATABASE_URL=f"sqlite:///{empty_database}")
    assert printed.status == 1
    assert "manage.py first_account" in printed.stderr


def test_on_a_terminal_it_prompts_colours_and_ends_with_ctrl_d(account: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "PRIVATE_DIR": str(tmp_path / "private"),
        "BACKTEST_CODES_DIR": str(tmp_path / "codes"),
    }
    tester = [sys.executable, str(ROOT / "manage.py"), "strategy_tester"]
    process = subprocess.Popen(tester, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path)
    os.close(theirs)
    screen = Shown(ours)
    screen.wait_for("› ")
    os.write(ours, f"{IDEA}\n".encode())
    screen.wait_for("stored as backtest 1")
    screen.wait_for("› ")
    os.write(ours, b"\x04")
    assert process.wait(timeout=60) == 0
    os.close(ours)
    assert "\x1b[" in screen.text  # colours
    assert "24 closed trades" in screen.text


class Shown:
    """What a terminal has shown so far."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._seen = b""
        self._looked_at = 0

    @property
    def text(self) -> str:
        return self._seen.decode(errors="replace")

    def wait_for(self, text: str) -> None:
        """Until the text is shown after what was waited for before."""
        deadline = time.monotonic() + 60
        while (place := self._seen.find(text.encode(), self._looked_at)) < 0:
            assert time.monotonic() < deadline, self.text
            self._seen += os.read(self._terminal, 65536)
        self._looked_at = place + len(text.encode())
