"""The warm-up filled with the first value that comes later."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.average = self.I(lambda: pd.Series(self.data.Close).rolling(60).mean().bfill().to_numpy())

    def next(self):
        up = self.data.Close[-1] > self.average[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
