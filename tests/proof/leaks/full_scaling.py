"""A z-score by the mean and deviation of the whole sample."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.asarray(self.data.Close)
        self.score = self.I(lambda: (closes - closes.mean()) / closes.std())

    def next(self):
        up = self.score[-1] < 0
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
