"""One bar out of hundreds, on which tomorrow's close is looked at."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.closes = np.array(self.data.Close)

    def next(self):
        bar = len(self.data) - 1
        if bar == 317 and self.closes[min(bar + 1, len(self.closes) - 1)] != self.closes[bar]:
            self.buy(size=0.5)
        elif bar == 340:
            self.position.close()
