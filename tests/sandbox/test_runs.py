"""What a strategy gets in the sandbox: its bars, its class found, its result, its errors with their line."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from Backtest.account import Account
from Backtest.backtesting_adapter import run_strategy
from Backtest.errors import CodeFailed, InputError, RunKilled, RunTimedOut, SandboxBroken
from Backtest.sandbox.job import Limits, SandboxJob, SandboxOutcome
from Backtest.sandbox.process import SandboxProcess, run_strategy_source

CORPUS = Path(__file__).parents[1] / "corpus"
SHARED = Path(__file__).parents[3] / "shared" / "security_corpus"

TREND = """
import numpy as np
from backtesting import Strategy
from backtesting.test import SMA


class Trend(Strategy):
    def init(self):
        self.average = self.I(SMA, self.data.Close, 20)

    def next(self):
        if self.data.Close[-1] > self.average[-1] and not self.position:
            self.buy(sl=self.data.Close[-1] * 0.9, tag="up")
        elif self.data.Close[-1] < self.average[-1]:
            self.position.close()
"""


def test_a_result_equals_that_of_the_same_class_run_directly(run, window):
    outcome = run(TREND)
    namespace = {}
    exec(TREND, namespace)  # noqa: S102 - our own text
    direct = run_strategy(namespace["Trend"], window.bars.frame, window.first_bar, Account(), window.bars.timeframe)
    assert outcome.status == "completed"
    assert outcome.class_name == "Trend"
    assert len(direct.trades) > 20
    # Alpha and beta are a BLAS product, whose last bit depends on where in memory its arrays lie.
    of_blas = {name: pytest.approx(direct.metrics[name], rel=1e-12) for name in ("alpha_pct", "beta")}
    assert outcome.result == dataclasses.replace(direct, metrics={**direct.metrics, **of_blas})


def test_a_run_that_is_not_measured_trades_alike_and_has_no_metrics(run, window):
    measured = run(TREND).result
    with SandboxProcess(Limits()) as process:
        outcome = process.run(SandboxJob(TREND, window, Account(), measure=False))
    assert outcome.result == dataclasses.replace(measured, metrics={})


def test_two_runs_are_identical_even_where_they_draw_and_order_at_random(run):
    drawn = TREND.replace(
        "self.average[-1] and", "self.average[-1] * np.random.uniform(0.9, 1.1) and list({'a', 'b', 'c'})[0] and"
    )
    assert run(drawn) == run(drawn)


def test_a_child_may_be_started_before_its_job_is_known(window):
    with SandboxProcess(Limits()) as process:
        outcome = process.run(SandboxJob(TREND, window, Account()))
    assert outcome.status == "completed"


def test_a_child_takes_one_job_only(window):
    with SandboxProcess(Limits()) as process:
        process.run(SandboxJob(TREND, window, Account()))
        with pytest.raises(SandboxBroken, match="one job"):
            process.run(SandboxJob(TREND, window, Account()))


def test_a_child_that_gets_no_job_ends():
    with SandboxProcess(Limits()) as process:
        child = process._child
        child.kill()
        assert child.end_within(30) is not None


def test_the_account_reaches_the_run(window):
    job = SandboxJob(TREND, window, Account(cash=5_000, commission_rate=0.0, commission_per_unit=0.01))
    result = run_strategy_source(job).result
    assert result.equity[0] == 5_000
    assert result.trades[0].commission == pytest.approx(abs(result.trades[0].size) * 0.02)


def test_a_named_class_is_run(run):
    two = TREND + "\n\nclass Other(Strategy):\n    def init(self):\n        pass\n\n    def next(self):\n        pass\n"
    assert run(two, class_name="Trend").class_name == "Trend"


def test_of_several_strategies_the_last_is_run_and_said(run):
    two = TREND + "\n\nclass Other(Strategy):\n    def init(self):\n        pass\n\n    def next(self):\n        pass\n"
    outcome = run(two)
    assert outcome.class_name == "Other"
    assert outcome.result.notices == ("The code defines 2 strategies (Trend, Other); Other, the last, was run.",)


def test_a_base_of_another_strategy_is_not_a_choice(run):
    outcome = run(TREND.replace("class Trend(Strategy)", "class Child(Strategy): pass\n\n\nclass Trend(Child)"))
    assert (outcome.class_name, outcome.result.notices) == ("Trend", ())


def test_a_misspelt_class_is_answered_with_the_close_one(run):
    outcome = run(TREND, class_name="Trand")
    assert outcome.status == "failed"
    assert outcome.error == "The code defines no strategy named Trand. Did you mean Trend?"


@pytest.mark.parametrize("code", ["", "from backtesting import Strategy\n", "class Strategy:\n    pass\n"])
def test_code_without_a_strategy_says_what_is_missing(run, code):
    assert run(code).error.startswith("The code defines no strategy: write one class that extends")


@pytest.mark.parametrize(
    ("body", "error", "line"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero (line 10, in next)", 10),
        ("self.position.clos()", "AttributeError: 'Position' object has no attribute 'clos' (line 10, in next)", 10),
        ("self.buy(sl=1e9)", "ValueError: Long orders require", 10),
        ("raise SystemExit(3)", "SystemExit: 3 (line 10, in next)", 10),
        ("raise KeyboardInterrupt", "KeyboardInterrupt (line 10, in next)", 10),
    ],
)
def test_an_error_is_told_with_the_line_of_the_strategy(run_in, body, error, line):
    outcome = run_in(body)
    assert outcome.status == "failed"
    assert outcome.error.startswith(error)
    assert outcome.error_line == line
    assert outcome.result is None


def test_an_error_in_an_indicator_is_told_where_it_happened(run_in):
    outcome = run_in("def broken(x):\n    return x / undefined\nself.I(broken, self.data.Close)", "init")
    assert outcome.error == "NameError: name 'undefined' is not defined (line 11, in broken)"


def test_a_syntax_error_names_its_line(run):
    outcome = run("x = 1\nif x\n    pass\n")
    assert (outcome.error, outcome.error_line) == ("SyntaxError: expected ':' (line 2)", 2)


def test_an_exception_whose_text_fails_is_named_all_the_same(run_in):
    body = "class E(Exception):\n    def __str__(self):\n        raise ValueError\nraise E"
    assert run_in(body).error == "E (line 13, in next)"


def test_what_is_printed_becomes_the_log_without_terminal_codes(run_in):
    outcome = run_in("print('hello \\x1b[31mred', 'a\\tb')", "init")
    assert outcome.status == "completed"
    assert outcome.logs == "hello \ufffd[31mred a\tb\n"


def test_a_tag_that_is_no_valid_text_does_not_spoil_the_answer(run):
    outcome = run(TREND.replace('tag="up"', 'tag="\\ud800"'))
    assert outcome.result.trades[0].tag == "?"


def test_the_main_guard_does_not_run(run):
    assert run(TREND + '\nif __name__ == "__main__":\n    raise ValueError\n').status == "completed"


def test_bom_and_line_ends_of_windows_are_taken(run):
    assert run("\ufeff" + TREND.replace("\n", "\r\n")).status == "completed"


def test_plots_are_refused_in_words(run_in):
    outcome = run_in("from backtesting.lib import plot_heatmaps\nplot_heatmaps(None)")
    assert "Plots can't be drawn in the sandbox" in outcome.error


def test_the_parent_never_imports_backtesting():
    script = "import sys, Backtest.sandbox.process; print('backtesting' in sys.modules, 'bokeh' in sys.modules)"
    root = Path(__file__).parents[2]
    answer = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert answer.stdout == "False False\n"


def test_an_outcome_becomes_its_result_or_the_error_of_its_status():
    outcome = SandboxOutcome("failed", None, None, "boom (line 3)", 3, "", (), ())
    with pytest.raises(CodeFailed, match="boom") as failed:
        outcome.result_or_raise()
    assert [issue.field for issue in failed.value.issues] == ["line 3"]
    with pytest.raises(RunTimedOut):
        dataclasses.replace(outcome, status="timeout").result_or_raise()
    with pytest.raises(RunKilled):
        dataclasses.replace(outcome, status="killed").result_or_raise()


def test_a_completed_outcome_gives_its_result(run):
    outcome = run(TREND)
    assert outcome.result_or_raise() is outcome.result


@pytest.mark.parametrize("limits", [{"wall_s": 0}, {"memory_mb": -1}, {"cpu_s": float("nan")}, {"log_kb": 1e9}])
def test_limits_must_be_sensible(limits):
    with pytest.raises(InputError):
        Limits(**limits)


@pytest.mark.parametrize("path", sorted((CORPUS / "honest").glob("*.py")), ids=lambda path: path.stem)
def test_each_honest_strategy_completes_with_trades(run, path):
    outcome = run(path.read_text(encoding="utf-8"))
    assert outcome.error is None
    assert outcome.result.trades


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("benign/*.py")), ids=lambda path: path.stem)
def test_each_benign_strategy_of_the_shared_corpus_completes_with_trades(run, path):
    outcome = run(path.read_bytes().decode("utf-8"))
    assert outcome.error is None
    assert outcome.result.trades


@pytest.mark.skipif(not SHARED.exists(), reason="the shared corpus is not here")
@pytest.mark.parametrize("effect", ["hang", "mem", "flood", "any", "exit"])
def test_unscanned_hostile_strategies_are_held(run, effect):
    index = json.loads((SHARED / "index.json").read_text(encoding="utf-8"))["malicious"]
    names = [name for name, entry in index.items() if entry["effect"] == effect]
    assert names
    for name in names:
        code = (SHARED / "malicious" / f"{name}.py").read_text(encoding="utf-8")
        outcome = run(code, cpu_s=1, wall_s=2, memory_mb=128)
        assert outcome.status in ("completed", "failed", "timeout", "killed"), name
        assert (outcome.result is not None) == (outcome.status == "completed"), name


POISON = """
import builtins, gc, random, sys
import numpy as np
import pandas as pd
import backtesting, backtesting.backtesting, backtesting.lib
from backtesting import Strategy

np.mean = np.add = lambda *a, **k: 0
pd.DataFrame.__getitem__ = lambda *a: None
Strategy.buy = lambda self, **k: None
backtesting.backtesting._Broker.next = lambda self: None
backtesting.lib.crossover = lambda *a: True
sys.modules["numpy"] = sys
builtins.len = lambda x: 0
for thing in gc.get_objects():
    if type(thing) is dict and "Backtest" in thing:
        thing["Backtest"] = None
"""


def test_a_run_after_a_poisoned_one_is_the_same_to_the_last_bit(run):
    before = run(TREND)
    assert run(POISON).status == "failed"
    assert run(TREND) == before
