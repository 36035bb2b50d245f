"""Indicators in a dict, which the library does not cut either."""

from backtesting import Strategy
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        self.averages = {n: self.I(SMA, self.data.Close, n) for n in (5, 20)}

    def next(self):
        up = self.data.Close[-1] < self.averages[20][-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
