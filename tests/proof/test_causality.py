"""Look-ahead is found wherever a strategy has the future from, and honest code passes."""

from pathlib import Path

import pytest

from Backtest.account import Account
from Backtest.data.bars import Window
from Backtest.data_manager import load_bars
from Backtest.proof.causality import Effort, LookAhead, look_ahead
from Backtest.sandbox.job import SandboxJob, SandboxOutcome
from Backtest.sandbox.process import run_strategy_source
from tests.proof.in_process import run_fresh

HERE = Path(__file__).parent
LEAKS = sorted((HERE / "leaks").glob("*.py"))
HONEST = sorted((HERE / "honest").glob("*.py"))
BARS = load_bars(symbol="GOOG")
WINDOW = BARS.window(None, str(BARS.frame.index[399].date()))
EFFORT = Effort(simulated_bars=12_000, most_cuts=40)


def checked(path: Path, effort: Effort = EFFORT) -> LookAhead:
    return look_ahead(path.read_text(encoding="utf-8"), None, WINDOW, Account(), run_fresh, effort=effort)


@pytest.mark.parametrize("path", LEAKS, ids=lambda path: path.stem)
def test_a_leak_is_found_with_its_bar(path: Path) -> None:
    found = checked(path)
    assert found.state == "found", found.sentence
    assert found.bar is not None
    assert found.time == str(BARS.frame.index[found.bar].date())
    assert found.time in found.sentence


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.stem)
def test_honest_code_passes(path: Path) -> None:
    passed = checked(path)
    assert passed.state == "none_found", passed.sentence
    assert passed.cuts >= EFFORT.least_cuts


def test_there_are_leaks_enough() -> None:
    assert len(LEAKS) >= 25


def test_the_line_that_asked_for_it_is_named() -> None:
    path = HERE / "leaks" / "size_only.py"
    line = checked(path).line
    assert line is not None
    assert "self.buy(size=" in path.read_text(encoding="utf-8").splitlines()[line - 1]


def test_a_leak_of_a_single_bar_is_found_on_that_bar() -> None:
    assert checked(HERE / "leaks" / "a_single_bar.py").bar == 317


def test_code_that_raises_is_not_checked() -> None:
    code = "from backtesting import Strategy\n\n\nclass S(Strategy):\n    def init(self):\n        raise ValueError('no')\n\n    def next(self):\n        pass\n"
    made = look_ahead(code, None, WINDOW, Account(), run_fresh)
    assert made.state == "not_checked"
    assert "ValueError: no" in made.sentence


def test_code_that_throws_true_dice_is_not_called_look_ahead() -> None:
    code = (
        "import secrets\nfrom backtesting import Strategy\n\n\nclass S(Strategy):\n    def init(self):\n        pass\n\n"
        "    def next(self):\n        if not self.position and secrets.randbelow(2):\n            self.buy()\n"
        "        elif self.position and secrets.randbelow(2):\n            self.position.close()\n"
    )
    made = look_ahead(code, None, WINDOW, Account(), run_fresh, effort=EFFORT)
    assert made.state == "not_checked"
    assert "twice" in made.sentence


def test_the_sandbox_records_what_is_decided() -> None:
    path = HERE / "leaks" / "shift_minus_one.py"
    window = BARS.window("2004-12-01", "2005-03-31")
    made = look_ahead(path.read_text(encoding="utf-8"), None, window, Account(), run_strategy_source)
    assert made.state == "found"
    assert made.line is not None


def test_a_window_with_a_start_counts_from_it() -> None:
    path = HERE / "leaks" / "full_mean.py"
    window = BARS.window("2005-03-01", "2005-12-31")
    code = path.read_text(encoding="utf-8")
    made = look_ahead(code, None, window, Account(), run_fresh, effort=EFFORT)
    assert made.bar is not None
    assert made.time == str(BARS.frame.index[window.first_bar + made.bar].date())


def test_nothing_is_recorded_unless_it_is_asked_for() -> None:
    path = HONEST[0].read_text(encoding="utf-8")
    window = Window(WINDOW.bars, 0)

    def decisions(job: SandboxJob) -> SandboxOutcome:
        return run_fresh(job)

    plain = decisions(SandboxJob(path, window, Account())).result
    recorded = decisions(SandboxJob(path, window, Account(), record_decisions=True)).result
    assert plain is not None
    assert recorded is not None
    assert plain.decisions == ()
    assert recorded.decisions
    assert plain == recorded
