"""Entries are honest, the exit knows tomorrow."""

import numpy as np
from backtesting import Strategy
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        self.closes = np.array(self.data.Close)
        self.average = self.I(SMA, self.data.Close, 10)

    def next(self):
        bar = len(self.data) - 1
        if not self.position and self.data.Close[-1] > self.average[-1]:
            self.buy()
        elif self.position and self.closes[min(bar + 1, len(self.closes) - 1)] < 0.99 * self.closes[bar]:
            self.position.close()
