"""All orders are thought out in init."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.array(self.data.Close)
        self.good = set(np.flatnonzero(closes[5:] > closes[:-5] * 1.05))

    def next(self):
        bar = len(self.data) - 1
        if bar in self.good and not self.position:
            self.buy()
        elif self.position and bar % 6 == 0:
            self.position.close()
