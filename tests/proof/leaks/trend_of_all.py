"""A straight line through all of the data."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.asarray(self.data.Close)
        bars = np.arange(len(closes))
        self.line = self.I(lambda: np.polyval(np.polyfit(bars, closes, 1), bars))

    def next(self):
        up = self.data.Close[-1] < self.line[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
