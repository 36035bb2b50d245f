"""Runs of a strategy that throws dice, under backtesting.py, on bars of many lengths: what statistics are compared on."""

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import talib
from backtesting import Strategy

from Backtest.account import Account
from Backtest.backtesting_adapter import run_strategy
from Backtest.data.bars import Bars, Window
from Backtest.data_manager import load_bars
from Backtest.kernel.execution import Execution
from Backtest.run_result import RunResult

AVERAGE_BARS = 12
"""Of the indicator that every scripted strategy waits for: it has a value from the twelfth bar on."""


def scripted(seed: int, busy: float) -> type[Any]:
    """Enters either side on a `busy` part of the bars, at times with stop and target; leaves whole or in parts."""

    class Scripted(Strategy):
        def init(self) -> None:
            self.average = self.I(talib.SMA, self.data.Close, timeperiod=AVERAGE_BARS)

        def next(self) -> None:
            dice = random.Random(f"{seed} {len(self.data)}")  # noqa: S311 - no secret
            draw, close = dice.random(), self.data.Close[-1]
            if self.position and draw < 0.06:
                self.position.close(dice.choice((0.5, 1.0)))
            elif not self.position and draw < busy:
                side = dice.choice((1, -1))
                levels = {"sl": close * (1 - side * 0.03), "tp": close * (1 + side * 0.04)} if draw < busy / 2 else {}
                (self.buy if side > 0 else self.sell)(size=dice.choice((0.3, 0.9)), **levels)

    return Scripted


class BuyAndHold(Strategy):
    """One order for the whole account, on the first evaluated bar."""

    def init(self) -> None:
        return None

    def next(self) -> None:
        if not self.position and not self.orders:
            self.buy()


class OneTrade(BuyAndHold):
    """Bought on the second bar, sold on the eighth."""

    def next(self) -> None:
        if len(self.data) == 2:
            self.buy(size=0.5)
        elif len(self.data) == 8:
            self.position.close()


@dataclass(frozen=True)
class Reported:
    """A run as backtesting.py reports it, and the same run as statistics take it."""

    theirs: RunResult
    execution: Execution
    window: Window
    account: Account


def reported(strategy: type[Any], bars: Bars, first_bar: int = 0, account: Account | None = None) -> Reported:
    account = account or Account()
    run = run_strategy(strategy, bars.frame, first_bar, account, bars.timeframe)
    execution = Execution(run.trades, run.open_at_end, run.equity, run.notices)
    return Reported(run, execution, Window(bars, first_bar), account)


def bars_of(closes: np.ndarray, index: pd.DatetimeIndex, timeframe: str) -> Bars:
    """Bars that open where the one before closed, half a percent around."""
    opens = np.concatenate([closes[:1], closes[:-1]])
    columns = {
        "Open": opens,
        "High": np.maximum(opens, closes) * 1.005,
        "Low": np.minimum(opens, closes) * 0.995,
        "Close": closes,
        "Volume": np.full(len(closes), 1000.0),
    }
    frame = pd.DataFrame(columns, index=index)
    return Bars.from_frame(frame, symbol="DRAWN", source="csv", zone="UTC", timeframe=timeframe)


def random_walk(timeframe: str, frequency: str, count: int) -> Bars:
    steps = np.random.default_rng(count).normal(0.0005, 0.02, count)
    return bars_of(
        100 * np.exp(np.cumsum(steps)), pd.date_range("2001-01-01", periods=count, freq=frequency), timeframe
    )


def series(name: str) -> Bars:
    """A sample by its symbol, or a random walk by the name of its timeframe."""
    walks = {
        "1m": ("min", 2500),
        "1h": ("h", 1500),
        "1w": ("W-MON", 500),
        "1q": ("QS", 150),
        "2d": ("2D", 700),
        "4h around the clock": ("4h", 900),
    }
    if name not in walks:
        return load_bars(symbol=name)
    return random_walk(name.split()[0], *walks[name])
