"""The library's TrailingStrategy, whose ATR is filled backwards."""

from backtesting.lib import TrailingStrategy
from backtesting.test import SMA


class S(TrailingStrategy):
    def init(self):
        super().init()
        self.set_atr_periods(50)
        self.set_trailing_sl(2)
        self.average = self.I(SMA, self.data.Close, 5)

    def next(self):
        super().next()
        if not self.position and self.data.Close[-1] > self.average[-1]:
            self.buy()
