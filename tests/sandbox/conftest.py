"""Bars, and a way to run a strategy's text in a real child process."""

import pytest
from backtesting.test import GOOG

from Backtest.account import Account
from Backtest.data.bars import Bars
from Backtest.sandbox.job import Limits, SandboxJob
from Backtest.sandbox.process import run_strategy_source

HEAD = """
from backtesting import Strategy
from backtesting.test import SMA

"""


@pytest.fixture(scope="session")
def window():
    frame = GOOG.astype(float).rename_axis("Time")
    bars = Bars.from_frame(frame, symbol="GOOG", source="sample", zone="America/New_York")
    return bars.window("2008-01-01", "2010-12-31")


@pytest.fixture(scope="session")
def run(window):
    """Run code as it is, its outcome; the limits are small unless a test says otherwise."""

    def run_code(code: str, class_name: str | None = None, **limits: float):
        job = SandboxJob(code, window, Account(), class_name)
        return run_strategy_source(job, Limits(**{"cpu_s": 10, "wall_s": 10, "memory_mb": 256, **limits}))

    return run_code


@pytest.fixture(scope="session")
def run_in(run):
    """Run a strategy whose `init` or `next` does what is given."""

    def run_body(body: str, method: str = "next", **limits: float):
        other = "init" if method == "next" else "next"
        indented = "\n".join("        " + line for line in body.splitlines())
        code = (
            f"{HEAD}class X(Strategy):\n    def {other}(self):\n        pass\n\n    def {method}(self):\n{indented}\n"
        )
        return run(code, **limits)

    return run_body
