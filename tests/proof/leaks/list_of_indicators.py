"""Indicators in a list, which the library does not cut to the bar."""

from backtesting import Strategy
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        self.averages = [self.I(SMA, self.data.Close, n) for n in (5, 20)]

    def next(self):
        up = self.data.Close[-1] > self.averages[1][-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
