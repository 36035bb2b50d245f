"""A rolling mean that is centred."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.middle = self.I(lambda: pd.Series(self.data.Close).rolling(11, center=True).mean().to_numpy())

    def next(self):
        up = self.data.Close[-1] < self.middle[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
