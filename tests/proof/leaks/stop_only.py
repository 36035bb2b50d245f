"""The stop is set below the least low of the next ten bars."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.lows = np.array(self.data.Low)

    def next(self):
        bar = len(self.data) - 1
        if not self.position and bar % 15 == 0:
            self.buy(sl=min(self.lows[bar : bar + 11].min(), self.data.Close[-1]) * 0.99, size=0.5)
        elif self.position and bar % 15 == 12:
            self.position.close()
