"""A stop that is moved by tomorrow's low."""

import numpy as np
from backtesting import Strategy
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        self.lows = np.array(self.data.Low)
        self.average = self.I(SMA, self.data.Close, 10)

    def next(self):
        bar = len(self.data) - 1
        for trade in self.trades:
            trade.sl = min(self.lows[min(bar + 1, len(self.lows) - 1)], self.data.Close[-1]) * 0.98
        if not self.position and self.data.Close[-1] > self.average[-1]:
            self.buy()
