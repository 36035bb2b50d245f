"""Indicators under names of their own, set in a loop."""

from backtesting import Strategy
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        for n in (5, 10, 20):
            setattr(self, f"average_{n}", self.I(SMA, self.data.Close, n))

    def next(self):
        up = getattr(self, "average_5")[-1] > getattr(self, "average_20")[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
