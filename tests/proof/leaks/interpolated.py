"""Gaps between weekly values are drawn to the value that follows."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = pd.Series(self.data.Close)
        self.line = self.I(lambda: closes.where(closes.index % 5 == 0).interpolate().to_numpy())

    def next(self):
        up = self.data.Close[-1] < self.line[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
