"""A Donchian breakout, both ways, sized by risk; its helpers and constants are its own."""
from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import talib
from backtesting import Strategy

ATR_BARS = 14
NAMES = {"eval_window": 20, "os_level": 30}


@dataclass
class Memory:
    entries: list = field(default_factory=list)
    peak: float = -math.inf

    def __post_init__(self):
        self.peak = max(self.peak, 0.0)


def channel(high: np.ndarray, low: np.ndarray, bars: int) -> tuple[np.ndarray, np.ndarray]:
    return (
        pd.Series(high).rolling(bars).max().shift(1).to_numpy(),
        pd.Series(low).rolling(bars).min().shift(1).to_numpy(),
    )


class Breakout(Strategy):
    bars = NAMES["eval_window"]
    _risk = 0.01

    def init(self):
        self.upper, self.lower = self.I(channel, self.data.High, self.data.Low, self.bars, name=["upper", "lower"])
        self.atr = self.I(talib.ATR, self.data.High, self.data.Low, self.data.Close, ATR_BARS)
        self.memory = Memory()
        self._recent = deque(maxlen=5)

    def _units(self) -> int:
        distance = 2 * self.atr[-1]
        return int(self.equity * self._risk // distance) if distance > 0 else 0

    def next(self):
        price = self.data.Close[-1]
        self._recent.append(price)
        self.memory.peak = max(self.memory.peak, price)
        open, high = self.data.Open[-1], self.data.High[-1]
        if high < open:
            return
        units = self._units()
        if units and price > self.upper[-1] and not self.position.is_long:
            self.position.close()
            self.buy(size=units, sl=price - 2 * self.atr[-1], tag=f"up {price:.2f}")
        elif units and price < self.lower[-1] and not self.position.is_short:
            self.position.close()
            self.sell(size=units, sl=price + 2 * self.atr[-1], tag="{} {:.2f}".format("down", price))
