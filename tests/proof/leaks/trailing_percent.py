"""TrailingStrategy by percent, which measures the ATR by the mean of all bars."""

from backtesting.lib import TrailingStrategy
from backtesting.test import SMA


class S(TrailingStrategy):
    def init(self):
        super().init()
        self.set_trailing_pct(0.05)
        self.average = self.I(SMA, self.data.Close, 5)

    def next(self):
        super().next()
        if not self.position and self.data.Close[-1] > self.average[-1]:
            self.buy()
