"""A small run of our own: it causes all imports that a run may cause, and touches the memory that a run touches."""

import pandas as pd

from Backtest.account import Account
from Backtest.sandbox.execution import execute
from Backtest.sandbox.job import Limits
from Backtest.sandbox.protocol import LENGTH_BYTES, ChildJob, job_frames, job_from_payloads
from Backtest.sandbox.strategy_module import forget_module

_CODE = """
from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA


class Rehearsal(Strategy):
    def init(self):
        self.fast, self.slow = (self.I(SMA, self.data.Close, length) for length in (5, 10))

    def next(self):
        if crossover(self.fast, self.slow):
            self.buy(sl=self.data.Close[-1] * 0.9)
        elif crossover(self.slow, self.fast):
            self.position.close()
"""


def rehearse() -> None:
    """Raises RuntimeError when the engine doesn't run."""
    prices = [float(100 + i * 7 % 13) for i in range(60)]
    columns = dict.fromkeys(("Open", "High", "Low", "Close", "Volume"), prices)
    bars = pd.DataFrame(columns, index=pd.date_range("2020-01-01", periods=len(prices), name="Time"))
    header, numbers = job_frames(ChildJob(_CODE, None, bars, 0, "1d", Account()))
    answer = execute(job_from_payloads(header[LENGTH_BYTES:], numbers[LENGTH_BYTES:]), Limits())
    forget_module()
    if b'"completed"' not in answer:
        raise RuntimeError(f"the engine does not run here: {answer[:500]!r}")
