"""The mean of the whole sample."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.mean = np.mean(self.data.Close)

    def next(self):
        up = self.data.Close[-1] < self.mean
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
