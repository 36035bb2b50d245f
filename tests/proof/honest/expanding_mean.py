"""The mean of all bars so far."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.mean = self.I(lambda: pd.Series(self.data.Close).expanding().mean().to_numpy())

    def next(self):
        up = self.data.Close[-1] < self.mean[-1] * 1.05
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
