"""The limit's price is the next bar's low."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.lows = np.array(self.data.Low)

    def next(self):
        bar = len(self.data) - 1
        if not self.position and bar % 7 == 0:
            for order in self.orders:
                order.cancel()
            self.buy(limit=self.lows[min(bar + 1, len(self.lows) - 1)], size=0.5)
        elif self.position and bar % 7 == 5:
            self.position.close()
