"""A threshold that is a quantile of all returns."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.asarray(self.data.Close)
        self.limit = np.quantile(np.diff(closes) / closes[:-1], 0.8)

    def next(self):
        up = self.data.Close[-1] / self.data.Close[-2] - 1 > self.limit
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
