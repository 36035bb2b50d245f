"""A window that np.convolve centres."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.middle = self.I(lambda: np.convolve(self.data.Close, np.ones(9) / 9, mode="same"))

    def next(self):
        up = self.data.Close[-1] < self.middle[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
