"""The interactive tester: what is said becomes stored strategies and runs, and its answers say what happened."""

import fcntl
import json
import os
import pty
import select
import sqlite3
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Printed
from tests.commands.test_backtest import IDEA

Manage = Callable[..., Printed]
WAIT_S = 60
PROMPT = "\x1b[?2004h"
"""What a terminal is told where a line begins to be read: that pastes are to be bracketed."""
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
    assert "+ Stop out 5 % from the entry price." in printed.stdout
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


def test_a_what_if_is_told_and_kept_only_when_that_is_said(talk: Callable[..., Printed], tmp_path: Path) -> None:
    printed = talk(IDEA, "what if the exit is 80?", "/keep", "/undo", "/versions")
    assert "19 trades against 24" in printed.stdout
    assert "+ Close the long position at the next open when RSI(14) crosses above 80." in printed.stdout
    assert rows(tmp_path, "SELECT count(*) FROM backtest_api_backtestrun") == [(3,)]  # not one of the what-if
    assert rows(tmp_path, "SELECT change FROM strategy_api_strategyversion ORDER BY number") == [
        ("described",),
        ("what if the exit is 80?",),
        ("undo",),
    ]


def test_a_date_and_a_trade_are_explained(talk: Callable[..., Printed]) -> None:
    words = " ".join(talk(IDEA, "/why 2005-03-02", "/why 1", "/why soon", "/why").stdout.split())
    assert (
        "did nothing: “RSI(14) crosses below 30” was false (RSI(14) on the bar before 43.8035, RSI(14) 43.0273)"
        in words
    )
    assert "On 2006-02-13, the stop loss closed the position of entry_1" in words
    assert "'soon' is no date" in words
    assert "a date or the number of a trade is missing" in words


def test_questions_show_what_speaks_for_each_answer(talk: Callable[..., Printed]) -> None:
    printed = talk("Buy when price is above its moving average, sell when it falls below", "50")
    assert "1. 20: 99 trades, +517.12 % (GOOG 1d, 2,148 bars)" in printed.stdout
    assert "2. 50: 49 trades against 99; the first differs on 2004-09-20" in printed.stdout


def test_a_conversation_is_taken_up_where_it_stood(talk: Callable[..., Printed], tmp_path: Path) -> None:
    talk(IDEA, "sell when RSI is above 80", "")  # its question is left open
    printed = talk("/resume", "1")
    assert "Last time: #1 RSI 14, version 1: “sell when RSI is above 80”. /resume takes it up." in printed.stdout
    assert "“sell when RSI is above 80” left something open:" in printed.stdout
    assert rows(tmp_path, "SELECT version FROM strategy_api_strategy") == [(2,)]


def test_it_can_be_asked_to_resume_at_once(manage: Manage, account: str) -> None:
    manage("strategy_tester", given=f"{IDEA}\n")
    printed = manage("strategy_tester", "--resume", given="/code\n")
    assert "#1 RSI 14, version 1" in printed.stdout
    assert "class Rsi14(Strategy)" in printed.stdout


def test_an_address_inside_is_refused_and_the_session_goes_on(talk: Callable[..., Printed]) -> None:
    printed = talk("http://127.0.0.1/idea", IDEA)
    assert "127.0.0.1 is not on the public web" in printed.stdout
    assert "24 closed trades" in printed.stdout


@pytest.fixture
def terminal(account: str, tmp_path: Path) -> Iterator["Shown"]:
    """The tester on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "PRIVATE_DIR": str(tmp_path / "private"),
        "BACKTEST_CODES_DIR": str(tmp_path / "codes"),
    }
    tester = [sys.executable, str(ROOT / "manage.py"), "strategy_tester"]
    process = subprocess.Popen(
        tester,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C reaches it
    )
    os.close(theirs)
    yield Shown(ours, process)
    if process.poll() is None:
        process.kill()
        process.wait()
    os.close(ours)


def test_on_a_terminal_words_are_coloured_by_what_they_became_and_ctrl_d_ends(terminal: "Shown") -> None:
    terminal.wait_for(PROMPT)
    terminal.type(f"{IDEA}\r")
    terminal.wait_for("\x1b[36mBuy when RSI(14) drops below 30")
    terminal.wait_for("\x1b[35msell when it rises above 70")
    terminal.wait_for("\x1b[36m  • ")  # the sentence that it became, in the same colour
    terminal.wait_for("24 closed trades")
    terminal.wait_for("stored as backtest 1")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_ctrl_c_clears_the_line_and_ends_what_goes_on_but_not_the_session(terminal: "Shown") -> None:
    terminal.wait_for(PROMPT)
    terminal.type("Buy when nobody \x03")
    terminal.wait_for(PROMPT)
    terminal.type("/hel\t")
    terminal.wait_for("/help")
    terminal.type("\r")
    terminal.wait_for("take the last change back")
    terminal.wait_for(PROMPT)
    terminal.type(f"{IDEA}\r")
    terminal.wait_for("Stop out 5 % from the entry price")
    terminal.type("\x03")
    terminal.wait_for("interrupted: what was stored before stays")
    terminal.wait_for(PROMPT)
    terminal.type("/list\r")
    terminal.wait_for("RSI 14")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_several_lines_that_are_pasted_are_one_message_and_history_is_kept_in_private(
    terminal: "Shown", tmp_path: Path
) -> None:
    terminal.wait_for(PROMPT)
    terminal.type("\x1b[200~1. Buy when RSI(14) drops below 30\n2. Sell when it rises above 70\n3. 5% stop\x1b[201~\r")
    terminal.wait_for("24 closed trades")
    terminal.wait_for(PROMPT)
    terminal.type("/explain\r")
    terminal.wait_for("version 1")
    terminal.wait_for(PROMPT)
    terminal.type("\x1b[A\r")  # the last line again
    terminal.wait_for("version 1")
    terminal.wait_for(PROMPT)
    terminal.type("\x04")
    assert terminal.ended() == 0
    (history,) = (tmp_path / "private" / "tester").iterdir()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    assert "+1. Buy when RSI(14) drops below 30\n+2. Sell when it rises above 70" in history.read_text(encoding="utf-8")


class Shown:
    """What a terminal has shown so far."""

    def __init__(self, terminal: int, process: "subprocess.Popen[bytes]") -> None:
        self._terminal = terminal
        self._process = process
        self._seen = b""
        self._looked_at = 0

    @property
    def text(self) -> str:
        return self._seen.decode(errors="replace")

    def wait_for(self, text: str) -> None:
        """Until the text is shown after what was waited for before."""
        deadline = time.monotonic() + WAIT_S
        while (place := self._seen.find(text.encode(), self._looked_at)) < 0:
            assert time.monotonic() < deadline, self.text
            if select.select([self._terminal], [], [], 0.1)[0]:
                self._seen += os.read(self._terminal, 65536)
        self._looked_at = place + len(text.encode())

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def ended(self) -> int:
        """The exit status, what is shown meanwhile read away."""
        deadline = time.monotonic() + WAIT_S
        while self._process.poll() is None and time.monotonic() < deadline:
            if select.select([self._terminal], [], [], 0.1)[0]:
                try:
                    self._seen += os.read(self._terminal, 65536)
                except OSError:
                    break  # nobody is at the other end any more
        return self._process.wait(timeout=10)
